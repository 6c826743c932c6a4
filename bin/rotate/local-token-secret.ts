import { randomUUID } from 'node:crypto';
import { LABELS } from '../../lambdas/auth/token-secret-labels.ts';
import {
  type LocalVersion,
  newSecret,
  readVersions,
  writeVersions,
} from '../../local/token-secret.ts';
import type { TokenSecretVersions } from './token-secret.ts';

/** The secret in a data folder. A chat that runs there finds what changed, as deployed functions do. */
export function localTokenSecretVersions(folder: string): TokenSecretVersions {
  /** Gives a label to one version at most, as Secrets Manager does. */
  async function move(label: string, to: string | undefined, added?: LocalVersion): Promise<void> {
    const before = await readVersions(folder);
    const holder = before.find(({ labels }) => labels.includes(label))?.id;
    const isHandedOn = label === LABELS.current && holder !== undefined && holder !== to;
    const versions = (added ? [...before, added] : before).map((version) => {
      const others = version.labels.filter(
        (each) => each !== label && !(isHandedOn && each === LABELS.previous),
      );
      const gets = [
        ...(version.id === to ? [label] : []),
        ...(isHandedOn && version.id === holder ? [LABELS.previous] : []),
      ];
      return { ...version, labels: [...gets, ...others] };
    });
    // A version without a label is good for nothing, and a file keeps what it is given.
    await writeVersions(
      folder,
      versions.filter(({ labels }) => labels.length > 0),
    );
  }

  return {
    versions: () => readVersions(folder),
    async add(label) {
      const id = randomUUID();
      await move(label, id, { id, labels: [], text: newSecret() });
      return id;
    },
    label: (label, { to }) => move(label, to),
  };
}
