import type { Unsubscribe } from './emitter.ts';
import type { Store } from './store.ts';

/**
 * Where tokens come from. Asked when there is none, when the last one is about to expire, and,
 * with `refused`, when the server did not take it or says that it is about to expire. May throw
 * `signed_out`, or give none, to say that the person has to log in; any other failure is tried
 * again. Not asked again before it has answered.
 */
export type TokenSource = (asked: { refused?: string }) => string | Promise<string>;

export interface ConnectOptions {
  /**
   * Where the chat is, as in `https://chat.example.com`; what `npm run deploy` prints as ChatUrl,
   * or RestUrl where there is no edge.
   */
  url: string;
  /**
   * The WebSocket address where it is not `url` with `/ws/chat/<room>/`: that of the API Gateway
   * stage itself, as in `wss://abc.execute-api.eu-west-1.amazonaws.com/live`.
   */
  socketUrl?: string;
  /** An access token, or what gives one. A mere token can't be renewed. */
  token: string | TokenSource;
  /**
   * Opens sockets with a one-time ticket in place of the token, so that no token is part of a
   * handshake. True: gets each by the token; a function: gets it from there (your own backend).
   */
  ticket?: boolean | (() => Promise<string>);
  /** The username, where it is known; otherwise the server is asked. */
  username?: string;
  /** Keeps the outbox and the ends of rooms. Default: `memoryStore()`. */
  store?: Store;
  /** `TIMING` in all that is not told. */
  timing?: Partial<Timing>;
  /** The browser's or Node's own in all that is not told. */
  platform?: Partial<Platform>;
}

/** All in milliseconds, unless the name says otherwise. */
export interface Timing {
  /** Between pings: API Gateway ends what was silent for 10 minutes. */
  heartbeat: number;
  /** A ping, a handshake or a REST call without an answer has failed after this. */
  answer: number;
  /** A message without an answer is sent again after this. */
  ack: number;
  /** Bounds of the pause between attempts; drawn at random from 0 to the bound, which doubles. */
  backoffMin: number;
  backoffMax: number;
  /** A socket is replaced by a fresh one at this age, before the server cuts it after two hours. */
  socketLife: number;
  /** A token that has less than this left is renewed before it is used. */
  tokenSpare: number;
  /** A head or an ack that is ahead of the events is waited for so long before a replay. */
  patience: number;
  /** A client that missed more events than this is reset to the newest; with Infinity, never. */
  maxReplay: number;
}

/** What `connect` takes for each time that it is not told. */
export const TIMING: Timing = {
  heartbeat: 4 * 60_000,
  answer: 10_000,
  ack: 10_000,
  backoffMin: 500,
  backoffMax: 30_000,
  socketLife: 110 * 60_000,
  tokenSpare: 30_000,
  patience: 1_000,
  maxReplay: 1_000,
};

type SocketHandler = ((this: never, event: never) => unknown) | null;

/** One socket, as far as it is used here; the browser's and Node's own, and `ws`, are such. */
export interface SocketLike {
  onopen: SocketHandler;
  /** Its event has the text as `data`. */
  onmessage: SocketHandler;
  onclose: SocketHandler;
  onerror: SocketHandler;
  send(text: string): void;
  close(code?: number): void;
}

/** What the client takes from its surroundings. */
export interface Platform {
  openSocket(url: string, protocols: string[]): SocketLike;
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** Milliseconds since 1970. */
  now(): number;
  /** From 0 to 1. */
  random(): number;
  /** A new id of 1 to 64 visible ASCII characters, never given before by anyone. */
  id(): string;
  /** @returns what cancels it */
  after(ms: number, action: () => void): Unsubscribe;
  /** Tells that the machine came online, or that the page or phone woke up. */
  onWake(listener: () => void): Unsubscribe;
}

/** What every part of a client is given. */
export interface Surroundings {
  platform: Platform;
  timing: Timing;
}
