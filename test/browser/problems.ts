import type { BrowserContext } from 'playwright-core';

const anyOf = (...patterns: readonly RegExp[]) =>
  new RegExp(patterns.map(({ source }) => source).join('|'));

/** What engines say of a request or a socket that did not reach the server. */
export const UNREACHABLE = anyOf(
  /net::ERR_(INTERNET_DISCONNECTED|CONNECTION_[A-Z]+|EMPTY_RESPONSE)/,
  /Connection closed before receiving a handshake response/,
  /NS_ERROR_(OFFLINE|CONNECTION_REFUSED|NET_[A-Z]+)/,
  /Firefox can’t establish a connection/,
  /The connection to \S+ was interrupted while the page was loading/,
);

/** What they say of a page that asks on, or is about to, when its login has just ended. */
export const LOGIN_ENDED = anyOf(
  /WebSocket is closed before the connection is established/,
  /Firefox can’t establish a connection/,
  /\b401\b/,
);

/** What a page that is left or loaded again had asked for. */
const ABANDONED = ['net::ERR_ABORTED', 'NS_BINDING_ABORTED'];

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
      if (!ABANDONED.includes(reason)) this.#seen.push(`${request.url()}: ${reason}`);
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
