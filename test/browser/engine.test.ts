import { describe, expect, test } from '@jest/globals';
import { chosenEngine } from './engine.ts';

describe('the engine for the tests', () => {
  test('is Chromium, or the one that is named', () => {
    expect(chosenEngine({})).toBe('chromium');
    expect(chosenEngine({ PARLOR_BROWSER: 'firefox' })).toBe('firefox');
  });

  test('is never another one than was meant', () => {
    expect(() => chosenEngine({ PARLOR_BROWSER: 'firefx' })).toThrow('firefx');
  });
});
