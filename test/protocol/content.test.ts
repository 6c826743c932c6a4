import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { contentProblem, mendedContent } from '../../protocol/content.ts';

describe('a character that may not be sent', () => {
  test.each([
    ['a\u000bb', 2, 'U+000B'],
    ['it\u0092s', 3, 'U+0092'],
    ['\u001b[31mred', 1, 'U+001B'],
    ['🙂🙂\u000c', 3, 'U+000C'],
    ['one\ntwo\u007f\u0001', 8, 'U+007F'],
    ['x\ud83d', 2, 'U+D83D'],
    ['🙂\ude42🙂', 2, 'U+DE42'],
  ])('is named, with its place: %j', (content, place, what) => {
    expect(contentProblem(content)).toEqual({
      code: 'content_invalid',
      message: `Character ${place} of the message is ${what}, which shows nothing. Take it out.`,
    });
  });
});

describe('a mended text', () => {
  test.each([
    ['a\u000bb', 'a\nb'],
    ['one\u000ctwo\u0085three', 'one\ntwo\nthree'],
    ['it\u0092s', 'its'],
    ['\u001b[31mred\u001b[0m', '[31mred[0m'],
    ['a\u0000b\u007fc', 'abc'],
    ['half \ud83d pair 🙂', 'half  pair 🙂'],
    ['\tstays\r\nas it is ', '\tstays\r\nas it is '],
  ])('has neither in it: %j', (text, mended) => {
    expect(mendedContent(text)).toBe(mended);
  });

  test('is never refused for its characters, and is mended once and for all', () => {
    const text = fc.string({
      unit: fc.integer({ min: 0, max: 0xffff }).map((n) => String.fromCharCode(n)),
      maxLength: 200,
    });
    fc.assert(
      fc.property(text, (given) => {
        const mended = mendedContent(given);
        expect(contentProblem(`.${mended}`)).toBeUndefined();
        expect(mendedContent(mended)).toBe(mended);
        if (contentProblem(given) === undefined) expect(mended).toBe(given);
      }),
    );
  });
});
