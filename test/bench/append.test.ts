import { describe, expect, test } from '@jest/globals';
import { runRoom } from '../../bench/append/room.ts';
import { SETTLED_AFTER_MS, STEP_MS, settling } from '../../bench/append.ts';

const SECONDS = 1.5;

describe('a room in which 1,000 messages a second are said at once', () => {
  test.each([10, 28])('answers as fast as ever within half a second (seed %i)', async (seed) => {
    const { sent, stored, answers } = await runRoom('group', 1_000, SECONDS, seed);
    expect(stored).toBe(sent);
    expect(answers).toHaveLength(sent);
    const { steps, steady } = settling(answers, (SECONDS * 1_000) / STEP_MS);
    expect(steady).toBeLessThan(150);
    for (const p99 of steps.slice(SETTLED_AFTER_MS / STEP_MS)) {
      expect(p99).toBeLessThan(1.25 * steady);
    }
  });
});
