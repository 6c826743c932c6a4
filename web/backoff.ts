const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/**
 * How long to wait before an attempt: anything from 0 to a bound that doubles, so that the many
 * who lost the same server don't come back at the same moment.
 *
 * @param attempt 0 for the first
 * @returns milliseconds
 */
export const fullJitter = (attempt: number, random = Math.random()): number =>
  random * Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt);
