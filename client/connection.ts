import { asClientError } from './errors.ts';
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

/** One socket, from its handshake to its end. */
export class Connection {
  /** Settles with the handshake. Rejects with ParlorClientError `unreachable`. */
  readonly opened: Promise<void>;
  readonly #platform: Platform;
  readonly #answerMs: number;
  readonly #socket: SocketLike;
  /** What settles a request, by its id: with its answer, or by word that none will come. */
  readonly #waiting = new Map<string, (frame?: Frame) => void>();
  #events: ConnectionEvents | undefined;
  /** Frames that came before anybody listened. */
  #early: Frame[] = [];
  #ended = false;
  #requests = 0;
  #heard = 0;

  constructor(platform: Platform, timing: Timing, url: string, protocols: string[]) {
    this.#platform = platform;
    this.#answerMs = timing.answer;
    this.#socket = platform.openSocket(url, protocols);
    this.opened = this.#handshake();
  }

  /** How many frames have come. */
  get heard(): number {
    return this.#heard;
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
      const settle = (frame?: Frame) => {
        cancel();
        this.#waiting.delete(id);
        if (frame) resolve(frame);
        else reject(noAnswer());
      };
      const cancel = this.#platform.after(this.#answerMs, () => settle());
      this.#waiting.set(id, settle);
      if (!this.send({ ...request, id })) settle();
    });
  }

  /** Ends it from this side, without a word to whoever listens. */
  close(): void {
    this.#events = undefined;
    this.#end();
    this.#socket.close(1000);
  }

  #handshake(): Promise<void> {
    const socket = this.#socket;
    socket.onmessage = ({ data }: { data: unknown }) => this.#receive(data);
    socket.onclose = () => this.#end();
    // What went wrong is not told; that it ended is told by `onclose`.
    socket.onerror = () => {};
    return new Promise((resolve, reject) => {
      const cancel = this.#platform.after(this.#answerMs, () => this.close());
      const settle = (settled: () => void) => {
        cancel();
        this.#waiting.delete(HANDSHAKE);
        settled();
      };
      this.#waiting.set(HANDSHAKE, () => settle(() => reject(noAnswer())));
      socket.onopen = () => settle(resolve);
    });
  }

  #receive(data: unknown): void {
    if (this.#ended) return;
    this.#heard++;
    const frame = parseFrame(data);
    if (!frame) return;
    const settle = 'ref' in frame && frame.ref ? this.#waiting.get(frame.ref) : undefined;
    if (settle) settle(frame);
    else if (this.#events) this.#events.frame(frame);
    else this.#early.push(frame);
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const settle of [...this.#waiting.values()]) settle();
    this.#events?.ended();
  }
}

/** Waits like a request, under an id that none has. */
const HANDSHAKE = '';

const noAnswer = () => asClientError(undefined);
