import { ParlorError } from '../../protocol/errors.ts';
import type { LoginAttemptStore, LoginAttempts } from './ports/account-store.ts';
import type { Clock } from './ports/clock.ts';

/**
 * So many wrong passwords are free; then each doubles the wait, up to 40 s: with the free ones and
 * the short waits of the first minute that makes 99 attempts in the first hour, and fewer later.
 */
const FREE_FAILURES = 5;
const LONGEST_BLOCK_MS = 40_000;
const FORGOTTEN_AFTER_MS = 24 * 60 * 60 * 1_000;

export interface ThrottlePorts {
  attempts: LoginAttemptStore;
  clock: Clock;
}

/**
 * Counts an attempt before the password is looked at, so that many at once can't slip through
 * together. `forgive` it when the password was right.
 *
 * Works alike for names without an account: an answer must not tell whether there is one.
 *
 * @throws ParlorError `login_throttled`
 */
export async function countAttempt(ports: ThrottlePorts, accountId: string): Promise<void> {
  for (;;) {
    const now = ports.clock.now();
    const seen = await ports.attempts.find(accountId);
    if (seen && seen.blockedUntil > now) throw throttled(seen.blockedUntil - now);
    const next = afterFailure(seen, now);
    const forgottenAt = next.blockedUntil + FORGOTTEN_AFTER_MS;
    const outcome = await ports.attempts.replace(accountId, seen, next, forgottenAt);
    if (outcome === 'written') return;
    // Another attempt came between: it counts, so look again.
  }
}

/** Forgets the attempts under a name, for its owner has come. */
export async function forgive(ports: ThrottlePorts, accountId: string): Promise<void> {
  await ports.attempts.clear(accountId);
}

function afterFailure(seen: LoginAttempts | undefined, now: number): LoginAttempts {
  const remembered = seen && now < seen.blockedUntil + FORGOTTEN_AFTER_MS ? seen.failures : 0;
  const failures = remembered + 1;
  const beyond = failures - FREE_FAILURES;
  const block = beyond < 0 ? 0 : Math.min(LONGEST_BLOCK_MS, 1_000 * 2 ** beyond);
  return { failures, blockedUntil: now + block };
}

function throttled(waitMs: number): ParlorError {
  const seconds = Math.ceil(waitMs / 1_000);
  return new ParlorError(
    'login_throttled',
    `Request was throttled. Expected available in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`,
    { retryAfter: seconds },
  );
}
