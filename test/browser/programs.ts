import { existsSync } from 'node:fs';

/** A program of the system's that tests need, and do not bring. */
export interface Program {
  readonly name: string;
  /** The environment variable that names another one. */
  readonly variable: string;
  /** Where it is looked for, the first one first. */
  readonly places: readonly string[];
  /** Debian's package. */
  readonly debian: string;
}

export const CHROMIUM: Program = {
  name: 'Chromium',
  variable: 'PARLOR_CHROMIUM',
  // Debian's, and Ubuntu's and Chrome's own.
  places: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
  debian: 'chromium',
};

export const FIREFOX: Program = {
  name: 'Firefox',
  variable: 'PARLOR_FIREFOX',
  places: ['/usr/bin/firefox-esr'],
  debian: 'firefox-esr',
};

export const WEBKIT_DRIVER: Program = {
  name: 'WebKitWebDriver',
  variable: 'PARLOR_WEBKIT_DRIVER',
  places: ['/usr/bin/WebKitWebDriver'],
  debian: 'webkit2gtk-driver',
};

/** WebKitGTK shows its pages on a display, also where nobody looks at one. */
export const XVFB: Program = {
  name: 'Xvfb',
  variable: 'PARLOR_XVFB',
  places: ['/usr/bin/Xvfb'],
  debian: 'xvfb',
};

/** @returns what somebody without the program reads */
export const howToInstall = ({ debian, variable }: Program): string =>
  `Install it (apt-get install ${debian}), or name another by ${variable}.`;

/**
 * Where a program is: what its variable names, or the system's own.
 *
 * @param env the process's
 * @param exists whether there is a file; the system's answer
 * @returns undefined where there is none
 * @throws Error where one was named that is not there, and where CI has none: there no test may be
 *   skipped
 */
export function findProgram(
  program: Program,
  env: Readonly<Record<string, string | undefined>> = process.env,
  exists: (path: string) => boolean = existsSync,
): string | undefined {
  const { name, variable, places } = program;
  const named = env[variable];
  if (named && !exists(named)) {
    throw new Error(`${variable} names ${named}, which does not exist.`);
  }
  const found = named || places.find(exists);
  if (!found && env.CI) throw new Error(`No ${name} was found. ${howToInstall(program)}`);
  return found;
}
