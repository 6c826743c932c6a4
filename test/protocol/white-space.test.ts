import { describe, expect, test } from '@jest/globals';
import { stripped } from '../../protocol/white-space.ts';

describe('a text that is stripped', () => {
  test('loses what Python counts as white space, at its ends only', () => {
    expect(stripped(' \t\r\n\x1c\x85 a b \u3000\u2028\xa0')).toBe('a b');
    expect(stripped(' \n ')).toBe('');
    expect(stripped('')).toBe('');
  });

  test('keeps what Python keeps', () => {
    for (const kept of ['\ufeff', '\u200b', '\u180e']) expect(stripped(kept)).toBe(kept);
  });

  test('takes no time for a million spaces within', () => {
    const text = `a${' '.repeat(1_000_000)}b`;
    const start = performance.now();
    expect(stripped(text)).toBe(text);
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});
