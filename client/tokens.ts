import { asClientError, ParlorClientError } from './errors.ts';
import { inTime } from './in-time.ts';
import type { Surroundings, TokenSource } from './options.ts';
import { lifeOf } from './token-life.ts';

/** The client's access token: asked for when it is needed, renewed before it ends. */
export class Tokens {
  /** Whether there is somebody to ask for another one. */
  readonly renewable: boolean;
  readonly #source: TokenSource;
  readonly #deps: Surroundings;
  #token: string | undefined;
  #endsAt = 0;
  #asking: Promise<string> | undefined;

  constructor(source: string | TokenSource, surroundings: Surroundings) {
    this.renewable = typeof source === 'function';
    this.#source = typeof source === 'function' ? source : () => source;
    this.#deps = surroundings;
  }

  /**
   * A token to be used now.
   *
   * @param refused the one that the server did not take, or that it says is about to expire
   * @throws ParlorClientError `signed_out`; `token_not_valid` when there is none but the one that
   *   was refused; `unreachable` when the source failed, or takes its time
   */
  async current(refused?: string): Promise<string> {
    const token = this.#token;
    const good = !this.renewable || this.#millisecondsLeft() > this.#deps.timing.tokenSpare;
    if (token !== undefined && token !== refused && good) return token;
    // A call that waits already may not know that one was refused.
    const others = this.#asking !== undefined;
    let another = await this.#ask(refused);
    if (others && another === refused) another = await this.#ask(refused);
    if (another !== refused) return another;
    throw new ParlorClientError(
      'token_not_valid',
      'The server does not take the token. Log in again.',
    );
  }

  /** Never asks twice at once: to use a refresh token twice ends the login. */
  async #ask(refused: string | undefined): Promise<string> {
    this.#asking ??= this.#answer(refused).finally(() => {
      this.#asking = undefined;
    });
    try {
      return await inTime(this.#deps, this.#asking);
    } catch (error) {
      throw asClientError(error);
    }
  }

  async #answer(refused: string | undefined): Promise<string> {
    // A file or a variable often ends in a line break. A socket would take no token with one.
    const token = (await this.#source({ refused }))?.trim();
    if (!token) throw new ParlorClientError('signed_out', 'There is no token. Log in.');
    if (/[^!-~]/.test(token)) {
      throw new ParlorClientError('token_not_valid', 'No token has spaces or such in it.');
    }
    if (token !== this.#token) this.#endsAt = this.#deps.platform.now() + lifeOf(token);
    this.#token = token;
    return token;
  }

  #millisecondsLeft(): number {
    return this.#endsAt - this.#deps.platform.now();
  }
}
