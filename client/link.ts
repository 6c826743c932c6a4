import { fullJitter } from './backoff.ts';
import { Connection, type Request } from './connection.ts';
import type { Unsubscribe } from './emitter.ts';
import { asClientError, type ParlorClientError } from './errors.ts';
import type { Platform, Timing } from './options.ts';
import type { Frame } from './parse.ts';
import type { Tokens } from './tokens.ts';
import type { ConnectionState } from './types.ts';
import { Upkeep } from './upkeep.ts';

export interface LinkDependencies {
  platform: Platform;
  timing: Timing;
  tokens: Tokens;
  /** The room to open a socket in: its name, or undefined when there is none. */
  home(): string | undefined;
  /** The address of a socket in a room. */
  address(room: string): string;
  /** What is shown at the handshake in place of the token, if anything. */
  ticket: (() => Promise<string>) | undefined;
  /** Asks by REST why a room's handshake was refused. @throws ParlorClientError the reason */
  probe(room: string): Promise<void>;
}

export interface LinkEvents {
  state(state: ConnectionState): void;
  /** A fresh socket, which is in this room only. */
  opened(home: string): void;
  lost(): void;
  frame(frame: Frame): void;
  /** The server won't have us in the room that the socket was to be opened in. */
  homeRefused(room: string, error: ParlorClientError): void;
}

/**
 * The lasting connection: a socket that is opened again whenever it ends, kept awake, replaced
 * before the server cuts it, and given fresh tokens. It knows no more of rooms than that a socket
 * is opened in one.
 */
export class Link {
  readonly #on: LinkDependencies;
  readonly #events: LinkEvents;
  readonly #stopWaking: Unsubscribe;
  #state: ConnectionState = { status: 'idle' };
  #connection: Connection | undefined;
  #upkeep: Upkeep | undefined;
  #openedAt = 0;
  /** Counts attempts, so that one that was overtaken knows. */
  #turn = 0;
  #failures = 0;
  #cancelRetry: Unsubscribe | undefined;

