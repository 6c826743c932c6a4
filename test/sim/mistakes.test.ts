import { describe, expect, test } from '@jest/globals';
import { MISTAKES } from './mistakes.ts';
import { runInProcess } from './run-in-process.ts';

const SEEDS = 2_000;
const LONGEST_MS = 120_000;

/** What the last line but one of a run that failed says: which promise was broken. */
const BROKEN = /^seed \d+ breaks a promise: (.+?): /m;

describe('the simulator', () => {
  test.each(MISTAKES)(
    `finds within ${SEEDS} seeds: $name`,
    async ({ name, breaks }) => {
      const { code, printed } = await runInProcess('--seeds', String(SEEDS), '--mistake', name);
      const [, promise] = BROKEN.exec(printed) ?? [printed.slice(-2_000)];
      expect(breaks).toContain(promise);
      expect(code).toBe(1);
    },
    LONGEST_MS,
  );

  test('has at least the twelve mistakes that everybody makes', () => {
    expect(MISTAKES.length).toBeGreaterThanOrEqual(12);
    expect(new Set(MISTAKES.map(({ name }) => name)).size).toBe(MISTAKES.length);
  });
});
