import { describe, expect, test } from '@jest/globals';
import { CHROMIUM, FIREFOX, findProgram, WEBKIT_DRIVER, XVFB } from './programs.ts';

const nowhere = () => false;

describe.each([
  [CHROMIUM, 'PARLOR_CHROMIUM', '/usr/bin/chromium', 'apt-get install chromium'],
  [FIREFOX, 'PARLOR_FIREFOX', '/usr/bin/firefox-esr', 'apt-get install firefox-esr'],
  [
    WEBKIT_DRIVER,
    'PARLOR_WEBKIT_DRIVER',
    '/usr/bin/WebKitWebDriver',
    'apt-get install webkit2gtk-driver',
  ],
  [XVFB, 'PARLOR_XVFB', '/usr/bin/Xvfb', 'apt-get install xvfb'],
])('$name, for the tests', (program, variable, place, command) => {
  test('is the one that is named, or else the system’s', () => {
    expect(findProgram(program, { [variable]: '/opt/own' }, () => true)).toBe('/opt/own');
    expect(findProgram(program, {}, (path) => path === place)).toBe(place);
  });

  test('may be missing, but not in CI, nor where one was named', () => {
    expect(findProgram(program, {}, nowhere)).toBeUndefined();
    expect(() => findProgram(program, { CI: 'true' }, nowhere)).toThrow(command);
    expect(() => findProgram(program, { [variable]: '/opt/none' }, nowhere)).toThrow('/opt/none');
  });
});
