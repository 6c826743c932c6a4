import { describe, expect, test } from '@jest/globals';
import { findChromium } from './chromium.ts';

const nowhere = () => false;

describe('the browser for the tests', () => {
  test('is the one that is named, or else the system’s', () => {
    expect(findChromium({ PARLOR_CHROMIUM: '/opt/chrome' }, () => true)).toBe('/opt/chrome');
    expect(findChromium({}, (path) => path === '/usr/bin/chromium')).toBe('/usr/bin/chromium');
  });

  test('may be missing, but not in CI, nor where one was named', () => {
    expect(findChromium({}, nowhere)).toBeUndefined();
    expect(() => findChromium({ CI: 'true' }, nowhere)).toThrow('apt-get install chromium');
    expect(() => findChromium({ PARLOR_CHROMIUM: '/opt/none' }, nowhere)).toThrow('/opt/none');
  });
});
