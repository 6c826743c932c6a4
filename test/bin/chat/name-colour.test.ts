import { describe, expect, test } from '@jest/globals';
import { colourAt, inColourOf, luminance } from '../../../bin/chat/name-colour.ts';

const NAMES =
  'alice bob carol dave erin frank grace heidi ivan judy mallory niaj olivia peggy rupert sybil trent victor walter wendy'.split(
    ' ',
  );

const coloursOf = (depth: number) => NAMES.map((name) => inColourOf(name, '', depth));

describe('the colour of a name', () => {
  test('is as fine as the terminal can show', () => {
    expect(inColourOf('bob', 'Bob', 1)).toBe('Bob');
    const told = (depth: number) => inColourOf('bob', 'Bob', depth).replaceAll('\u001b', '^');
    expect(told(4)).toMatch(/^\^\[[39][1-6]mBob\^\[39m$/);
    expect(told(8)).toMatch(/^\^\[38;5;\d{2,3}mBob\^\[39m$/);
    expect(told(24)).toMatch(/^\^\[38;2;\d+;\d+;\d+mBob\^\[39m$/);
    // A pipe has none, whatever its environment says.
    expect(inColourOf('bob', 'Bob')).toBe('Bob');
  });

  test('is one person’s, in any case, and seldom another’s', () => {
    expect(inColourOf('BOB', '', 24)).toBe(inColourOf('bob', '', 24));
    for (const [depth, least] of [
      [4, 7],
      [8, 11],
      [24, 11],
    ] as const) {
      expect(new Set(coloursOf(depth)).size).toBeGreaterThanOrEqual(least);
    }
    const alike = Array.from({ length: 24 }, (_, n) => inColourOf(`user${n}`, '', 24));
    expect(new Set(alike).size).toBeGreaterThanOrEqual(11);
  });

  test('stands out from a black and from a white terminal', () => {
    const luminances = Array.from({ length: 24 }, (_, index) => luminance(colourAt(index)));
    for (const light of luminances) {
      expect((light + 0.05) / 0.05).toBeGreaterThan(3.5);
      expect(1.05 / (light + 0.05)).toBeGreaterThan(3.5);
    }
    // Those of the 256: a cube of six steps a side.
    const steps = [0, 95, 135, 175, 215, 255];
    for (const code of coloursOf(8).map((text) => Number(/38;5;(\d+)/.exec(text)?.[1]) - 16)) {
      const at = (place: number) => steps[Math.floor(code / place) % 6] ?? 0;
      const light = luminance([at(36), at(6), at(1)]);
      expect((light + 0.05) / 0.05).toBeGreaterThan(3);
      expect(1.05 / (light + 0.05)).toBeGreaterThan(3);
    }
  });
});
