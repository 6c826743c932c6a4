import { describe, expect, test } from '@jest/globals';
import { inBoth } from '../../web/room/use-shown.ts';

describe('what was on the screen for a while', () => {
  test('is what two looks in a row show', () => {
    expect(inBoth({ first: 118, last: 127 }, { first: 116, last: 125 })).toEqual({
      first: 118,
      last: 125,
    });
    expect(inBoth({ first: 5, last: 9 }, { first: 5, last: 9 })).toEqual({ first: 5, last: 9 });
    expect(inBoth({ first: 5, last: 9 }, { first: 9, last: 14 })).toEqual({ first: 9, last: 9 });
  });

  test('is nothing when the second look shows something else, or there was no first', () => {
    expect(inBoth({ first: 300, last: 310 }, { first: 118, last: 127 })).toBeUndefined();
    expect(inBoth(undefined, { first: 118, last: 127 })).toBeUndefined();
    expect(inBoth({ first: 118, last: 127 }, undefined)).toBeUndefined();
  });
});
