import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { loadCode } from './code.ts';
import { runInProcess } from './run-in-process.ts';
import { simulate } from './simulate.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The suite's share; `npm run sim` tries as many as are asked for. */
const SEEDS = 100;
const LONGEST_MS = 120_000;

describe('the chat under simulated faults', () => {
  test(
    `keeps its promises over ${SEEDS} seeds`,
    async () => {
      const { code, printed } = await runInProcess('--seeds', String(SEEDS));
      expect(printed.slice(-2_000)).toMatch(new RegExp(`^${SEEDS} seeds in `));
      expect(code).toBe(0);
    },
    LONGEST_MS,
  );

  test('does the same again with the same seed', async () => {
    const code = await loadCode(ROOT);
    const [first, second] = [
      await simulate({ seed: 5, code, traced: true }),
      await simulate({ seed: 5, code, traced: true }),
    ];
    expect(first.trace.length).toBeGreaterThan(100);
    expect(second.trace).toEqual(first.trace);
  });

  test('does something else with another seed', async () => {
    const code = await loadCode(ROOT);
    const [first, second] = [
      await simulate({ seed: 5, code, traced: true }),
      await simulate({ seed: 6, code, traced: true }),
    ];
    expect(second.trace).not.toEqual(first.trace);
  });
});
