import { LOOK_EVERY_MS, SHOWN_LABEL } from '../../lambdas/auth/edge-key.ts';

/** A version of the secret. */
export interface KeyVersion {
  id: string;
  labels: readonly string[];
}

/** The secret, the edge that shows it, and what has the edge show another version. */
export interface EdgeKeys {
  /** All that were not deleted, with and without labels. One is AWSCURRENT. */
  versions(): Promise<KeyVersion[]>;
  valueOf(id: string): Promise<string>;
  /** Adds a random one, which is AWSCURRENT from then on, and tells its id. */
  add(): Promise<string>;
  /** Gives a label to a version, and takes it from the one that had it. */
  label(label: string, id: string, from: string | undefined): Promise<void>;
  /** The key that the edge is configured to show. */
  shown(): Promise<string>;
  /** @throws Error when the deployment failed and went back */
  deploy(id: string): Promise<void>;
}

export interface RotateOptions {
  wait: (ms: number) => Promise<unknown>;
  tell: (line: string) => void;
}

/**
 * Replaces the key by which the edge is known, while people talk. The functions admit the current
 * key, the one before, and the one with SHOWN_LABEL, which is always on what the edge shows here:
 * so nobody is refused, wherever this ends, and it can be run again. A run that finds a key which
 * the edge has not taken up goes on with that one.
 *
 * @throws Error when the deployment failed, or the edge shows the old key after it
 */
export async function rotateEdgeKey(
  keys: EdgeKeys,
  { wait, tell }: RotateOptions,
): Promise<{ id: string }> {
  const versions = await keys.versions();
  const shown = await shownOf(keys, versions);
  if (shown) await moveLabel(keys, versions, shown.id);
  else
    tell('The edge shows a key that is no longer in the secret: nobody gets in until it is done.');
  const current = versions.find(({ labels }) => labels.includes('AWSCURRENT'));
  const isWaiting = current !== undefined && current.id !== shown?.id;
  const id = isWaiting ? current.id : await keys.add();
  tell(
    isWaiting
      ? `Goes on with the key ${id}, which the edge does not show yet.`
      : `Made the key ${id}.`,
  );
  // Functions that have just looked look again by then, and know the new key before it is shown.
  tell(`Waits ${LOOK_EVERY_MS / 1_000} s, until every function would look for it.`);
  await wait(LOOK_EVERY_MS);
  await keys.deploy(id);
  if ((await keys.shown()) !== (await keys.valueOf(id)))
    throw new Error('The deployment went through, and the edge still shows another key.');
  await moveLabel(keys, await keys.versions(), id);
  return { id };
}

async function shownOf(
  keys: EdgeKeys,
  versions: readonly KeyVersion[],
): Promise<KeyVersion | undefined> {
  const shown = await keys.shown();
  for (const version of versions) if ((await keys.valueOf(version.id)) === shown) return version;
  return undefined;
}

async function moveLabel(
  keys: EdgeKeys,
  versions: readonly KeyVersion[],
  to: string,
): Promise<void> {
  const from = versions.find(({ labels }) => labels.includes(SHOWN_LABEL))?.id;
  if (from !== to) await keys.label(SHOWN_LABEL, to, from);
}
