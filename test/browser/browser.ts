import { afterAll, afterEach, beforeAll, describe, expect } from '@jest/globals';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import { findChromium, HOW_TO_INSTALL } from './chromium.ts';
import type { Login } from './logins.ts';
import { Problems, tellViolations } from './problems.ts';
import { tell } from './tell.ts';

/** Somebody at a browser of his own, in which nothing is remembered. */
export interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly problems: Problems;
}

export interface VisitOptions extends Omit<BrowserContextOptions, 'storageState'> {
  /** Who is logged in there. */
  as?: Login;
  /** Called before the page is opened. */
  prepare?: (page: Page) => unknown;
}

/** @param address where the page is opened */
export type VisitPage = (address: string, options?: VisitOptions) => Promise<Visit>;

/** For each thing that is waited for; a machine that does much else is slow. */
const PATIENCE_MS = 15_000;

/**
 * Tests that need a browser: one for all of them, and a new context for each visit, which is closed
 * after the test. Whatever goes wrong in a page fails the test, whether it looks there or not.
 * Skipped, with a line that says so, where there is no browser.
 */
export function describeInBrowser(name: string, tests: (visit: VisitPage) => void): void {
  const executablePath = findChromium();
  if (!executablePath) {
    tell(`Skipped "${name}": no Chromium was found. ${HOW_TO_INSTALL}`);
  }
  (executablePath ? describe : describe.skip)(name, () => {
    let browser: Browser;
    const visits: Visit[] = [];
    beforeAll(async () => {
      // The sandbox needs rights that root in a container has not.
      const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
      browser = await chromium.launch({ executablePath, args });
    });
    afterAll(() => browser.close());
    afterEach(async () => {
      const ended = visits.splice(0);
      await Promise.all(ended.map(({ context }) => context.close()));
      expect(ended.flatMap(({ problems }) => problems.unexpected)).toEqual([]);
    });

    tests(async (address, { as, prepare, ...options } = {}) => {
      const { origin } = new URL(address);
      const context = await browser.newContext({
        ...options,
        ...(as && {
          storageState: { cookies: [], origins: [{ origin, localStorage: [kept(as)] }] },
        }),
      });
      context.setDefaultTimeout(PATIENCE_MS);
      const problems = new Problems(context);
      await tellViolations(context);
      const page = await context.newPage();
      const visit = { context, page, problems };
      visits.push(visit);
      await prepare?.(page);
      await page.goto(address);
      return visit;
    });
  });
}

/** As client/session-storage.ts keeps it. */
const kept = (login: Login) => ({ name: 'parlor.session', value: JSON.stringify(login) });
