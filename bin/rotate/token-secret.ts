import { LOOK_EVERY_MS } from '../../lambdas/auth/token-keys.ts';
import {
  isRetiredLabel,
  LABELS,
  retiredLabel,
  signedUntil,
} from '../../lambdas/auth/token-secret-labels.ts';
import { DEVICE_TOKEN_DAYS } from '../../lambdas/auth/tokens.ts';

export interface SecretVersion {
  id: string;
  labels: readonly string[];
}

/** The token secret, as an operator changes it. */
export interface TokenSecretVersions {
  /** Those with labels. One is AWSCURRENT. */
  versions(): Promise<SecretVersion[]>;
  /** Adds a random one with a label that no other has, and tells its id. */
  add(label: string): Promise<string>;
  /**
   * Gives a label to a version, takes it from one, or moves it. AWSPREVIOUS goes to what AWSCURRENT
   * is taken from.
   */
  label(label: string, change: { to?: string; from?: string }): Promise<void>;
}

export interface RotateOptions {
  /** Milliseconds since 1970. */
  now: () => number;
  wait: (ms: number) => Promise<unknown>;
  tell: (line: string) => void;
}

const DAY_MS = 24 * 60 * 60 * 1_000;

/** A function that could not look knows a key with the next look. */
const WAIT_MS = 2 * LOOK_EVERY_MS;

/** How long another backend that signs with the same secret has to take up the new one. */
const TAKE_UP_MS = DAY_MS;

/** Of the 20 labels that a secret may have, for former versions; the others are those of LABELS. */
const MOST_RETIRED = 15;

/**
 * Replaces the secret that signs tokens, while people talk: nobody is logged out. The new version
 * signs when every function knows it. The former one is good for what it has signed, and ends by
 * itself with the last of those tokens.
 *
 * Wherever it ends, all versions are good that have signed something, so it can be run again: it
 * goes on with a version that does not sign yet.
 *
 * @returns the version that signs
 * @throws Error when too many former versions are still in use
 */
export async function rotateTokenSecret(
  secret: TokenSecretVersions,
  { now, wait, tell }: RotateOptions,
): Promise<{ id: string }> {
  const before = await forgetOver(secret, now());
  const pending = before.find(({ labels }) => labels.includes(LABELS.pending));
  if (pending?.labels.includes(LABELS.current)) {
    await secret.label(LABELS.pending, { from: pending.id });
    tell(`${pending.id} signs since the last run, which ended before it could say so.`);
    return { id: pending.id };
  }
  if (before.some(({ labels }) => labels.includes(LABELS.replacing)))
    throw new Error('A run with --leaked has not come to its end. Run that again first.');
  requireRoom(before);
  const id = pending?.id ?? (await secret.add(LABELS.pending));
  tell(`${pending ? 'Goes on with' : 'Made'} the version ${id}, which signs nothing yet.`);
  tell(`Waits ${WAIT_MS / 1_000} s, until every function knows it.`);
  await wait(WAIT_MS);

  const until = now() + TAKE_UP_MS;
  const current = currentOf(before);
  // Before AWSCURRENT and AWSPREVIOUS leave them: a version without a label would count for nothing.
  for (const version of before) {
    if (version.id !== id && isUnbounded(version)) await retire(secret, version, until);
  }
  await secret.label(LABELS.current, { to: id, from: current.id });
  await secret.label(LABELS.pending, { from: id });
  tell(`${id} signs from now on. Nobody was logged out.`);
  tell(
    `${current.id} is good for tokens that were signed until ${dayOf(until)} (UTC), and ends by itself with the last of them: refreshTokenDays later for logins.`,
  );
  tell(
    `Nothing is left to do, unless another backend signs tokens with this secret: give it the new value by then.`,
  );
  return { id };
}

/**
 * Replaces the secret at once, and ends every other version: what they signed is refused. For when
 * somebody has seen it. Run again, it goes on where it was.
 *
 * @returns the version that signs
 */
export async function replaceLeakedSecret(
  secret: TokenSecretVersions,
  { wait, tell }: Omit<RotateOptions, 'now'>,
): Promise<{ id: string }> {
  const before = await secret.versions();
  const begun = before.find(({ labels }) => labels.includes(LABELS.replacing));
  const id = begun?.id ?? (await secret.add(LABELS.replacing));
  const current = currentOf(before);
  if (current.id !== id) await secret.label(LABELS.current, { to: id, from: current.id });
  tell(`${begun ? 'Goes on with' : 'Made'} the version ${id}, which signs from now on.`);
  for (const version of await secret.versions()) {
    if (version.id !== id) await end(secret, version);
  }
  tell(`Every other version has ended. Waits ${WAIT_MS / 1_000} s, until every function knows it.`);
  await wait(WAIT_MS);
  await secret.label(LABELS.replacing, { from: id });
  tell('Everybody is logged out, but for sockets that are open: see docs/operations.md.');
  return { id };
}

/** Drops the labels of versions whose tokens are all over, that of devices among them. */
async function forgetOver(
  secret: TokenSecretVersions,
  now: number,
): Promise<readonly SecretVersion[]> {
  for (const version of await secret.versions()) {
    const until = signedUntil(version.labels);
    if (until !== undefined && until + DEVICE_TOKEN_DAYS * DAY_MS < now) await end(secret, version);
  }
  return await secret.versions();
}

/** @throws Error where there are as many versions as Secrets Manager has labels for */
function requireRoom(versions: readonly SecretVersion[]): void {
  const inUse = versions.flatMap(({ labels }) => {
    const until = signedUntil(labels);
    return until === undefined || labels.includes(LABELS.pending) ? [] : [until];
  });
  if (inUse.length <= MOST_RETIRED) return;
  const first = Math.min(...inUse) + DEVICE_TOKEN_DAYS * DAY_MS;
  throw new Error(
    `${inUse.length} versions have signed what may still be good: the first ends on ${dayOf(first)}. Rotate after that.`,
  );
}

const isUnbounded = ({ labels }: SecretVersion) => signedUntil(labels) === Number.POSITIVE_INFINITY;

function currentOf(versions: readonly SecretVersion[]): SecretVersion {
  const current = versions.find(({ labels }) => labels.includes(LABELS.current));
  if (current) return current;
  throw new Error('The token secret has no current version.');
}

const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);

/** It counts for nothing from then on. AWSPREVIOUS may stay: it is Secrets Manager's to move. */
async function end(secret: TokenSecretVersions, { id, labels }: SecretVersion): Promise<void> {
  if (labels.includes(LABELS.previous)) await moveTo(secret, LABELS.ended, id);
  for (const label of labels.filter((each) => isRetiredLabel(each) || each === LABELS.pending))
    await secret.label(label, { from: id });
}

/** Bounds what a version has signed, unless that has been done. */
async function retire(
  secret: TokenSecretVersions,
  { id, labels }: SecretVersion,
  until: number,
): Promise<void> {
  const wanted = retiredLabel(id, until);
  if (!labels.includes(wanted)) await secret.label(wanted, { to: id });
  for (const label of labels.filter((each) => isRetiredLabel(each) && each !== wanted))
    await secret.label(label, { from: id });
}

async function moveTo(secret: TokenSecretVersions, label: string, to: string): Promise<void> {
  const holder = (await secret.versions()).find(({ labels }) => labels.includes(label));
  if (holder?.id === to) return;
  await secret.label(label, { to, ...(holder && { from: holder.id }) });
}
