import type { ServerFrame, SUBPROTOCOL as Subprotocol } from '../protocol/frames.ts';
import { fullJitter } from './backoff.ts';
import { accessToken, SignedOut } from './session.ts';

// The value stands here because the module that it comes from would bring zod into the page.
const SUBPROTOCOL: typeof Subprotocol = 'parlor.v1';

/** API Gateway cuts a connection that was idle for ten minutes. */
const PING_MS = 4 * 60_000;
const ANSWER_MS = 10_000;

export type Link = 'connecting' | 'live' | 'lost';

export interface ConnectionEvents {
  link: (link: Link) => void;
  frame: (frame: ServerFrame) => void;
  signedOut: () => void;
}

/** The socket of a room: opened again whenever it is lost, and pinged to know that it is not. */
export class Connection {
  readonly #room: string;
  readonly #events: ConnectionEvents;
  #socket: WebSocket | undefined;
  #attempt = 0;
  #refusedToken: string | undefined;
  /** The token that the open socket lives by. */
  #token = '';
  #renewing = false;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #deadline: ReturnType<typeof setTimeout> | undefined;

  constructor(room: string, events: ConnectionEvents) {
    this.#room = room;
    this.#events = events;
    addEventListener('online', () => this.#now());
    // A laptop that wakes up has a dead socket more often than not.
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) this.#ping();
    });
    setInterval(() => this.#ping(), PING_MS);
    events.link('connecting');
    void this.#open();
  }

  /** Whether the frame went out; that it arrives is told by an answer only. */
  send(frame: Record<string, unknown>): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  async #open(): Promise<void> {
    let token: string;
    try {
      token = await accessToken(this.#refusedToken);
    } catch (error) {
      if (error instanceof SignedOut) this.#events.signedOut();
      else this.#later();
      return;
    }
    const url = new URL(`/ws/chat/${encodeURIComponent(this.#room)}/`, location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    const socket = new WebSocket(url, [SUBPROTOCOL, token]);
    this.#socket = socket;
    this.#token = token;
    // A browser doesn't tell why a handshake failed: it may have been the token.
    this.#refusedToken = token;
    this.#expectAnswer();
    socket.onopen = () => {
      this.#alive();
      this.#refusedToken = undefined;
      this.#attempt = 0;
      this.#events.link('live');
    };
    socket.onmessage = ({ data }) => {
      this.#alive();
      this.#receive(JSON.parse(String(data)) as ServerFrame);
    };
    socket.onclose = () => this.#lost();
  }

  #receive(frame: ServerFrame): void {
    const code = frame.type === 'error' ? frame.code : undefined;
    if (code === 'token_expiring' || code === 'token_expired') void this.#renew();
    // The notice is nobody else's business; that something was refused is.
    if (code !== 'token_expiring') this.#events.frame(frame);
  }

  /** Brings a fresh token; the answer is an `authenticated` frame. */
  async #renew(): Promise<void> {
    if (this.#renewing) return;
    this.#renewing = true;
    try {
      this.#token = await accessToken(this.#token);
      this.send({ action: 'auth', token: this.#token });
    } catch (error) {
      // Otherwise the server asks once more, or closes the socket, which is opened again then.
      if (error instanceof SignedOut) this.#events.signedOut();
    } finally {
      this.#renewing = false;
    }
  }

  #ping(): void {
    if (this.send({ action: 'ping' })) this.#expectAnswer();
    else if (this.#retry) this.#now();
  }

  #expectAnswer(): void {
    this.#deadline ??= setTimeout(() => this.#lost(), ANSWER_MS);
  }

  #alive(): void {
    clearTimeout(this.#deadline);
    this.#deadline = undefined;
  }

  #lost(): void {
    this.#alive();
    const socket = this.#socket;
    if (!socket) return;
    this.#socket = undefined;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    this.#later();
  }

  #later(): void {
    this.#events.link('lost');
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#now(), fullJitter(this.#attempt++));
  }

  #now(): void {
    if (!this.#retry) return;
    clearTimeout(this.#retry);
    this.#retry = undefined;
    void this.#open();
  }
}
