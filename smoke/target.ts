import { randomBytes } from 'node:crypto';
import { decodeJwt } from 'jose';
import { ChatSocket, post, type TokenPair } from '../test/e2e/chat-client.ts';
import type { Differences } from './check.ts';

export interface TargetOptions {
  /** Where REST is answered: `https://...` or `http://...`, without a slash at the end. */
  url: string;
  /**
   * `wss://.../<stage>` of a WebSocket API that is called without CloudFront; then the room stands
   * in the query. Without it sockets are at `/ws/chat/<room>/` of `url`.
   */
  socketUrl?: string | undefined;
  differences?: Differences;
  /** What sockets say that they come from. Default: the chat's own origin. */
  origin?: string | undefined;
}

export interface Person extends TokenPair {
  username: string;
}

export type Handshake = [address: string, protocols: string[], headers: Record<string, string>];

/** Whether an access token will do for a while: the second half of its life is left unused. */
function isFresh(token: string): boolean {
  const { iat = 0, exp = 0 } = decodeJwt(token);
  return Date.now() / 1_000 < (iat + exp) / 2;
}

/**
 * A chat that is looked at from outside, by people and in rooms of its own: their names end in
 * letters of this run, so that runs can go side by side, and none meets what others have left.
 */
export class Target {
  readonly url: string;
  readonly differences: Differences;
  /** Of each handshake: a chat may let in pages of certain origins only. */
  readonly headers: Record<string, string>;
  readonly #socketUrl: string | undefined;
  readonly #suffix = randomBytes(5).toString('hex');
  /** Accounts stay: nobody else may know how to get into them. */
  readonly password = randomBytes(18).toString('base64url');
  readonly #logins = new Map<string, Promise<Person>>();
  readonly #refreshTokens = new Set<string>();
  readonly #sockets = new Set<ChatSocket>();

  constructor({ url, socketUrl, differences = new Map(), origin }: TargetOptions) {
    this.url = url.replace(/\/$/, '');
    this.headers = { Origin: origin ?? new URL(url).origin };
    this.#socketUrl = socketUrl?.replace(/\/$/, '');
    this.differences = differences;
  }

  /** A room's or a user's name, of this run. */
  name(base: string): string {
    return `${base}-${this.#suffix}`;
  }

  /** Somebody with an account, and an access token that is good for a while. */
  async person(base: string): Promise<Person> {
    const login = this.#logins.get(base) ?? this.#signUp(this.name(base));
    this.#logins.set(base, login);
    const known = await login;
    if (isFresh(known.access)) return known;
    const again = this.logIn(known.username);
    this.#logins.set(base, again);
    return await again;
  }

  async #signUp(username: string): Promise<Person> {
    const { status } = await post(this.url, '/accounts/registration/', {
      username,
      password: this.password,
    });
    if (status !== 201) {
      throw new Error(
        `The registration of ${username} was answered ${status}: these checks want the built-in accounts.`,
      );
    }
    return await this.logIn(username);
  }

  /** A login of its own; cleanUp() ends it. */
  async logIn(username: string): Promise<Person> {
    const answer = await post(this.url, '/api/token/', { username, password: this.password });
    if (answer.status !== 200) {
      throw new Error(`The login of ${username} was answered ${answer.status}.`);
    }
    const tokens = (await answer.json()) as TokenPair;
    this.willLogOut(tokens.refresh);
    return { username, ...tokens };
  }

  willLogOut(refreshToken: string): void {
    this.#refreshTokens.add(refreshToken);
  }

  /** The address at which a socket to a room opens. */
  socketAddress(room: string, query: Readonly<Record<string, string>> = {}): string {
    if (this.#socketUrl === undefined) {
      const path = `/ws/chat/${encodeURIComponent(room)}/`;
      return `${this.url.replace(/^http/, 'ws')}${path}${asQuery(query)}`;
    }
    return this.#socketUrl + asQuery({ room, ...query });
  }

  /** As the old clients connect: the token in the query, no subprotocol. */
  connectLegacy(room: string, token: string): Promise<ChatSocket> {
    return this.#open(new ChatSocket(this.socketAddress(room, { token }), [], this.headers));
  }

  connectV1(room: string, token: string): Promise<ChatSocket> {
    return this.#open(new ChatSocket(...this.handshakeV1(room, token)));
  }

  /** Address, subprotocols and headers with which a new client opens a socket. */
  handshakeV1(room: string, token: string): Handshake {
    const address = this.socketAddress(room);
    const offered = ['parlor.v1', token];
    if (!this.differences.has('subprotocol')) return [address, offered, this.headers];
    // The client library hangs up when its offer is not taken up, unless it does not know of it.
    const offer = { 'Sec-WebSocket-Protocol': offered.join(', ') };
    return [address, [], { ...this.headers, ...offer }];
  }

  /** @throws Error with the status of a refused handshake */
  async #open(socket: ChatSocket): Promise<ChatSocket> {
    await socket.opened();
    this.#sockets.add(socket);
    return socket;
  }

  /** A link as the API writes it, to where the API can be reached from here. */
  follow(link: string): string {
    const { pathname, search } = new URL(link);
    return this.url + pathname + search;
  }

  /** With which status a handshake is refused that $connect answers with `status`. */
  refusedWith(status: number): RegExp {
    return new RegExp(`refused with ${this.differences.has('refusal status') ? 403 : status}`);
  }

  /** Closes what is open and ends the logins. Accounts and messages stay: nobody can delete them. */
  async cleanUp(): Promise<void> {
    // Those that a failed check has left open; nobody waits for their end.
    for (const { socket } of this.#sockets) socket.terminate();
    for (const refresh of this.#refreshTokens) {
      await post(this.url, '/api/token/blacklist/', { refresh });
    }
    this.#sockets.clear();
    this.#refreshTokens.clear();
  }
}

function asQuery(query: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(query).toString();
  return text && `?${text}`;
}
