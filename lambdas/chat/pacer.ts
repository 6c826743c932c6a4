import type { Clock } from './ports/clock.ts';

/**
 * Spreads calls over time: at most `perSecond` on average, with a tenth of a second's worth at
 * once.
 *
 * @returns a function to await before each call
 */
export function pacer(clock: Clock, perSecond: number): () => Promise<void> {
  const interval = 1_000 / perSecond;
  const burst = 100;
  let next = clock.now() - burst;
  return async () => {
    const now = clock.now();
    next = Math.max(next, now - burst) + interval;
    if (next > now) await clock.sleep(next - now);
  };
}