  constructor(dependencies: LinkDependencies, events: LinkEvents) {
    this.#on = dependencies;
    this.#events = events;
    this.#stopWaking = dependencies.platform.onWake(() => this.wake());
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Begins, if it has not begun. */
  start(): void {
    if (this.#state.status !== 'idle') return;
    this.#set({ status: 'connecting' });
    void this.#connect();
  }

  send(frame: Record<string, unknown>): boolean {
    return this.#connection?.send(frame) ?? false;
  }

  /** @throws ParlorClientError `unreachable` */
  async request(request: Request): Promise<Frame> {
    if (!this.#connection) throw asClientError(undefined);
    return await this.#connection.request(request);
  }

  /** Something happened that makes an attempt, or a look at the socket, worth it now. */
  wake(): void {
    if (this.#cancelRetry) this.#retry();
    else this.ping();
  }

  /** Asks for the newest seqs, which come as a frame. */
  ping(): void {
    void this.#upkeep?.ping();
  }

  /** Gives the socket up, for the server has forgotten it. */
  drop(): void {
    const connection = this.#connection;
    if (!connection) return;
    connection.close();
    this.#lost(connection);
  }

  /** The server says that the token has ended, or is about to. */
  renew(): void {
    void this.#upkeep?.renewNow();
  }

  /** There is no room any more. */
  rest(): void {
    this.#stop();
    if (this.#state.status !== 'closed') this.#set({ status: 'idle' });
  }

  close(error?: ParlorClientError): void {
    if (this.#state.status === 'closed') return;
    this.#stop();
    this.#stopWaking();
    this.#set({ status: 'closed', ...(error && { error }) });
  }

  /** @returns whether the error ends it all: then it is closed */
  sessionOver(error: ParlorClientError): boolean {
    if (!SESSION_OVER.has(error.code)) return false;
    this.close(error);
    return true;
  }

  async #connect(): Promise<void> {
    const turn = ++this.#turn;
    const home = this.#on.home();
    if (home === undefined) return this.rest();
    try {
      const { connection, token } = await this.#dial(home);
      if (turn === this.#turn) this.#adopt(connection, token, home);
      else connection.close();
    } catch (error) {
      if (turn === this.#turn) await this.#failed(turn, home, asClientError(error));
    }
  }

  /** @returns an open socket @throws ParlorClientError */
  async #dial(home: string): Promise<{ connection: Connection; token: string }> {
    const { platform, timing, tokens, ticket, address } = this.#on;
    const token = await tokens.current();
    const shown = ticket ? await ticket() : token;
    const connection = new Connection(platform, timing, address(home), [SUBPROTOCOL, shown]);
    await connection.opened;
    return { connection, token };
  }

  #adopt(connection: Connection, token: string, home: string): void {
    const old = this.#connection;
    this.#connection = connection;
    this.#openedAt = this.#on.platform.now();
    this.#upkeep?.stop();
    this.#upkeep = new Upkeep(connection, token, {
      ...this.#on,
      heads: this.#events.frame,
      dead: () => this.drop(),
      old: () => this.#replace(),
      sessionOver: (error) => this.sessionOver(error),
    });
    old?.close();
    this.#set({ status: 'online' });
    // Rooms first: what the socket has to tell belongs to them.
    this.#events.opened(home);
    connection.listen({
      frame: (frame) => this.#receive(frame),
      ended: () => this.#lost(connection),
    });
  }

  #receive(frame: Frame): void {
    if (frame.type === 'error' && TOKEN_ENDS.has(frame.error.code)) {
      this.renew();
      // That a message was refused for it is its room's business, too.
      if (frame.ref === undefined) return;
    }
    this.#events.frame(frame);
  }

  #lost(connection: Connection): void {
    if (connection !== this.#connection) return;
    this.#connection = undefined;
    this.#upkeep?.stop();
    this.#upkeep = undefined;
    const { platform, timing } = this.#on;
    if (platform.now() - this.#openedAt > timing.answer) this.#failures = 0;
    this.#events.lost();
    this.#retryLater();
  }

  async #failed(turn: number, home: string, error: ParlorClientError): Promise<void> {
    let reason = error;
    // A browser doesn't say why a handshake failed, so REST is asked: at the 1st, 2nd, 4th, …
    // failure in a row, for a server in trouble shouldn't be asked twice each time.
    const powerOfTwo = (this.#failures & (this.#failures + 1)) === 0;
    if (error.retryable && powerOfTwo) {
      reason = await this.#on.probe(home).then(() => error, asClientError);
      if (turn !== this.#turn) return;
    }
    if (this.sessionOver(reason)) return;
    if (ROOM_REFUSED.has(reason.code)) {
      this.#events.homeRefused(home, reason);
      await this.#connect();
    } else this.#retryLater(reason.retryAfter);
  }

  #retryLater(atLeastSeconds = 0): void {
    const { platform, timing } = this.#on;
    const pause = fullJitter(this.#failures++, timing, platform.random());
    const ms = Math.max(pause, atLeastSeconds * 1_000);
    this.#cancelRetry?.();
    this.#cancelRetry = platform.after(ms, () => this.#retry());
    this.#set({ status: 'offline', attempt: this.#failures, retryAt: platform.now() + ms });
  }

  #retry(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    void this.#connect();
  }

  /** Opens the next socket while this one still serves, so that nobody notices the change. */
  async #replace(): Promise<void> {
    const upkeep = this.#upkeep;
    const home = this.#on.home();
    if (home === undefined) return;
    try {
      const next = await this.#dial(home);
      if (upkeep === this.#upkeep) this.#adopt(next.connection, next.token, home);
      else next.connection.close();
    } catch {
      // The old one goes on until it is cut; there is time to try again.
      upkeep?.tryReplacingLater();
    }
  }

  #stop(): void {
    this.#turn++;
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#upkeep?.stop();
    this.#upkeep = undefined;
    const connection = this.#connection;
    this.#connection = undefined;
    connection?.close();
    if (connection) this.#events.lost();
  }

  #set(state: ConnectionState): void {
    this.#state = state;
    this.#events.state(state);
  }
}

// The value of protocol/frames.ts stands here again, for that module brings a schema library.
const SUBPROTOCOL = 'parlor.v1';

const TOKEN_ENDS: ReadonlySet<string> = new Set(['token_expiring', 'token_expired']);

/** The person has to log in again, as the same or at all. */
const SESSION_OVER: ReadonlySet<string> = new Set([
  'signed_out',
  'token_not_valid',
  'token_expired',
  'not_authenticated',
  'bad_authorization_header',
  'user_not_found',
  'user_inactive',
  'wrong_user',
]);

export const ROOM_REFUSED: ReadonlySet<string> = new Set([
  'removed_from_room',
  'room_name_invalid',
]);
