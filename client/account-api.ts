import { restAddress } from './address.ts';
import { asClientError, unexpectedAnswer } from './errors.ts';
import type { Platform } from './options.ts';
import { parseJson, parseRestError, textOf } from './parse.ts';

export interface TokenPair {
  readonly access: string;
  readonly refresh: string;
}

/** A call without an answer has failed after this. */
const PATIENCE = 10_000;

/** The server's accounts. All throw ParlorClientError. */
export class AccountApi {
  readonly #url: string;
  readonly #fetch: Platform['fetch'];

  /** @throws ParlorClientError `invalid_field` when the address can't be used */
  constructor(url: string, fetch: Platform['fetch']) {
    this.#url = restAddress(url);
    this.#fetch = fetch;
  }

  async register(username: string, password: string): Promise<void> {
    await this.#post('/accounts/registration/', { username, password });
  }

  /**
   * @param device the device token of the last login here
   * @returns `device` is absent where the server has none
   */
  async logIn(
    username: string,
    password: string,
    device: string | undefined,
  ): Promise<TokenPair & { readonly device?: string }> {
    const body = { username, password, device: device ?? null };
    const answer: { device?: unknown } = await this.#post('/api/token/', body);
    const tokens = parseTokens(answer);
    return typeof answer.device === 'string' ? { ...tokens, device: answer.device } : tokens;
  }

  /** @returns the same refresh token where the server does not rotate them */
  async refresh(refresh: string): Promise<TokenPair> {
    return parseTokens({ refresh, ...(await this.#post('/api/token/refresh/', { refresh })) });
  }

  /** Ends the login that a refresh token belongs to, also while the page goes away. */
  async logOut(refresh: string): Promise<void> {
    await this.#post('/api/token/blacklist/', { refresh }, true);
  }

  /** The username as the server has it: one may log in in other letters. */
  async usernameOf(access: string): Promise<string> {
    const headers = { authorization: `Bearer ${access}` };
    return textOf(await this.#call('/api/me/', { headers }), 'username');
  }

  async #post(path: string, body: object, keepalive = false): Promise<object> {
    const headers = { 'content-type': 'application/json' };
    return await this.#call(path, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
      keepalive,
    });
  }

  async #call(path: string, init: RequestInit): Promise<object> {
    // Not `AbortSignal.timeout`, which React Native lacks.
    const ended = new AbortController();
    const timer = setTimeout(() => ended.abort(), PATIENCE);
    try {
      const { signal } = ended;
      const response = await this.#fetch(this.#url + path, { ...init, signal });
      const body = parseJson(await response.text());
      if (!response.ok) throw parseRestError(response, body);
      if (typeof body === 'object' && body !== null) return body;
      throw unexpectedAnswer();
    } catch (error) {
      throw asClientError(error, this.#url);
    } finally {
      clearTimeout(timer);
    }
  }
}

const parseTokens = (body: object): TokenPair => ({
  access: textOf(body, 'access'),
  refresh: textOf(body, 'refresh'),
});
