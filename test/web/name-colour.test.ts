import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { HUES, nameColour, TONES } from '../../web/room/name-colour.ts';
import { contrast, mixed, oklch, type Rgb, rgbOf } from './colours.ts';

const style = (file: string) =>
  readFileSync(new URL(`../../web/style/${file}`, import.meta.url), 'utf8');

describe('the colour of a name', () => {
  test('is the same however the name is written', () => {
    expect(nameColour('ALICE')).toEqual(nameColour('alice'));
  });

  test('is one of 24, and all of them about as often, also of names that are much alike', () => {
    for (const [before, after] of [
      ['', ''],
      ['', '8'],
      ['', '@example.com'],
      ['user', ''],
    ]) {
      const counts = new Map<string, number>();
      for (let n = 0; n < 2_400; n++) {
        const colour = JSON.stringify(nameColour(`${before}${n.toString(36)}${after}`));
        counts.set(colour, (counts.get(colour) ?? 0) + 1);
      }
      expect(counts.size).toBe(HUES * TONES);
      for (const count of counts.values()) expect(Math.abs(count - 100)).toBeLessThan(50);
    }
  });

  test('is another one for most of a few people', () => {
    const letters = 'abcdefghijklmnopqrstuvwxyz';
    const different = (names: readonly string[]) =>
      new Set(names.map((name) => JSON.stringify(nameColour(name)))).size;
    expect(different(['alice', 'bob', 'carol', 'dave', 'erin', 'frank'])).toBeGreaterThanOrEqual(5);
    // Of 26 that are drawn from 24, 16 are different ones, give or take two.
    for (const name of ['user-*', '*nna', 'mar*']) {
      const names = [...letters].map((letter) => name.replace('*', letter));
      expect(different(names)).toBeGreaterThanOrEqual(12);
    }
  });

  const css = style('name-colours.css');
  const tokens = style('tokens.css');
  const hues = [...css.matchAll(/--hue: (\d+);/g)].map(([, hue]) => Number(hue));
  const lightness = (theme: string) =>
    [...css.matchAll(new RegExp(`--on-${theme}: ([\\d.]+);`, 'g'))].map(([, at]) => Number(at));
  const chroma = [...css.matchAll(/oklch\(var\(--on-\w+\) ([\d.]+) var\(--hue\)\)/g)].map(
    ([, amount]) => Number(amount),
  );
  const token = (name: string, theme: number): Rgb => {
    const [, light, dark] =
      new RegExp(`--${name}: (?:light-dark\\()?(#\\w+)(?:, (#\\w+))?`).exec(tokens) ?? [];
    return rgbOf((theme === 1 && dark) || light || '');
  };

  test.each(['light', 'dark'])('can be read on all that it stands on in the %s theme', (name) => {
    const theme = name === 'light' ? 0 : 1;
    expect(hues).toHaveLength(HUES);
    expect(lightness(name)).toHaveLength(TONES);
    const sheet = token('sheet', theme);
    const grounds = [sheet, token('hover', theme), mixed(sheet, token('lamp', theme), 0.26)];
    for (const at of lightness(name)) {
      for (const hue of hues) {
        const colour = oklch(at, chroma[theme] ?? Number.NaN, hue);
        for (const ground of grounds) {
          const seen = contrast(colour, ground);
          if (seen < 4.5) throw new Error(`oklch(${at} … ${hue}) has a contrast of ${seen}.`);
        }
      }
    }
  });
});
