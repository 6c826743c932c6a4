import { existsSync } from 'node:fs';

/** Where Debian's package puts it, and Ubuntu's and Chrome's own. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export const HOW_TO_INSTALL =
  'Install it (apt-get install chromium), or name another by PARLOR_CHROMIUM.';

/**
 * The browser that the page is tested in: PARLOR_CHROMIUM, or the system's own Chromium.
 *
 * @param env the process's
 * @param exists whether there is a file; the system's answer
 * @returns undefined where there is none
 * @throws Error where one was named that is not there, and where CI has none: there no test may be
 *   skipped
 */
export function findChromium(
  env: Readonly<Record<string, string | undefined>> = process.env,
  exists: (path: string) => boolean = existsSync,
): string | undefined {
  const { PARLOR_CHROMIUM: named, CI } = env;
  if (named && !exists(named)) {
    throw new Error(`PARLOR_CHROMIUM names ${named}, which does not exist.`);
  }
  const found = named || PLACES.find(exists);
  if (!found && CI) throw new Error(`No Chromium was found. ${HOW_TO_INSTALL}`);
  return found;
}
