import { expect, test } from '@jest/globals';
import { fullJitter } from '../../web/backoff.ts';

test('the bound of the wait doubles with each attempt, up to half a minute', () => {
  expect([0, 1, 2, 3].map((attempt) => fullJitter(attempt, 1))).toEqual([500, 1000, 2000, 4000]);
  expect(fullJitter(60, 1)).toBe(30_000);
});

test('the wait is anything below its bound', () => {
  expect(fullJitter(4, 0)).toBe(0);
  expect(fullJitter(2, 0.25)).toBe(500);
});
