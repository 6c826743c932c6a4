import { AccountApi } from './account-api.ts';
import { Emitter, type Unsubscribe } from './emitter.ts';
import { ParlorClientError } from './errors.ts';
import { type Login, parseDevice, parseLogin, timeLeft } from './login.ts';
import type { Platform, TokenSource } from './options.ts';
import { standardPlatform } from './platform.ts';
import { browserSessionStorage, type SessionStorageArea } from './session-storage.ts';

export { browserSessionStorage, type SessionStorageArea };

export interface SessionOptions {
  /** Where the chat is, as in `connect`. */
  url: string;
  /** Default: `browserSessionStorage()`. */
  storage?: SessionStorageArea;
  /** Default: the browser's or Node's own. */
  fetch?: Platform['fetch'];
  /** Milliseconds since 1970. */
  now?: () => number;
}

/** Someone's login to the server's own accounts, shared by all tabs of a browser. */
export interface Session {
  /** As the server has it; undefined: signed out. */
  readonly username: string | undefined;
  /**
   * Creates an account, and logs in.
   *
   * @throws ParlorClientError `invalid_field`, with `fields` for the form; `registration_closed`;
   *   `rate_limited`, with `retryAfter`; `accounts_off`; `unreachable`
   */
  register(username: string, password: string): Promise<void>;
  /**
   * @throws ParlorClientError `authentication_failed`; `login_throttled` and `rate_limited`, with
   *   `retryAfter`; `accounts_off`; `unreachable`
   */
  logIn(username: string, password: string): Promise<void>;
  /**
   * Forgets the login here at once; the server forgets it if it can be reached. Never throws. What
   * stays is a token that opens nothing: by it the server knows this device when others guess the
   * password.
   */
  logOut(): Promise<void>;
  /**
   * For `connect({ token })`: tokens of who is logged in when this is read, and of nobody else
   * who may be later. Throws `signed_out` when that one has to log in again.
   */
  readonly token: TokenSource;
  /** Tells that `username` is another one, also when another tab logged in or out. */
  onChange(listener: () => void): Unsubscribe;
}

/** The login to a chat's own accounts, as the browser kept it. Asks the server nothing by itself. */
export function accountSession(options: SessionOptions): Session {
  return new AccountSession(options);
}

/** A token that has less left, in milliseconds, is renewed: more than a client asks for. */
const SPARE = 60_000;

/**
 * A refresh token is of no use any more. Never judged by the status: a proxy, or the sign-in page of
 * a network, answers 401 as well.
 */
const LOGIN_OVER: ReadonlySet<string> = new Set([
  'token_not_valid',
  'user_not_found',
  'user_inactive',
]);

class AccountSession implements Session {
  readonly #api: AccountApi;
  readonly #storage: SessionStorageArea;
  readonly #now: () => number;
  readonly #events = new Emitter<{ change: undefined }>();
  /** The username of which listeners know. */
  #told: string | undefined;

  constructor({ url, storage, fetch, now }: SessionOptions) {
    this.#api = new AccountApi(url, fetch ?? standardPlatform.fetch);
    this.#storage = storage ?? browserSessionStorage();
    this.#now = now ?? standardPlatform.now;
    this.#told = this.username;
    this.#storage.onChange(() => this.#tell());
  }

  get username(): string | undefined {
    return this.#login()?.username;
  }

  async register(username: string, password: string): Promise<void> {
    await this.#api.register(username, password);
    await this.logIn(username, password);
  }

  async logIn(username: string, password: string): Promise<void> {
    const known = this.#device();
    const { device = known, ...tokens } = await this.#api.logIn(username, password, known);
    const receivedAt = this.#now();
    const login = { ...tokens, receivedAt, username: await this.#api.usernameOf(tokens.access) };
    this.#keep(login, device);
  }

  async logOut(): Promise<void> {
    const login = this.#login();
    this.#forget();
    // The server may be out of reach, or the token dead: here one is logged out either way.
    if (login) await this.#api.logOut(login.refresh).catch(() => {});
  }

  get token(): TokenSource {
    const { username } = this;
    return ({ refused }) => this.#tokenOf(username, refused);
  }

  onChange(listener: () => void): Unsubscribe {
    return this.#events.on('change', listener);
  }

  async #tokenOf(username: string | undefined, refused: string | undefined): Promise<string> {
    const good = (login: Login) => login.access !== refused && timeLeft(login, this.#now()) > SPARE;
    const login = this.#loginOf(username);
    if (good(login)) return login.access;
    // A refresh token is good for one use: of two tabs one uses it, the other takes what came.
    return await this.#storage.lock(async () => {
      const latest = this.#loginOf(username);
      return good(latest) ? latest.access : await this.#refresh(latest);
    });
  }

  async #refresh(login: Login): Promise<string> {
    // Another tab may have been faster, where there are no Web Locks; or somebody has logged out
    // meanwhile, or in as another. A late answer must not undo that.
    const isKept = () => this.#login()?.refresh === login.refresh;
    try {
      const tokens = await this.#api.refresh(login.refresh);
      if (isKept()) {
        this.#keep({ username: login.username, ...tokens, receivedAt: this.#now() });
        return tokens.access;
      }
    } catch (error) {
      if (!(error instanceof ParlorClientError && LOGIN_OVER.has(error.code))) throw error;
      if (isKept()) this.#forget();
    }
    return this.#loginOf(login.username).access;
  }

  /** @throws ParlorClientError `signed_out`, also when another person is logged in now */
  #loginOf(username: string | undefined): Login {
    const login = this.#login();
    if (!login || login.username !== username) throw signedOut();
    return login;
  }

  #login(): Login | undefined {
    return parseLogin(this.#storage.get());
  }

  #device(): string | undefined {
    return parseDevice(this.#storage.get());
  }

  #keep(login: Login, device = this.#device()): void {
    this.#storage.set(JSON.stringify({ ...login, device }));
    this.#tell();
  }

  #forget(): void {
    const device = this.#device();
    if (device === undefined) this.#storage.remove();
    else this.#storage.set(JSON.stringify({ device }));
    this.#tell();
  }

  #tell(): void {
    const { username } = this;
    if (username === this.#told) return;
    this.#told = username;
    this.#events.emit('change', undefined);
  }
}

const signedOut = () =>
  new ParlorClientError('signed_out', 'You are not logged in any more. Log in again.');
