import { ParlorError } from '../../protocol/errors.ts';
import type { LoginAttemptStore, LoginAttempts, LoginCounter } from './ports/account-store.ts';
import type { Clock } from './ports/clock.ts';

/**
 * So many wrong passwords of one network, or one device, are free; then each doubles the wait, up to
 * five minutes: 24 attempts in the first hour, 12 in each later one.
 */
const FREE_FAILURES = 5;
const LONGEST_BLOCK_MS = 300_000;
const FORGOTTEN_AFTER_MS = 24 * 60 * 60 * 1_000;

/**
 * From all networks together a name has 38 attempts at once, and one more each minute, which may
 * come late by two: 100 in any hour, as OWASP's ASVS allows. Two networks don't use that up, whatever
 * they do.
 */
const ATTEMPTS_AT_ONCE = 38;
const TURN_MS = 60_000;
const TURN_LASTS_MS = 2 * TURN_MS;
/** An attempt that would have to wait for longer than an hour gets no turn; it may ask again after a minute. */
const LONGEST_QUEUE_MS = 60 * TURN_MS;

export interface ThrottlePorts {
  attempts: LoginAttemptStore;
  clock: Clock;
}

/** Somebody tries a password. */
export interface LoginAttempt {
  /** The account's, whether or not there is one. */
  userId: string;
  /** Where he does: an IPv4 address, or the first 64 bits of an IPv6 one. */
  network: string;
  /** The id of a device that has logged in to this account before. */
  device?: string | undefined;
}

/**
 * Counts an attempt before the password is looked at, so that many at once can't slip through
 * together. `forgive` it when the password was right.
 *
 * A device that has logged in before is counted by itself: nobody else can lock it out. All others
 * are counted by network, and by name over all networks. A network for which nothing is left there
 * gets a turn, a minute after the one before, and keeps it: so its wait is a minute at most for each
 * network that came before it.
 *
 * Works alike for names without an account: an answer must not tell whether there is one.
 *
 * @throws ParlorError `login_throttled`
 */
export async function countAttempt(ports: ThrottlePorts, attempt: LoginAttempt): Promise<void> {
  const counter = ownCounter(attempt);
  const { seen, next } = await countBy(ports, counter);
  if (attempt.device !== undefined || isItsTurn(seen, ports.clock.now())) return;

  const turn = await takeTurn(ports, attempt.userId);
  const now = ports.clock.now();
  if (turn <= now) return;
  // Nothing was tried: the network's failures stay what they were.
  const failures = next.failures - 1;
  const waiting =
    turn - now > LONGEST_QUEUE_MS
      ? { failures, blockedUntil: now + TURN_MS }
      : { failures, blockedUntil: turn, hasTurn: true };
  // When this fails, another attempt of the same network came between, and waits as it was told.
  await ports.attempts.replace(counter, next, waiting, forgottenAt(waiting));
  throw throttled(waiting.blockedUntil - now);
}

/** Forgets the attempts of whoever turns out to be the owner, and takes this one off the name's. */
export async function forgive(ports: ThrottlePorts, attempt: LoginAttempt): Promise<void> {
  await ports.attempts.clear(ownCounter(attempt));
  if (attempt.device !== undefined) return;
  const counter = nameCounter(attempt.userId);
  for (;;) {
    const seen = await ports.attempts.find(counter);
    if (!seen) return;
    const next = { failures: seen.failures - 1, blockedUntil: seen.blockedUntil - TURN_MS };
    const outcome = await ports.attempts.replace(counter, seen, next, forgottenAt(seen));
    if (outcome === 'written') return;
  }
}

const nameCounter = (userId: string): LoginCounter => ({ userId, of: 'all' });

const ownCounter = ({ userId, network, device }: LoginAttempt): LoginCounter => ({
  userId,
  of: device === undefined ? `from ${network}` : `on ${device}`,
});

/** Turns that were kept for longer could be saved up, and used all at once. */
const isItsTurn = (seen: LoginAttempts | undefined, now: number): boolean =>
  seen?.hasTurn === true && now < seen.blockedUntil + TURN_LASTS_MS;

/** @throws ParlorError `login_throttled` */
async function countBy(
  { attempts, clock }: ThrottlePorts,
  counter: LoginCounter,
): Promise<{ seen: LoginAttempts | undefined; next: LoginAttempts }> {
  for (;;) {
    const now = clock.now();
    const seen = await attempts.find(counter);
    if (seen && seen.blockedUntil > now) throw throttled(seen.blockedUntil - now);
    const next = afterFailure(seen, now);
    const outcome = await attempts.replace(counter, seen, next, forgottenAt(next));
    if (outcome === 'written') return { seen, next };
    // Another attempt came between: it counts, so look again.
  }
}

/**
 * Takes the next of the name's attempts. `blockedUntil` is its time: it lies in the past for as long
 * as some are left.
 *
 * @returns from when on it may be used; after LONGEST_QUEUE_MS none was taken
 */
async function takeTurn({ attempts, clock }: ThrottlePorts, userId: string): Promise<number> {
  const counter = nameCounter(userId);
  for (;;) {
    const now = clock.now();
    const seen = await attempts.find(counter);
    const turn = Math.max(seen?.blockedUntil ?? 0, now - (ATTEMPTS_AT_ONCE - 1) * TURN_MS);
    if (turn - now > LONGEST_QUEUE_MS) return turn;
    const next = { failures: (seen?.failures ?? 0) + 1, blockedUntil: turn + TURN_MS };
    const outcome = await attempts.replace(counter, seen, next, forgottenAt(next));
    if (outcome === 'written') return turn;
  }
}

function afterFailure(seen: LoginAttempts | undefined, now: number): LoginAttempts {
  const remembered = seen && now < forgottenAt(seen) ? seen.failures : 0;
  const failures = remembered + 1;
  const beyond = failures - FREE_FAILURES;
  const block = beyond < 0 ? 0 : Math.min(LONGEST_BLOCK_MS, 1_000 * 2 ** beyond);
  return { failures, blockedUntil: now + block };
}

const forgottenAt = ({ blockedUntil }: LoginAttempts) => blockedUntil + FORGOTTEN_AFTER_MS;

function throttled(waitMs: number): ParlorError {
  const seconds = Math.ceil(waitMs / 1_000);
  return new ParlorError(
    'login_throttled',
    `Request was throttled. Expected available in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`,
    { retryAfter: seconds },
  );
}
