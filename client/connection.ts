import { asClientError } from './errors.ts';
import { inTime } from './in-time.ts';
import type { SocketLike, Surroundings } from './options.ts';
import { type Frame, parseFrame } from './parse.ts';

/** What is sent and answered by a frame with the same `ref`. */
export type Request =
  | { action: 'join' | 'leave'; room: string }
  | { action: 'ping' }
  | { action: 'auth'; token: string };

export interface ConnectionEvents {
  /** Answers to requests, too. */
  frame(frame: Frame): void;
  /** It is over. Told once, and not after `close`. */
  ended(): void;
}

/** One socket, from its handshake to its end. */
export class Connection {
  /** Settles with the handshake. Rejects with ParlorClientError `unreachable`. */
  readonly opened: Promise<unknown>;
  readonly #surroundings: Surroundings;
  readonly #socket: SocketLike;
  /** What takes the answer to a request, by its id. */
  readonly #waiting = new Map<string, (answer: Frame) => void>();
  #events: ConnectionEvents | undefined;
  /** Frames that came before anybody listened. */
  #early: Frame[] = [];
  #ended = false;
  /** Tells whoever waits that nothing will come. */
  #giveUp = (): void => {};
  readonly #over = new Promise<never>((_, reject) => {
    this.#giveUp = reject;
  });
  #requests = 0;
  #heard = 0;

  constructor(surroundings: Surroundings, url: string, protocols: string[]) {
    this.#surroundings = surroundings;
    const socket = surroundings.platform.openSocket(url, protocols);
    this.#socket = socket;
    socket.onmessage = ({ data }: { data: unknown }) => this.#receive(data);
    socket.onclose = () => this.#end();
    // What went wrong is not told; that it ended is told by `onclose`.
    socket.onerror = () => {};
    this.opened = this.#answer((resolve) => {
      socket.onopen = resolve;
    });
    // Whoever waits for `opened` is told.
    this.opened.catch(() => this.close());
  }

  /** How many frames have come. */
  get heard(): number {
    return this.#heard;
  }

  listen(events: ConnectionEvents): void {
    this.#events = events;
    for (const frame of this.#early.splice(0)) this.#take(frame);
    if (this.#ended) events.ended();
  }

  /** Whether it went out; only an answer tells that it arrived. */
  send(frame: Record<string, unknown>): boolean {
    if (this.#ended) return false;
    try {
      this.#socket.send(JSON.stringify(frame));
      return true;
    } catch {
      // It is closing: its end is about to be told.
      return false;
    }
  }

  /**
   * @returns the frame that answers, an error frame too
   * @throws ParlorClientError `unreachable` when none came in time or the socket ended
   */
  request(request: Request): Promise<Frame> {
    const id = `q${++this.#requests}`;
    return this.#answer<Frame>((resolve, reject) => {
      this.#waiting.set(id, resolve);
      if (!this.send({ ...request, id })) reject();
    }).finally(() => this.#waiting.delete(id));
  }

  /** Ends it from this side, without a word to whoever listens. */
  close(): void {
    this.#events = undefined;
    this.#end();
    this.#socket.close(1000);
  }

  async #answer<T>(ask: (resolve: (answer: T) => void, reject: () => void) => void): Promise<T> {
    try {
      const answer = Promise.race([new Promise<T>(ask), this.#over]);
      return await inTime(this.#surroundings, answer);
    } catch (error) {
      throw asClientError(error);
    }
  }

  #receive(data: unknown): void {
    if (this.#ended) return;
    this.#heard++;
    const frame = parseFrame(data);
    if (!frame) return;
    if (this.#events) this.#take(frame);
    else this.#early.push(frame);
  }

  #take(frame: Frame): void {
    if ('ref' in frame && frame.ref) this.#waiting.get(frame.ref)?.(frame);
    this.#events?.frame(frame);
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#giveUp();
    this.#events?.ended();
  }
}
