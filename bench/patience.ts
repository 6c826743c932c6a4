import { setTimeout as sleep } from 'node:timers/promises';

const LONGEST_MS = 60_000;
const PAUSE_MS = 500;

/**
 * Tries until it succeeds: a busy machine, or a chat that is being stormed, may refuse for a while.
 *
 * @param what for the error, where it never does
 * @param attempt may be called several times, and so must do no harm when repeated
 * @throws Error with the last failure, after a minute
 */
export async function patiently<Result>(
  what: string,
  attempt: () => Promise<Result>,
  { longestMs = LONGEST_MS, pauseMs = PAUSE_MS } = {},
): Promise<Result> {
  const deadline = performance.now() + longestMs;
  for (;;) {
    try {
      return await attempt();
    } catch (failure) {
      if (performance.now() >= deadline) {
        throw new Error(`${what}: ${reasonOf(failure)}, for ${longestMs / 1_000} s.`);
      }
      await sleep(pauseMs);
    }
  }
}

/** Why something failed, in a line. */
export function reasonOf(failure: unknown): string {
  if (!(failure instanceof Error)) return String(failure);
  // Of fetch, the reason stands behind it; of several addresses, each has its own.
  const { message, cause, code } = failure as Error & { code?: string };
  const own = message || code || failure.name;
  return cause === undefined ? own : `${own} (${reasonOf(cause)})`;
}
