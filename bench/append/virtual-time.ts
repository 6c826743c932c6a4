import type { Clock, Random } from '../../lambdas/chat/ports/clock.ts';

/** A clock on which an hour takes as long as its events do. */
export interface VirtualTime extends Clock {
  /** Lets everything happen that happens before `end`, in milliseconds. */
  runUntil(end: number): Promise<void>;
}

interface Sleeper {
  at: number;
  wake(): void;
}

export function virtualTime(): VirtualTime {
  let now = 0;
  const sleepers: Sleeper[] = [];

  return {
    now: () => now,
    sleep: (ms) =>
      new Promise((wake) => {
        push(sleepers, { at: now + Math.max(0, ms), wake });
      }),
    async runUntil(end) {
      for (;;) {
        // Whoever can go on without time passing goes on first.
        await new Promise((resolve) => setImmediate(resolve));
        const next = sleepers[0];
        if (!next || next.at > end) return;
        now = next.at;
        pop(sleepers);
        next.wake();
      }
    },
  };
}

/** A binary heap: tens of thousands sleep at once. */
function push(heap: Sleeper[], sleeper: Sleeper): void {
  let index = heap.push(sleeper) - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent];
    if (!above || above.at <= sleeper.at) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = sleeper;
}

function pop(heap: Sleeper[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let index = 0;
  for (;;) {
    let child = 2 * index + 1;
    const [left, right] = [heap[child], heap[child + 1]];
    if (!left) break;
    if (right && right.at < left.at) child++;
    const least = heap[child];
    if (!least || least.at >= last.at) break;
    heap[index] = least;
    index = child;
  }
  heap[index] = last;
}

/** Chance that comes out the same in every run (mulberry32). */
export function seededRandom(seed: number): Random & { exponential(mean: number): number } {
  let state = seed;
  let ids = 0;
  function fraction(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  return {
    fraction,
    id: () => `${String(++ids).padStart(32, '0')}${'abcd'[ids % 4]}`,
    exponential: (mean) => -mean * Math.log(1 - fraction()),
  };
}
