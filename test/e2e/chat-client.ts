import { once } from 'node:events';
import WebSocket from 'ws';

export interface TokenPair {
  access: string;
  refresh: string;
}

export const PASSWORD = 'correct-horse-9';

/** Creates an account and logs it in, as a client of the old chat does. */
export async function signUp(url: string, username: string): Promise<TokenPair> {
  await post(url, '/accounts/registration/', { username, password: PASSWORD });
  const response = await post(url, '/accounts/login/', { username, password: PASSWORD });
  return (await response.json()) as TokenPair;
}

export function post(
  url: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

/** Any call with a token; its answer's status and body. */
export async function call(
  url: string,
  token: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<[number, Record<string, unknown>]> {
  const response = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return [response.status, (await response.json()) as Record<string, unknown>];
}

export function get(url: string, path: string, token?: string): Promise<Response> {
  return fetch(url + path, { headers: token ? { authorization: `Bearer ${token}` } : {} });
}

export type Frame = Record<string, unknown>;

/** A socket whose frames can be waited for, in the order in which they came. */
export class ChatSocket {
  readonly socket: WebSocket;
  readonly #frames: Frame[] = [];
  #arrived = () => {};

  constructor(address: string, protocols: string[] = [], headers: Record<string, string> = {}) {
    this.socket = new WebSocket(address, protocols, { headers });
    this.socket.on('message', (data) => {
      this.#frames.push(JSON.parse(String(data)));
      this.#arrived();
    });
    // A refused handshake and a killed server are told by `opened` and `closed`.
    this.socket.on('error', () => {});
  }

  /** @throws Error with the status of a refused handshake */
  async opened(): Promise<this> {
    const refused = once(this.socket, 'unexpected-response').then(([, response]) => {
      throw new Error(`refused with ${response.statusCode}`);
    });
    await Promise.race([once(this.socket, 'open'), refused]);
    return this;
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** The next frame that nobody has taken yet. */
  async next(): Promise<Frame> {
    for (;;) {
      const frame = this.#frames.shift();
      if (frame) return frame;
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
  }

  /** Sends a frame and takes the next one of a type; others that come before it are dropped. */
  async ask(frame: unknown, type: string): Promise<Frame> {
    this.send(frame);
    return await this.nextOf(type);
  }

  async nextOf(type: string): Promise<Frame> {
    for (;;) {
      const frame = await this.next();
      if (frame.type === type) return frame;
    }
  }

  async close(): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return;
    const closed = once(this.socket, 'close');
    this.socket.close();
    await closed;
  }
}

/** As the old clients connect: the room in the path, the token in the query, no subprotocol. */
export function connectLegacy(url: string, room: string, token: string): Promise<ChatSocket> {
  return new ChatSocket(
    `${url.replace('http', 'ws')}/ws/chat/${encodeURIComponent(room)}/?token=${token}`,
  ).opened();
}

export function connectV1(url: string, room: string, token: string): Promise<ChatSocket> {
  return new ChatSocket(`${url.replace('http', 'ws')}/ws/chat/${encodeURIComponent(room)}/`, [
    'parlor.v1',
    token,
  ]).opened();
}
