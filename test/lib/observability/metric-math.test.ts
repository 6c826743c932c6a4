import { expect, test } from '@jest/globals';
import { evaluateMath } from './metric-math.ts';

const VALUES = new Map([
  ['a', 6],
  ['b', 2],
  ['none', undefined],
]);

test.each([
  ['1 + 2 * 3 - 4', 3],
  ['(1 + 2) * 3', 9],
  ['a / b', 3],
  ['a / 0', undefined],
  ['a > b', 1],
  ['a + none', undefined],
  ['FILL(none, 0) + a', 6],
  ['FILL(b, 0) - 0.5', 1.5],
  ['IF(a > b, a - b, 0)', 4],
  ['IF(b > a, b, 0)', 0],
  ['IF(none > a, 1, 0)', undefined],
])('%s is %p', (expression, value) => {
  expect(evaluateMath(expression, VALUES)).toBe(value);
});

test.each(['a +', 'c', 'SEARCH(a)', 'a b', 'FILL(a)', '(a', 'a < b'])('%s is refused', (text) => {
  expect(() => evaluateMath(text, VALUES)).toThrow('another kind');
});
