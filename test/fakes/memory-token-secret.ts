import type { TokenSecretStore } from '../../lambdas/auth/token-keys.ts';
import { LABELS } from '../../lambdas/auth/token-secret-labels.ts';

/** A secret whose versions move their labels as Secrets Manager does, and what was asked of it. */
export function memoryTokenSecret(first: Uint8Array | string) {
  const bytes = (value: Uint8Array | string) =>
    typeof value === 'string' ? new TextEncoder().encode(value) : value;
  const versions = new Map<string, { secret: Uint8Array; labels: Set<string> }>();
  const asked: string[] = [];
  let broken = false;

  const holderOf = (label: string) =>
    [...versions].find(([, { labels }]) => labels.has(label))?.[0];
  /** @throws Error where Secrets Manager would refuse it */
  function label(name: string, to: string | undefined, from: string | undefined) {
    const holder = holderOf(name);
    if (holder !== undefined && holder !== from) throw new Error(`${name} is on ${holder}.`);
    if (name === LABELS.current && to === undefined) throw new Error('One has to be current.');
    if (from !== undefined) versions.get(from)?.labels.delete(name);
    if (to === undefined) return;
    versions.get(to)?.labels.add(name);
    if (name === LABELS.current && from !== undefined && from !== to) {
      for (const { labels } of versions.values()) labels.delete(LABELS.previous);
      versions.get(from)?.labels.add(LABELS.previous);
    }
  }
  function put(secret: Uint8Array | string, labels: readonly string[] = [LABELS.current]) {
    const id = `version-${versions.size + 1}`;
    versions.set(id, { secret: bytes(secret), labels: new Set() });
    for (const each of labels) label(each, id, holderOf(each));
    return id;
  }
  put(first);

  const store: TokenSecretStore = {
    async versions() {
      asked.push('versions');
      if (broken) throw new Error('The store is down.');
      return new Map(
        [...versions].flatMap(([id, { labels }]) => (labels.size > 0 ? [[id, [...labels]]] : [])),
      );
    },
    async read(wanted) {
      asked.push(wanted ?? 'current');
      if (broken) throw new Error('The store is down.');
      const id = wanted ?? holderOf(LABELS.current) ?? '';
      const version = versions.get(id);
      if (!version) throw new Error(`There is no version ${id}.`);
      return { id, secret: version.secret };
    },
  };
  return {
    store,
    asked,
    label,
    put,
    holderOf,
    labelsOf: (id: string) => [...(versions.get(id)?.labels ?? [])],
    breaks: (isBroken: boolean) => {
      broken = isBroken;
    },
  };
}
