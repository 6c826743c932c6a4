import type { Random } from '../../lambdas/chat/ports/clock.ts';

/** Ids `id-1`, `id-2`, ...; the same fractions for the same seed. */
export function fakeRandom(seed = 1): Random {
  let ids = 0;
  let state = seed;
  return {
    id() {
      ids++;
      return `id-${ids}`;
    },
    /** mulberry32 */
    fraction() {
      state = (state + 0x6d2b79f5) | 0;
      let t = Math.imul(state ^ (state >>> 15), 1 | state);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
    },
  };
}
