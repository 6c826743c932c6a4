import type { Surroundings } from './options.ts';

/**
 * How long to wait before the next attempt: drawn from 0 to a bound that doubles, so that the many
 * who lost the same server don't come back at the same moment ("full jitter").
 *
 * @param attempt 0 for the first
 * @param random from 0 to 1
 * @returns milliseconds
 */
export function fullJitter(
  attempt: number,
  { backoffMin, backoffMax }: { backoffMin: number; backoffMax: number },
  random: number,
): number {
  return random * Math.min(backoffMax, backoffMin * 2 ** attempt);
}

/**
 * How long to wait after a failure: full jitter, and what the server asks for at least.
 *
 * @param failures in a row, before this one
 * @param retryAfter seconds
 * @returns milliseconds
 */
export function pauseAfter(
  failures: number,
  { platform, timing }: Surroundings,
  retryAfter = 0,
): number {
  return Math.max(fullJitter(failures, timing, platform.random()), retryAfter * 1_000);
}
