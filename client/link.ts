import { pauseAfter } from './backoff.ts';
import type { Connection, Request } from './connection.ts';
import { type Dialed, Dialer, type DialerDependencies } from './dialer.ts';
import type { Unsubscribe } from './emitter.ts';
import { asClientError, ParlorClientError } from './errors.ts';
import type { Frame } from './parse.ts';
import { FINAL, ROOM_REFUSED, TOKEN_ENDS } from './refusals.ts';
import { Timer } from './timer.ts';
import type { ConnectionState } from './types.ts';
import { Upkeep } from './upkeep.ts';

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
  readonly #deps: DialerDependencies;
  readonly #events: LinkEvents;
  readonly #stopWaking: Unsubscribe;
  readonly #dialer: Dialer;
  readonly #retry: Timer;
  #state: ConnectionState = { status: 'idle' };
  #connection: Connection | undefined;
  #upkeep: Upkeep | undefined;
  #openedAt = 0;
  /** Attempts in a row that brought no lasting connection. */
  #failures = 0;

  constructor(dependencies: DialerDependencies, events: LinkEvents) {
    this.#deps = dependencies;
    this.#events = events;
    this.#dialer = new Dialer(dependencies);
    this.#retry = new Timer(dependencies.platform);
    this.#stopWaking = dependencies.platform.onWake(() => {
      // An attempt, or a look at the socket, is worth it now.
      if (this.#retry.cancel()) void this.#connect();
      else this.ping();
    });
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

  /** Asks for the newest seqs, which come as a frame. */
  ping(): void {
    void this.#upkeep?.ping();
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
    this.#set({ status: 'closed', error });
  }

  /** @returns whether the error ends it all: then it is closed */
  sessionOver(error: ParlorClientError): boolean {
    if (!FINAL.has(error.code)) return false;
    this.close(error);
    return true;
  }

  async #connect(): Promise<void> {
    const { home } = this.#dialer;
    if (home === undefined) return this.rest();
    const dialed = await this.#dialer.dial(home);
    if (dialed instanceof ParlorClientError) this.#failed(home, dialed);
    else if (dialed) this.#adopt(dialed, home);
  }

  #failed(home: string, error: ParlorClientError): void {
    if (this.sessionOver(error)) return;
    if (ROOM_REFUSED.has(error.code)) {
      this.#events.homeRefused(home, error);
      void this.#connect();
    } else this.#retryLater(error);
  }

  #adopt({ connection, token }: Dialed, home: string): void {
    const old = this.#connection;
    this.#connection = connection;
    this.#retry.cancel();
    this.#openedAt = this.#deps.platform.now();
    this.#upkeep?.stop();
    this.#upkeep = new Upkeep(connection, token, {
      ...this.#deps,
      dead: () => this.#drop(),
      old: () => this.#replace(),
      sessionOver: (error) => this.sessionOver(error),
    });
    old?.close();
    this.#set({ status: 'online' });
    // Whoever was told may have ended it.
    if (connection !== this.#connection) return;
    // Rooms first: what the socket has to tell belongs to them.
    this.#events.opened(home);
    connection.listen({
      frame: (frame) => this.#receive(frame),
      ended: () => this.#lost(connection),
    });
  }

  #receive(frame: Frame): void {
    // Whatever was refused: what is wrong may be the connection itself.
    const code = frame.type === 'error' ? frame.error.code : '';
    if (code === 'connection_gone') this.#drop();
    else if (TOKEN_ENDS.has(code)) void this.#upkeep?.renewNow();
    this.#events.frame(frame);
  }

  /** Gives the socket up: it is dead, or the server has forgotten it. */
  #drop(): void {
    const connection = this.#connection;
    if (!connection) return;
    connection.close();
    this.#lost(connection);
  }

  #lost(connection: Connection): void {
    if (connection !== this.#connection) return;
    this.#connection = undefined;
    this.#upkeep?.stop();
    this.#upkeep = undefined;
    const { platform, timing } = this.#deps;
    if (platform.now() - this.#openedAt > timing.answer) this.#failures = 0;
    this.#retryLater();
    this.#events.lost();
  }

  /** @param error why the last attempt failed; a connection that ended does not say why */
  #retryLater(error?: ParlorClientError): void {
    const ms = pauseAfter(this.#failures++, this.#deps, error?.retryAfter);
    this.#retry.set(ms, () => void this.#connect());
    this.#set({
      status: 'offline',
      error,
      attempt: this.#failures,
      retryAt: this.#deps.platform.now() + ms,
    });
  }

  /** Opens the next socket while this one still serves, so that nobody notices the change. */
  async #replace(): Promise<void> {
    const upkeep = this.#upkeep;
    const { home } = this.#dialer;
    const dialed = home === undefined ? undefined : await this.#dialer.dial(home);
    // The old one goes on until it is cut; there is time to try again.
    if (home === undefined || dialed instanceof ParlorClientError) upkeep?.tryReplacingLater();
    else if (dialed) this.#adopt(dialed, home);
  }

  #stop(): void {
    this.#dialer.stop();
    this.#retry.cancel();
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
