import { describe, expect, test } from '@jest/globals';
import { HUES, hueOf } from '../../web/room/hue.ts';

describe('the colour of a name', () => {
  test('is the same however the name is written', () => {
    expect(hueOf('ALICE')).toBe(hueOf('alice'));
  });

  test('is one of few, and all of them about as often, also of names that end alike', () => {
    for (const suffix of ['', '8', '@example.com']) {
      const counts = Array.from({ length: HUES }, () => 0);
      for (let n = 0; n < 800; n++) {
        const hue = hueOf(`${n.toString(36)}-user${suffix}`);
        counts[hue] = (counts[hue] ?? 0) + 1;
      }
      expect(counts).toHaveLength(HUES);
      for (const count of counts) expect(Math.abs(count - 100)).toBeLessThan(50);
    }
  });
});
