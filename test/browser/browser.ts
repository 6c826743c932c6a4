import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { ENGINE, type Engine, LAUNCHER } from './engine.ts';
import { type Line, openLine } from './line.ts';
import type { Login } from './logins.ts';
import { Problems, tellViolations } from './problems.ts';
import { findProgram, howToInstall } from './programs.ts';
import { tell } from './tell.ts';

/** Somebody at a browser of his own, in which nothing is remembered. */
export interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly problems: Problems;
  /** Takes the network away; for visits that asked for a line. */
  goOffline(): Promise<void>;
  goOnline(): Promise<void>;
}

export interface VisitOptions extends Omit<BrowserContextOptions, 'storageState'> {
  /** Who is logged in there. */
  as?: Login;
  /** Called before the page is opened. */
  prepare?: (page: Page) => unknown;
  /** Whether the page is to be had by a line of its own, which can be cut. */
  byLine?: boolean;
}

/** @param address where the page is opened */
export type VisitPage = (address: string, options?: VisitOptions) => Promise<Visit>;

/** For each thing that is waited for; a machine that does much else is slow. */
const PATIENCE_MS = 60_000;
const LAUNCH_MS = 60_000;

/**
 * Tests that need a browser: one for all of them, and a new context for each visit, which is closed
 * after the test. Whatever goes wrong in a page fails the test, whether it looks there or not.
 * Skipped, with a line that says so, where there is no browser.
 */
export function describeInBrowser(name: string, tests: (visit: VisitPage) => void): void {
  const { program, launch } = LAUNCHER;
  const executablePath = findProgram(program);
  if (!executablePath) {
    tell(`Skipped "${name}": no ${program.name} was found. ${howToInstall(program)}`);
  }
  (executablePath ? describe : describe.skip)(name, () => {
    let browser: Browser;
    const visits: Visit[] = [];
    const lines: Line[] = [];
    beforeAll(async () => {
      if (executablePath) browser = await launch(executablePath);
    }, LAUNCH_MS);
    afterAll(() => browser.close());
    afterEach(async () => {
      const ended = visits.splice(0);
      await Promise.all(ended.map(({ context }) => context.close()));
      await Promise.all(lines.splice(0).map((line) => line.close()));
      expect(ended.flatMap(({ problems }) => problems.unexpected)).toEqual([]);
    });

    tests(async (address, { as, prepare, byLine, ...options } = {}) => {
      const { origin } = new URL(address);
      const line = byLine ? await openLine(origin) : undefined;
      if (line) lines.push(line);
      const near = line?.url ?? origin;
      const context = await browser.newContext({
        ...options,
        ...(as && {
          storageState: { cookies: [], origins: [{ origin: near, localStorage: [kept(as)] }] },
        }),
      });
      context.setDefaultTimeout(PATIENCE_MS);
      const problems = new Problems(context);
      await tellViolations(context);
      const page = await context.newPage();
      const visit = { context, page, problems, ...network(context, line) };
      visits.push(visit);
      await prepare?.(page);
      await page.goto(address.replace(origin, near));
      return visit;
    });
  });
}

/**
 * A test of something that tests can bring about in one engine only.
 *
 * @param reason why it can't be in the others; printed there
 */
export function testOnlyIn(engine: Engine, reason: string): typeof test | typeof test.skip {
  if (engine === ENGINE) return test;
  tell(`Skipped a test in ${ENGINE}: ${reason}`);
  return test.skip;
}

/** As client/session-storage.ts keeps it. */
const kept = (login: Login) => ({ name: 'parlor.session', value: JSON.stringify(login) });

/** Without a line, an engine's sockets might stay open while the browser says that it is offline. */
function network(context: BrowserContext, line: Line | undefined) {
  if (!line) {
    const refuse = async () => {
      throw new Error('Ask for a visit by line.');
    };
    return { goOffline: refuse, goOnline: refuse };
  }
  return {
    async goOffline() {
      await context.setOffline(true);
      line.cut();
    },
    async goOnline() {
      line.mend();
      await context.setOffline(false);
    },
  };
}
