import { afterAll, beforeAll, describe } from '@jest/globals';
import { findProgram, howToInstall, WEBKIT_DRIVER, XVFB } from '../browser/programs.ts';
import { tell } from '../browser/tell.ts';
import { type Running, startDisplay, startDriver } from './running.ts';
import { WebDriverPage } from './web-driver.ts';

/** Opens a browser of its own, in which nothing is remembered. */
export type OpenPage = () => Promise<WebDriverPage>;

/**
 * Tests in Debian's WebKitGTK, which has one page for all of them, since it takes seconds to open.
 * Skipped, with a line that says so, where there is none.
 */
export function describeInWebKit(name: string, tests: (open: OpenPage) => void): void {
  const missing = [WEBKIT_DRIVER, XVFB].find((program) => !findProgram(program));
  if (missing) tell(`Skipped "${name}": no ${missing.name} was found. ${howToInstall(missing)}`);
  (missing ? describe.skip : describe)(name, () => {
    let display: Running;
    const pages: WebDriverPage[] = [];
    const drivers: Running[] = [];
    beforeAll(async () => {
      display = await startDisplay(findProgram(XVFB) ?? '');
    });
    afterAll(async () => {
      // Whatever became of the pages, the drivers end, and their browsers with them.
      await Promise.allSettled(pages.map((page) => page.close()));
      await Promise.all(drivers.map((driver) => driver.stop()));
      await display.stop();
    });

    tests(async () => {
      // A driver leads one browser at most.
      const driver = await startDriver(findProgram(WEBKIT_DRIVER) ?? '', display.at);
      drivers.push(driver);
      const page = await WebDriverPage.open(driver.at);
      pages.push(page);
      return page;
    });
  });
}
