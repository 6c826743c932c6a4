import { describe, expect, test } from '@jest/globals';
import { problemsOf } from '../../../smoke/contract/verdict.ts';

const WELL = {
  operations: { total: 17, tested: 17, errored: 0 },
  test_cases: { generated: 492, errored: 0 },
  failures: [] as { title: string; operations: string[] }[],
};
const problems = (code: number, given: object = {}) =>
  problemsOf(code, JSON.stringify({ ...WELL, ...given }), 17);

describe('a run by the contract', () => {
  test('is well when each operation was tried and nothing was found', () => {
    expect(problems(0)).toEqual([]);
  });

  test.each([
    [
      { failures: [{ title: 'Server error', operations: ['GET /api/me/'] }] },
      'Server error: GET /api/me/',
    ],
    [
      { operations: { total: 16, tested: 16, errored: 0 } },
      'The contract has 17 operations, and 16 were found in it.',
    ],
    [
      { operations: { total: 17, tested: 12, errored: 2 } },
      'Of 17 operations 12 were tried, 2 came to no answer.',
    ],
    [
      { test_cases: { generated: 30, errored: 0 } },
      'Only 30 requests were made, and 0 came to no answer.',
    ],
  ])('is not well, whatever the exit code: %j', (given, sentence) => {
    expect(problems(0, given)).toEqual([sentence]);
  });

  test('is not well when it ended badly and its report says nothing of it', () => {
    expect(problems(2)).toEqual(['Schemathesis ended with 2.']);
  });

  test('without a report that can be read throws', () => {
    expect(() => problemsOf(0, '{}', 17)).toThrow();
  });
});
