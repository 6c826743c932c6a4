import { asClientError, ParlorClientError } from './errors.ts';
import type { Surroundings } from './options.ts';
import { parseJson, parseRestError } from './parse.ts';
import type { Tokens } from './tokens.ts';
import type { RestCalls } from './types.ts';

/** Calls of the REST API with the client's token. */
export class Rest implements RestCalls {
  readonly #url: string;
  readonly #tokens: Tokens;
  readonly #deps: Surroundings;

  /** @param url without a slash at its end */
  constructor(url: string, tokens: Tokens, surroundings: Surroundings) {
    this.#url = url;
    this.#tokens = tokens;
    this.#deps = surroundings;
  }

  async get<T>(path: string): Promise<T> {
    return await this.send('GET', path);
  }

  async send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const token = await this.#tokens.current();
    try {
      return (await this.#once(method, path, body, token)) as T;
    } catch (error) {
      const refused =
        error instanceof ParlorClientError && TOKEN_REFUSED.has(error.code) && error.status === 401;
      // A mere token can't be exchanged: the server's own words say more.
      if (!refused || !this.#tokens.renewable) throw error;
      return (await this.#once(method, path, body, await this.#tokens.current(token))) as T;
    }
  }

  async #once(method: string, path: string, body: unknown, token: string): Promise<unknown> {
    const ended = new AbortController();
    const { platform, timing } = this.#deps;
    const cancel = platform.after(timing.answer, () => ended.abort());
    try {
      const response = await platform.fetch(this.#url + path, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        body: JSON.stringify(body),
        signal: ended.signal,
        // What is put somewhere, a mark for instance, gets there though the page is left.
        keepalive: method === 'PUT',
      });
      const answer = parseJson(await response.text());
      if (response.ok) return answer;
      throw parseRestError(response, answer);
    } catch (error) {
      throw asClientError(error, this.#url);
    } finally {
      cancel();
    }
  }
}

/** Codes of a 401 that another token can heal. */
const TOKEN_REFUSED: ReadonlySet<string> = new Set([
  'token_not_valid',
  'token_expired',
  'not_authenticated',
]);
