import { isUtf8 } from 'node:buffer';
import type { RawData, WebSocket } from 'ws';
import type { GatewayLimits } from './gateway-limits.ts';
import type { SocketOrigin } from './socket-events.ts';

export interface SessionListener {
  message(body: string): void;
  /** Comes once, as soon as the connection can no longer be posted to. */
  ended(code: number, reason: string): void;
}

/** setTimeout() takes no more; longer ones would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const timer = (seconds: number, act: () => void) =>
  setTimeout(act, Math.min(seconds * 1000, LONGEST_TIMER_MS));

/** One open connection, from the end of its $connect on. */
export class SocketSession {
  readonly origin: SocketOrigin;
  readonly #socket: WebSocket;
  readonly #bufferedBytes: number;
  readonly #listener: SessionListener;
  readonly #idle: NodeJS.Timeout;
  readonly #lifetime: NodeJS.Timeout;
  #lastActiveAt = Date.now();
  #ended = false;

  constructor(
    socket: WebSocket,
    origin: SocketOrigin,
    limits: GatewayLimits,
    listener: SessionListener,
  ) {
    this.origin = origin;
    this.#socket = socket;
    this.#bufferedBytes = limits.bufferedBytes;
    this.#listener = listener;
    this.#idle = timer(limits.idleSeconds, () => this.end(1001, 'Going away'));
    this.#lifetime = timer(limits.lifetimeSeconds, () => this.end(1001, 'Going away'));
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    // `ws` has answered the broken frame with a close frame by then.
    socket.on('error', (error) => this.end(closeCodeOf(error), 'Protocol error'));
    socket.on('close', (code, reason) => this.#finish(code, closeReason(code, reason.toString())));
  }

  /** Milliseconds since 1970 of the last message in either direction. */
  get lastActiveAt(): number {
    return this.#lastActiveAt;
  }

  /** Sends a text frame; `full` when the client has too much unread already. */
  post(body: Buffer | string): 'sent' | 'gone' | 'full' {
    if (this.#ended || this.#socket.readyState !== this.#socket.OPEN) return 'gone';
    if (this.#socket.bufferedAmount > this.#bufferedBytes) return 'full';
    this.#touch();
    // A text frame that is not UTF-8 would make the client hang up.
    const text = typeof body === 'string' || isUtf8(body) ? body : body.toString();
    // A frame that can't be written any more is lost, as on AWS; 'close' tells the rest.
    this.#socket.send(text, { binary: false }, () => {});
    return 'sent';
  }

  /** Closes the connection. Harmless when it is closed. */
  end(code: number, reason: string): void {
    if (this.#ended) return;
    this.#socket.close(code, reason);
    this.#finish(code, reason);
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#ended) return;
    if (isBinary) {
      this.end(1003, 'Binary is not supported');
      return;
    }
    this.#touch();
    // A Buffer, since `ws` is not told to give anything else.
    this.#listener.message(data.toString());
  }

  /** Pings are no traffic: on AWS they can't be relied on to keep a connection. */
  #touch(): void {
    this.#lastActiveAt = Date.now();
    this.#idle.refresh();
  }

  #finish(code: number, reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#idle);
    clearTimeout(this.#lifetime);
    this.#listener.ended(code, reason);
  }
}

/** The code with which `ws` closes after an error of the client's. */
function closeCodeOf(error: Error): number {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'WS_ERR_INVALID_UTF8') return 1007;
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') return 1009;
  if (code === 'WS_ERR_TOO_MANY_BUFFERED_PARTS') return 1008;
  return 1002;
}

function closeReason(code: number, reason: string): string {
  return code === 1005 ? 'Client-side close frame status not set' : reason;
}
