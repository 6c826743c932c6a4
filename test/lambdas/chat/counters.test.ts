import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { filledIn, toBeStored, withMessage } from '../../../lambdas/chat/counters.ts';

test('what was stored without counters is a message that follows messages', () => {
  expect(filledIn(7, {})).toEqual({ n: 7, m: 7, p: 0, g: 0 });
  expect(toBeStored(7, { n: 7, m: 7, p: 0, g: 0 })).toEqual({});
});

test('a message counts itself, and passes on the rest', () => {
  expect(withMessage({ seq: 8, n: 4, m: 6, p: 3, g: 2 })).toEqual({ n: 5, m: 9, p: 3, g: 2 });
});

test('what is stored is filled in as it was', () => {
  const count = fc.nat(9);
  fc.assert(
    fc.property(count, fc.record({ n: count, m: count, p: count, g: count }), (seq, counters) => {
      expect(filledIn(seq, toBeStored(seq, counters))).toEqual(counters);
    }),
  );
});
