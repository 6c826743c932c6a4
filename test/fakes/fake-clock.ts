import type { Clock } from '../../lambdas/chat/ports/clock.ts';

export interface FakeClock extends Clock {
  /** Moves time on. */
  advance(ms: number): void;
  /** Puts time anywhere, the past included. */
  set(now: number): void;
  /** How long each `sleep` was meant to be, in milliseconds. */
  readonly sleeps: readonly number[];
}

/** Sunday, 22 November 2026, 10:54:01.947 UTC. */
export const START = Date.UTC(2026, 10, 22, 10, 54, 1, 947);

/**
 * A clock that only moves when it is told to, or when somebody sleeps: `sleep` moves it on by as
 * much and lets everything else that is ready run first, without ever waiting.
 */
export function fakeClock(start = START): FakeClock {
  let time = start;
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => time,
    async sleep(ms) {
      sleeps.push(ms);
      time += Math.ceil(ms);
      await turn();
    },
    advance(ms) {
      time += ms;
    },
    set(now) {
      time = now;
    },
  };
}

/** Lets whatever is ready run. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
