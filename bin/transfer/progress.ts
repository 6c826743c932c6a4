import type { Clock } from '../../lambdas/chat/ports/clock.ts';

const EVERY_MS = 1_000;

/** Says how far something has come, once a second at most. */
export interface Progress {
  /** @param text asked for only when it is shown */
  at(text: () => string): void;
}

/** @param say takes a line, for example console.error: progress is no result */
export function everySecond(clock: Pick<Clock, 'now'>, say: (line: string) => void): Progress {
  let next = clock.now() + EVERY_MS;
  return {
    at(text) {
      if (clock.now() < next) return;
      next = clock.now() + EVERY_MS;
      say(text());
    },
  };
}
