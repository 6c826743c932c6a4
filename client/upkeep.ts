import type { Connection } from './connection.ts';
import type { Unsubscribe } from './emitter.ts';
import { asClientError, type ParlorClientError } from './errors.ts';
import type { Platform, Timing } from './options.ts';
import type { Frame } from './parse.ts';
import type { Tokens } from './tokens.ts';

export interface UpkeepDependencies {
  platform: Platform;
  timing: Timing;
  tokens: Tokens;
  /** An answer to a ping. */
  heads(pong: Frame): void;
  /** The socket is dead, or of no use any more. */
  dead(): void;
  /** It is about to be cut for its age. */
  old(): void;
  /** No fresh token will be had: the person has to log in again. */
  sessionOver(error: ParlorClientError): boolean;
}

type Timer = 'ping' | 'renew' | 'replace';

/** Keeps one open socket alive: its heartbeat, its token, its age. */
export class Upkeep {
  readonly #connection: Connection;
  readonly #on: UpkeepDependencies;
  readonly #timers = new Map<Timer, Unsubscribe>();
  /** The token that the socket lives by. */
  #token: string;
  #renewing = false;
  #stopped = false;

  constructor(connection: Connection, token: string, dependencies: UpkeepDependencies) {
    this.#connection = connection;
    this.#token = token;
    this.#on = dependencies;
    const { platform, timing } = dependencies;
    this.#in('ping', timing.heartbeat, () => this.ping());
    // Not all at the same age, or those who came together would come together again.
    const age = timing.socketLife * (0.9 + 0.1 * platform.random());
    this.#in('replace', age, () => this.#on.old());
    this.#renewInTime();
  }

  stop(): void {
    this.#stopped = true;
    for (const cancel of this.#timers.values()) cancel();
  }

  /** The socket could not be replaced; it still serves. */
  tryReplacingLater(): void {
    this.#in('replace', this.#on.timing.backoffMax, () => this.#on.old());
  }

  async ping(): Promise<void> {
    const { platform, timing, heads, dead } = this.#on;
    const asked = platform.now();
    this.#in('ping', timing.heartbeat, () => this.ping());
    try {
      heads(await this.#connection.request({ action: 'ping' }));
    } catch {
      if (this.#stopped) return;
      // Only the answer was lost, and with it the heads: ask again. Or all is silent: it is dead.
      if (this.#connection.heardAt > asked) await this.ping();
      else dead();
    }
  }

  /** Brings a fresh token: the server says that the one in use has ended, or is about to. */
  renewNow(): Promise<void> {
    return this.#renew(this.#token);
  }

  #renewInTime(): void {
    const ms = this.#on.tokens.renewIn;
    if (ms !== undefined) this.#in('renew', ms, () => this.#renew());
  }

  async #renew(refused?: string): Promise<void> {
    // A mere token can't be renewed: the server will end the connection and say why.
    if (this.#renewing || !this.#on.tokens.renewable) return;
    this.#renewing = true;
    try {
      const token = await this.#on.tokens.current(refused);
      const answer = await this.#connection.request({ action: 'auth', token });
      if (answer.type === 'error') throw answer.error;
      this.#token = token;
      this.#renewInTime();
      // Had the old one ended already, events were missed: the heads tell.
      void this.ping();
    } catch (error) {
      this.#notRenewed(asClientError(error));
    } finally {
      this.#renewing = false;
    }
  }

  #notRenewed(error: ParlorClientError): void {
    if (this.#stopped || this.#on.sessionOver(error)) return;
    if (error.retryable) this.#in('renew', this.#on.timing.backoffMin, () => this.#renew());
    // The handshake of the next socket finds out what is wrong.
    else this.#on.dead();
  }

  #in(timer: Timer, ms: number, action: () => unknown): void {
    this.#timers.get(timer)?.();
    if (this.#stopped) return;
    this.#timers.set(
      timer,
      this.#on.platform.after(ms, () => void action()),
    );
  }
}
