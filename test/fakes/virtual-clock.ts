import type { Clock } from '../../lambdas/chat/ports/clock.ts';
import { START, turn } from './fake-clock.ts';

/**
 * A clock for many at once: whoever sleeps is woken in the order of time, and time moves on only
 * when nobody has anything else to do. Two seconds of two hundred writers take some milliseconds.
 */
export function virtualClock(start = START): Clock {
  let time = start;
  let running = false;
  const sleepers: { until: number; wake: () => void }[] = [];

  async function run(): Promise<void> {
    running = true;
    for (;;) {
      await turn();
      sleepers.sort((a, b) => a.until - b.until);
      const next = sleepers.shift();
      if (!next) break;
      time = Math.max(time, next.until);
      next.wake();
    }
    running = false;
  }

  return {
    now: () => Math.floor(time),
    sleep: (ms) =>
      new Promise((wake) => {
        sleepers.push({ until: time + ms, wake });
        if (!running) void run();
      }),
  };
}
