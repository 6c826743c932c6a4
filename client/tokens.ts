import { asClientError, ParlorClientError } from './errors.ts';
import type { Platform, TokenSource } from './options.ts';

/** The client's access token: asked for when it is needed, renewed before it ends. */
export class Tokens {
  /** Whether there is somebody to ask for another one. */
  readonly renewable: boolean;
  readonly #source: TokenSource;
  readonly #platform: Platform;
  readonly #spare: number;
  #token: string | undefined;
  #endsAt = 0;
  #asking: Promise<string> | undefined;

  /** @param spare a token with less left than so many milliseconds is as good as none */
  constructor(source: string | TokenSource, platform: Platform, spare: number) {
    this.renewable = typeof source === 'function';
    this.#source = typeof source === 'function' ? source : () => source;
    this.#platform = platform;
    this.#spare = spare;
  }

  /**
   * A token to be used now.
   *
   * @param refused the one that the server did not take, or that it says is about to expire
   * @throws ParlorClientError `signed_out`, `token_not_valid`; `unreachable` when the source failed
   */
  async current(refused?: string): Promise<string> {
    const token = this.#token;
    const good = token !== undefined && token !== refused && this.#millisecondsLeft() > this.#spare;
    if (good || (token !== undefined && token !== refused && !this.renewable)) return token;
    this.#asking ??= this.#ask(refused).finally(() => {
      this.#asking = undefined;
    });
    return await this.#asking;
  }

  /** Milliseconds until the token should be renewed; undefined if that can't be known. */
  get renewIn(): number | undefined {
    const left = this.#millisecondsLeft() - this.#spare;
    return this.renewable && Number.isFinite(left) ? Math.max(0, left) : undefined;
  }

  async #ask(refused: string | undefined): Promise<string> {
    const token = await this.#answer(refused);
    if (token === refused) {
      throw new ParlorClientError(
        'token_not_valid',
        'The server does not take the token, and there is no other. Log in again.',
      );
    }
    if (token !== this.#token) this.#endsAt = this.#platform.now() + lifetimeOf(token);
    this.#token = token;
    return token;
  }

  async #answer(refused: string | undefined): Promise<string> {
    try {
      return await this.#source(refused === undefined ? {} : { refused });
    } catch (error) {
      throw asClientError(error);
    }
  }

  #millisecondsLeft(): number {
    return this.#endsAt - this.#platform.now();
  }
}

/**
 * How long a token lives, in milliseconds: as a span, for this machine's clock may be wrong.
 * Infinity where it can't be read: the server will say when it has ended.
 */
function lifetimeOf(token: string): number {
  try {
    const claims = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const { exp, iat } = JSON.parse(atob(claims)) as { exp?: unknown; iat?: unknown };
    const seconds = Number(exp) - Number(iat);
    return Number.isFinite(seconds) ? seconds * 1_000 : Number.POSITIVE_INFINITY;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
