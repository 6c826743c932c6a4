import { Connection } from './connection.ts';
import { asClientError, type ParlorClientError } from './errors.ts';
import { inTime } from './in-time.ts';
import type { Surroundings } from './options.ts';
import type { Tokens } from './tokens.ts';

export interface DialerDependencies extends Surroundings {
  tokens: Tokens;
  /**
   * The room to open a socket in: its name, or undefined when there is none.
   *
   * @param misses how many attempts in a row have failed
   */
  home(misses: number): string | undefined;
  /** The address of a socket in a room. */
  address(room: string): string;
  /** What is shown at the handshake in place of the token, if anything. */
  ticket: (() => Promise<string>) | undefined;
  /** Asks by REST why a room's handshake was refused. @throws ParlorClientError the reason */
  probe(room: string): Promise<unknown>;
}

export interface Dialed {
  connection: Connection;
  /** The token that it lives by. */
  token: string;
}

/** Opens sockets, one at a time. */
export class Dialer {
  readonly #deps: DialerDependencies;
  /** Tells an attempt that it was overtaken. */
  #turn = 0;
  #misses = 0;
  #opening: Connection | undefined;

  constructor(dependencies: DialerDependencies) {
    this.#deps = dependencies;
  }

  /** The room in which the next socket will be opened. */
  get home(): string | undefined {
    return this.#deps.home(this.#misses);
  }

  /**
   * Opens a socket. Whoever dials ends the attempt before.
   *
   * @returns it, or why not; undefined when this attempt was ended
   */
  async dial(home: string): Promise<Dialed | ParlorClientError | undefined> {
    this.stop();
    const turn = this.#turn;
    const dialed = await this.#open(home, turn).catch((error) => this.#reason(home, turn, error));
    if (turn !== this.#turn) return undefined;
    this.#opening = undefined;
    const missed = dialed instanceof Error;
    this.#misses = missed ? this.#misses + 1 : 0;
    return dialed;
  }

  stop(): void {
    this.#turn++;
    this.#opening?.close();
    this.#opening = undefined;
  }

  async #open(home: string, turn: number): Promise<Dialed | undefined> {
    const { tokens, ticket, address } = this.#deps;
    const token = await tokens.current();
    const shown = ticket ? (await inTime(this.#deps, ticket())).trim() : token;
    if (turn !== this.#turn) return undefined;
    const connection = new Connection(this.#deps, address(home), [SUBPROTOCOL, shown]);
    this.#opening = connection;
    await connection.opened;
    return { connection, token };
  }

  /**
   * A browser doesn't say why a handshake failed, so REST is asked: at the 1st, 2nd, 4th, … failure
   * in a row, for a server in trouble shouldn't be asked twice each time.
   */
  async #reason(home: string, turn: number, failure: unknown): Promise<ParlorClientError> {
    const error = asClientError(failure);
    const powerOfTwo = (this.#misses & (this.#misses + 1)) === 0;
    if (turn !== this.#turn || !error.retryable || !powerOfTwo) return error;
    return await this.#deps.probe(home).then(() => error, asClientError);
  }
}

// The value of protocol/frames.ts stands here again, for that module brings a schema library.
const SUBPROTOCOL = 'parlor.v1';
