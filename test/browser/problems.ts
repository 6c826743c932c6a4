import type { BrowserContext } from 'playwright-core';

/** What the console says of a request or a socket that did not reach the server. */
export const UNREACHABLE = /net::ERR_(INTERNET_DISCONNECTED|CONNECTION_[A-Z]+|EMPTY_RESPONSE)/;

/** What the console says of a page that asks on, or is about to, when its login has just ended. */
export const LOGIN_ENDED = /WebSocket is closed before the connection is established|\b401\b/;

/** What goes wrong in the pages of one browser: a test that ends well has none. */
export class Problems {
  readonly #seen: string[] = [];
  readonly #expected: RegExp[] = [];

  constructor(context: BrowserContext) {
    context.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.#seen.push(message.text());
    });
    context.on('weberror', (error) => this.#seen.push(`uncaught: ${error.error().stack}`));
    context.on('requestfailed', (request) => {
      const reason = request.failure()?.errorText ?? 'failed';
      // What a page that is left or loaded again had asked for.
      if (reason !== 'net::ERR_ABORTED') this.#seen.push(`${request.url()}: ${reason}`);
    });
    context.on('dialog', (dialog) => {
      this.#seen.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
  }

  /** Told before or after: what matches is no problem. */
  expect(...patterns: readonly RegExp[]): void {
    this.#expected.push(...patterns);
  }

  get unexpected(): readonly string[] {
    return this.#seen.filter((text) => !this.#expected.some((pattern) => pattern.test(text)));
  }
}

/** Puts violations of the content security policy on the console, each with what it was about. */
export async function tellViolations(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => {
      const { effectiveDirective, blockedURI, sourceFile, sample } = event;
      console.error(`CSP: ${effectiveDirective} ${blockedURI} ${sourceFile} ${sample}`);
    });
  });
}
