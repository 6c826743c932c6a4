import { beforeAll, describe, expect, test } from '@jest/globals';
import { MISTAKES } from './mistakes.ts';
import { runInProcess } from './run-in-process.ts';

const SEEDS = 2_000;
const LONGEST_MS = 240_000;

interface Found {
  mistake: string;
  /** Which promise was broken; none where no seed showed the mistake. */
  promise?: string;
}

describe('the simulator', () => {
  const broken = new Map<string, string | undefined>();

  beforeAll(async () => {
    const { printed } = await runInProcess('--mistakes', '--seeds', String(SEEDS));
    for (const [line] of printed.matchAll(/^\{.*\}$/gm)) {
      const { mistake, promise }: Found = JSON.parse(line);
      broken.set(mistake, promise);
    }
    // Where it crashed, this shows what it said.
    if (broken.size < MISTAKES.length) throw new Error(printed.slice(-2_000));
  }, LONGEST_MS);

  test.each(MISTAKES)(`finds within ${SEEDS} seeds: $name`, ({ name, breaks }) => {
    expect(breaks).toContain(broken.get(name));
  });

  test('has at least the twelve mistakes that everybody makes', () => {
    expect(MISTAKES.length).toBeGreaterThanOrEqual(12);
    expect(new Set(MISTAKES.map(({ name }) => name)).size).toBe(MISTAKES.length);
  });
});
