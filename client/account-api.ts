import { ParlorClientError } from './errors.ts';
import type { Platform } from './options.ts';
import { parseRestError } from './parse.ts';

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

  constructor(url: string, fetch: Platform['fetch']) {
    this.#url = url.replace(/\/+$/, '');
    this.#fetch = fetch;
  }

  async register(username: string, password: string): Promise<void> {
    await this.#post('/accounts/registration/', { username, password });
  }

  async logIn(username: string, password: string): Promise<TokenPair> {
    return parseTokens(await this.#post('/api/token/', { username, password }));
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
    const { username } = await this.#call('/api/me/', { headers });
    if (typeof username !== 'string') throw unexpected();
    return username;
  }

  async #post(path: string, body: object, keepalive = false): Promise<Fields> {
    const headers = { 'content-type': 'application/json' };
    return await this.#call(path, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
      keepalive,
    });
  }

  async #call(path: string, init: RequestInit): Promise<Fields> {
    let response: Response;
    let text: string;
    try {
      const signal = AbortSignal.timeout(PATIENCE);
      response = await this.#fetch(this.#url + path, { ...init, signal });
      text = await response.text();
    } catch (error) {
      throw new ParlorClientError('unreachable', 'The server can’t be reached. Try again.', {
        cause: error,
      });
    }
    const body = parseBody(text);
    if (response.ok && body) return body;
    if (response.ok) throw unexpected();
    throw parseRestError(response, body);
  }
}

type Fields = Readonly<Record<string, unknown>>;

function parseBody(text: string): Fields | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? (body as Fields) : undefined;
  } catch {
    return undefined;
  }
}

function parseTokens({ access, refresh }: Fields): TokenPair {
  if (typeof access !== 'string' || typeof refresh !== 'string') throw unexpected();
  return { access, refresh };
}

const unexpected = () =>
  new ParlorClientError(
    'unexpected_answer',
    'The answer is not of this protocol. Check the address.',
  );
