/** How far the server's clock is ahead of everyone else's, in milliseconds. */
const AHEAD = 400 * 86_400_000;
const ACCESS_LIFE = 300_000;

interface Account {
  username: string;
  password: string;
}

/** The server's accounts: `fetch` answers as the real routes do. Usernames ignore case. */
export class FakeAccounts {
  readonly #accounts = new Map<string, Account>();
  /** The refresh tokens that are good, with whose they are. */
  readonly #logins = new Map<string, string>();
  readonly #now: () => number;
  #tokens = 0;
  /** The paths that were called. */
  readonly calls: string[] = [];
  rotates = true;
  /** The device tokens that logins came with. */
  readonly shown: (string | null | undefined)[] = [];
  knowsDevices = true;
  /** Awaited before a request arrives, and before its answer does. */
  request: () => Promise<void> = async () => {};
  answer: () => Promise<void> = async () => {};

  constructor(now: () => number) {
    this.#now = now;
  }

  add(username: string, password: string): void {
    this.#accounts.set(username.toLowerCase(), { username, password });
  }

  /** Ends all logins, as when an account is disabled. */
  endAll(): void {
    this.#logins.clear();
  }

  get logins(): number {
    return this.#logins.size;
  }

  readonly fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const path = new URL(url).pathname;
    this.calls.push(path);
    await this.request();
    const response = this.#answer(path, init);
    await this.answer();
    return response;
  };

  #answer(path: string, { body, headers }: RequestInit): Response {
    if (path === '/api/me/') return this.#me(new Headers(headers).get('authorization') ?? '');
    const {
      username = '',
      password = '',
      refresh = '',
      device,
    } = JSON.parse(String(body)) as Partial<Account & { refresh: string; device: string | null }>;
    const account = this.#accounts.get(username.toLowerCase());
    if (path === '/accounts/registration/') {
      if (account) return json(400, { username: ['Taken.'], password: ['Weak.'] }, 'invalid_field');
      this.add(username, password);
      return json(201, { username });
    }
    if (path === '/api/token/') {
      if (account?.password !== password)
        return json(401, { detail: 'Wrong password.' }, 'authentication_failed');
      this.shown.push(device);
      return json(200, {
        access: this.#access(account.username),
        refresh: this.#refresh(username),
        ...(this.knowsDevices && { device: `device-${this.shown.length}` }),
      });
    }
    const owner = this.#logins.get(refresh);
    if (owner === undefined)
      return json(401, { detail: 'Token is blacklisted' }, 'token_not_valid');
    if (path === '/api/token/blacklist/' || this.rotates) this.#logins.delete(refresh);
    if (path === '/api/token/blacklist/') return json(200, {});
    const access = this.#access(owner);
    return json(200, this.rotates ? { access, refresh: this.#refresh(owner) } : { access });
  }

  #me(authorization: string): Response {
    const { sub } = JSON.parse(atob(authorization.split('.')[1] ?? '')) as { sub: string };
    return json(200, { username: this.#accounts.get(sub.toLowerCase())?.username, userId: sub });
  }

  #refresh(username: string): string {
    const token = `refresh-${this.#tokens++}`;
    this.#logins.set(token, username);
    return token;
  }

  #access(username: string): string {
    const iat = Math.floor((this.#now() + AHEAD) / 1_000);
    return jwt({ sub: username, iat, exp: iat + ACCESS_LIFE / 1_000, jti: this.#tokens++ });
  }
}

export const jwt = (claims: object): string =>
  `head.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`;

function json(status: number, body: unknown, code?: string): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: code === undefined ? {} : { 'x-error-code': code },
  });
}
