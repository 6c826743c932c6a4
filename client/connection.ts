import { asClientError, type ParlorClientError } from './errors.ts';
import type { Platform, SocketLike, Timing } from './options.ts';
import { type Frame, parseFrame } from './parse.ts';

/** What is sent and answered by a frame with the same `ref`. */
export type Request =
  | { action: 'join' | 'leave'; room: string }
  | { action: 'ping' }
  | { action: 'auth'; token: string };

export interface ConnectionEvents {
  frame(frame: Frame): void;
  /** It is over. Told once, and not after `close`. */
  ended(): void;
}

interface Waiting {
  resolve(frame: Frame): void;
  reject(error: ParlorClientError): void;
  cancel(): void;
}

/** One socket, from its handshake to its end. */
export class Connection {
  /** Settles with the handshake. Rejects with ParlorClientError `unreachable`. */
  readonly opened: Promise<void>;
  readonly #platform: Platform;
  readonly #answerMs: number;
  readonly #socket: SocketLike;
  readonly #waiting = new Map<string, Waiting>();
  #events: ConnectionEvents | undefined;
  /** Frames that came before anybody listened. */
  #early: Frame[] = [];
  #ended = false;
  #requests = 0;
  #heardAt = 0;

  constructor(platform: Platform, timing: Timing, url: string, protocols: string[]) {
    this.#platform = platform;
    this.#answerMs = timing.answer;
    this.#socket = platform.openSocket(url, protocols);
    this.opened = this.#handshake();
  }

  /** When the last frame came, in milliseconds since 1970. */
  get heardAt(): number {
    return this.#heardAt;
  }

  listen(events: ConnectionEvents): void {
    this.#events = events;
    for (const frame of this.#early.splice(0)) events.frame(frame);
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
    return new Promise((resolve, reject) => {
      const cancel = this.#platform.after(this.#answerMs, () => {
        this.#waiting.delete(id);
        reject(noAnswer());
      });
      if (!this.send({ ...request, id })) {
        cancel();
        reject(noAnswer());
        return;
      }
      this.#waiting.set(id, { resolve, reject, cancel });
    });
  }

  /** Ends it from this side, without a word to whoever listens. */
  close(): void {
    this.#events = undefined;
    this.#end();
    this.#socket.close(1000);
  }

  #handshake(): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = this.#socket;
      const cancel = this.#platform.after(this.#answerMs, () => {
        reject(noAnswer());
        this.close();
      });
      socket.onopen = () => {
        cancel();
        resolve();
      };
      socket.onmessage = ({ data }: { data: unknown }) => this.#receive(data);
      socket.onclose = () => {
        cancel();
        reject(noAnswer());
        this.#end();
      };
      // What went wrong is not told; that it ended is told by `onclose`.
      socket.onerror = () => {};
    });
  }

  #receive(data: unknown): void {
    if (this.#ended) return;
    this.#heardAt = this.#platform.now();
    const frame = parseFrame(data);
    if (!frame) return;
    const waiting = 'ref' in frame && frame.ref ? this.#take(frame.ref) : undefined;
    if (waiting) waiting.resolve(frame);
    else if (this.#events) this.#events.frame(frame);
    else this.#early.push(frame);
  }

  #take(ref: string): Waiting | undefined {
    const waiting = this.#waiting.get(ref);
    waiting?.cancel();
    this.#waiting.delete(ref);
    return waiting;
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const id of [...this.#waiting.keys()]) this.#take(id)?.reject(noAnswer());
    this.#events?.ended();
  }
}

const noAnswer = () => asClientError(undefined);
