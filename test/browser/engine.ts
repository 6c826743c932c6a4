import { type Browser, chromium, firefox } from 'playwright-core';
import { CHROMIUM, FIREFOX, type Program } from './programs.ts';

/** An engine in which all tests of the page run, one at a time. */
export type Engine = 'chromium' | 'firefox';

interface Launcher {
  readonly program: Program;
  launch(executablePath: string): Promise<Browser>;
}

/** As headless Firefox says: it sees no mouse where there is none, and Chromium assumes one. */
const FINE_AND_HOVERS = 2 | 4;

const LAUNCHERS: Readonly<Record<Engine, Launcher>> = {
  chromium: {
    program: CHROMIUM,
    // The sandbox needs rights that root in a container has not.
    launch: (executablePath) =>
      chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] }),
  },
  firefox: {
    program: FIREFOX,
    // By this channel Playwright speaks WebDriver BiDi, which every Firefox understands; without it,
    // a protocol that only its own builds have.
    launch: (executablePath) =>
      firefox.launch({
        executablePath,
        channel: 'moz-firefox',
        firefoxUserPrefs: {
          'ui.primaryPointerCapabilities': FINE_AND_HOVERS,
          'ui.allPointerCapabilities': FINE_AND_HOVERS,
        },
      }),
  },
};

/**
 * The engine that PARLOR_BROWSER names. Default: chromium.
 *
 * @throws Error where there is none of that name
 */
export function chosenEngine(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Engine {
  const { PARLOR_BROWSER: named = 'chromium' } = env;
  if (named === 'chromium' || named === 'firefox') return named;
  throw new Error(`PARLOR_BROWSER is ${named}; these tests know chromium and firefox.`);
}

export const ENGINE = chosenEngine();

export const LAUNCHER = LAUNCHERS[ENGINE];
