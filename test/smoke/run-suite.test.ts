import { describe, expect, test } from '@jest/globals';
import type { Check } from '../../smoke/check.ts';
import { allIsWell, summary, tablePrinter } from '../../smoke/report.ts';
import { type Result, runSuite } from '../../smoke/run-suite.ts';

const holds: Check<string> = { name: 'holds', run: async () => {} };
const fails: Check<string> = {
  name: 'fails',
  run: (subject) => Promise.reject(new Error(`not of ${subject}`)),
};

describe('a run of checks', () => {
  const run = async (checks: readonly Check<string>[], differences = new Map()) => {
    const told: Result[] = [];
    const groups = [{ title: 'group', checks }];
    const results = await runSuite('subject', groups, (result) => told.push(result), differences);
    expect(told).toEqual(results);
    return results;
  };

  test('asks each, whatever became of the one before', async () => {
    const results = await run([fails, holds]);
    expect(results).toEqual([
      {
        group: 'group',
        check: 'fails',
        outcome: 'failed',
        ms: expect.any(Number),
        why: 'not of subject',
      },
      { group: 'group', check: 'holds', outcome: 'passed', ms: expect.any(Number) },
    ]);
  });

  test('does not ask what rests on a known difference, and says which', async () => {
    const results = await run(
      [{ ...fails, needs: ['subprotocol'] }, holds],
      new Map([['subprotocol', 'It drops it.']]),
    );
    expect(results.map(({ outcome, why }) => [outcome, why])).toEqual([
      ['not asked', 'It drops it.'],
      ['passed', undefined],
    ]);
  });

  test('waits for none for ever', async () => {
    const hangs = { name: 'hangs', patienceMs: 20, run: () => new Promise<void>(() => {}) };
    const [result] = await run([hangs]);
    expect(result).toMatchObject({ outcome: 'failed', why: 'No end after 0.02 seconds.' });
  });

  test('takes what a listener throws for a failure', async () => {
    const throws = {
      name: 'throws',
      run: () => {
        process.emit('uncaughtException', new Error('in a listener'));
        return new Promise<void>(() => {});
      },
    };
    const before = process.listenerCount('uncaughtException');
    const [result] = await run([throws]);
    expect(result).toMatchObject({ outcome: 'failed', why: 'in a listener' });
    expect(process.listenerCount('uncaughtException')).toBe(before);
  });
});

describe('the report of a run', () => {
  const results: Result[] = [
    { group: 'one', check: 'a', outcome: 'passed', ms: 12 },
    { group: 'one', check: 'b', outcome: 'failed', ms: 3, why: '\u001b[31mred\u001b[39m\nline' },
    { group: 'two', check: 'c', outcome: 'not asked', ms: 0, why: 'It differs.' },
    { group: 'two', check: 'd', outcome: 'not asked', ms: 0, why: 'It differs.' },
  ];

  test('is a table by groups, with why a check failed', () => {
    const lines: string[] = [];
    results.forEach(tablePrinter((line) => lines.push(...line.split('\n'))));
    expect(lines.map((line) => line.replaceAll(/ {2,}/g, '  '))).toEqual([
      '',
      'one',
      '  a  12 ms  ok',
      '  b  3 ms  FAILED',
      '  red',
      '  line',
      '',
      'two',
      '  c  -',
      '  d  -',
    ]);
    expect(lines[2]?.length).toBe(lines[8]?.length && lines[8].length + 1);
  });

  test('ends with a count, and each reason once', () => {
    expect(summary(results, 1_600)).toBe(
      '1 passed, 1 failed, 2 not asked, in 2 s.\n  not asked: It differs.',
    );
  });

  test('is good when something was asked and nothing failed', () => {
    expect(allIsWell(results)).toBe(false);
    expect(allIsWell(results.filter(({ outcome }) => outcome !== 'failed'))).toBe(true);
    expect(allIsWell(results.filter(({ outcome }) => outcome === 'not asked'))).toBe(false);
    expect(allIsWell([])).toBe(false);
  });
});
