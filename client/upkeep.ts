import { pauseAfter } from './backoff.ts';
import type { Connection } from './connection.ts';
import type { Unsubscribe } from './emitter.ts';
import { asClientError, type ParlorClientError } from './errors.ts';
import type { Surroundings } from './options.ts';
import type { Tokens } from './tokens.ts';

export interface UpkeepDependencies extends Surroundings {
  tokens: Tokens;
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
  readonly #deps: UpkeepDependencies;
  readonly #timers = new Map<Timer, Unsubscribe>();
  /** The token that the socket lives by. */
  #token: string;
  #renewing = false;
  /** Renewals in a row that failed. */
  #failures = 0;
  #pinging = false;
  #pingAgain = false;
  #stopped = false;

  constructor(connection: Connection, token: string, dependencies: UpkeepDependencies) {
    this.#connection = connection;
    this.#token = token;
    this.#deps = dependencies;
    const { platform, timing } = dependencies;
    this.#in('ping', timing.heartbeat, () => this.ping());
    // Not all at the same age, or those who came together would come together again.
    const age = timing.socketLife * (0.9 + 0.1 * platform.random());
    this.#in('replace', age, () => this.#deps.old());
  }

  stop(): void {
    this.#stopped = true;
    for (const cancel of this.#timers.values()) cancel();
  }

  /** The socket could not be replaced; it still serves. */
  tryReplacingLater(): void {
    this.#in('replace', this.#deps.timing.backoffMax, () => this.#deps.old());
  }

  /** Asks for the heads; once more, if it is asked while it does. */
  async ping(): Promise<void> {
    this.#pingAgain = true;
    if (this.#pinging) return;
    this.#pinging = true;
    while (this.#pingAgain && !this.#stopped) {
      this.#pingAgain = false;
      this.#in('ping', this.#deps.timing.heartbeat, () => this.ping());
      await this.#pingOnce();
    }
    this.#pinging = false;
  }

  /**
   * Brings a fresh token: the server says that the one in use has ended, or is about to. Mostly it
   * never does: a socket lives as long as its login.
   */
  renewNow(): Promise<void> {
    return this.#renew(this.#token);
  }

  async #pingOnce(): Promise<void> {
    const { heard } = this.#connection;
    // No answer is told below, by what was heard instead.
    const answer = await this.#connection.request({ action: 'ping' }).catch(() => undefined);
    if (this.#stopped) return;
    if (answer?.type === 'error') this.#refused(answer.error);
    if (answer) return;
    // Only the answer was lost, and with it the heads. Or all is silent: it is dead.
    if (this.#connection.heard > heard) this.#pingAgain = true;
    else this.#deps.dead();
  }

  #refused({ retryAfter = 0 }: ParlorClientError): void {
    const ms = Math.max(this.#deps.timing.answer, retryAfter * 1_000);
    this.#in('ping', ms, () => this.ping());
  }

  /** @param refused a token that won't do any more */
  async #renew(refused: string): Promise<void> {
    const { tokens } = this.#deps;
    // A mere token can't be renewed: the server will end the connection and say why.
    if (this.#renewing || !tokens.renewable) return;
    this.#renewing = true;
    let latest = refused;
    try {
      latest = await tokens.current(refused);
      if (latest !== this.#token) await this.#bring(latest);
      this.#failures = 0;
    } catch (error) {
      this.#notRenewed(asClientError(error), refused, latest);
    } finally {
      this.#renewing = false;
    }
  }

  async #bring(token: string): Promise<void> {
    const answer = await this.#connection.request({ action: 'auth', token });
    if (answer.type === 'error') throw answer.error;
    this.#token = token;
    // Had the old one ended already, events were missed: the heads tell.
    void this.ping();
  }

  #notRenewed(error: ParlorClientError, refused: string, latest: string): void {
    if (this.#stopped) return;
    // There may be another one in a moment. If not, the server ends the connection, and the
    // handshake of the next one finds out what is wrong.
    const another = error.code === 'token_not_valid';
    if (another || error.retryable) {
      const ms = pauseAfter(this.#failures++, this.#deps, error.retryAfter);
      this.#in('renew', ms, () => this.#renew(another ? latest : refused));
    } else if (!this.#deps.sessionOver(error)) this.#deps.dead();
  }

  #in(timer: Timer, ms: number, action: () => unknown): void {
    this.#timers.get(timer)?.();
    if (this.#stopped) return;
    this.#timers.set(
      timer,
      this.#deps.platform.after(ms, () => void action()),
    );
  }
}
