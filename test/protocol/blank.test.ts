import { describe, expect, test } from '@jest/globals';
import { holdsUnseen, isBlank, withoutUnseen } from '../../protocol/blank.ts';

/** One of each kind, from a space to what only looks like a letter to a program. */
const UNSEEN = [
  0x09, 0x0a, 0x20, 0x85, 0xa0, 0x1680, 0x2003, 0x2028, 0x202f, 0x3000, 0xad, 0x34f, 0x61c, 0x115f,
  0x17b4, 0x180e, 0x200b, 0x200d, 0x202e, 0x2060, 0x2069, 0x2800, 0x3164, 0xfe0f, 0xfeff, 0xffa0,
  0xfff9, 0x13441, 0x16fe4, 0x1d159, 0xe0041, 0x01, 0x1b, 0x92,
].map((code) => String.fromCodePoint(code));

describe('a text is blank', () => {
  test.each(UNSEEN)('when there is nothing in it but %j', (character) => {
    expect(isBlank(character)).toBe(true);
    expect(isBlank(character.repeat(3))).toBe(true);
    expect(isBlank(`${character}a${character}`)).toBe(false);
  });

  test('when there is nothing in it at all, or all of these together', () => {
    expect(isBlank('')).toBe(true);
    expect(isBlank(UNSEEN.join(''))).toBe(true);
  });

  test.each(['.', '🙂', '👩‍💻', '❤️', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', 'ㅤㅏ', '⠁', '\u0301', '؀', '\ud83d'])(
    'unless something shows, as in %j',
    (text) => {
      expect(isBlank(text)).toBe(false);
    },
  );
});

test('what is not seen is found among what is, and taken out', () => {
  expect(holdsUnseen('ad\u00admin')).toBe(true);
  expect(holdsUnseen('admin 1')).toBe(false);
  expect(withoutUnseen('\u{13441}ad\u00ad\u200bmin\u16fe4 1')).toBe('admin\u16fe4 1');
  expect(withoutUnseen('a\u{16fe4}b')).toBe('ab');
  expect(withoutUnseen('one\ntwo\u0001\u00a0three')).toBe('one\ntwo\u00a0three');
});
