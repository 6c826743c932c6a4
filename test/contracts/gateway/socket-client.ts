import { once } from 'node:events';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { type ClientOptions, WebSocket } from 'ws';

/** How an upgrade request was refused. */
export class Refused extends Error {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;

  constructor(status: number, headers: IncomingMessage['headers'], body: string) {
    super(`refused with ${status}: ${body}`);
    this.status = status;
    this.headers = headers;
    this.body = body;
  }
}

/** A WebSocket client that can be waited for. */
export class SocketClient {
  readonly socket: WebSocket;
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #unread: string[] = [];
  #wake: (() => void) | undefined;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    socket.on('message', (data, isBinary) => {
      this.#unread.push(isBinary ? `binary: ${data}` : data.toString());
      this.#wake?.();
    });
  }

  /**
   * @param url of the gateway, with `http`, and the path
   * @throws Refused when it answers the upgrade request with something else
   */
  static async open(
    url: string,
    protocols: string[] = [],
    options: { headers?: OutgoingHttpHeaders } = {},
  ): Promise<SocketClient> {
    // The types of `ws` know headers with one value only; it takes several.
    const socket = new WebSocket(url.replace(/^http/, 'ws'), protocols, options as ClientOptions);
    const client = new SocketClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
      socket.once('unexpected-response', (_request, response) => {
        refusal(response).then(reject, reject);
      });
    });
    // A gateway that drops the connection is seen by `closed`.
    socket.on('error', () => {});
    return client;
  }

  /** The next message that was not read yet. */
  async next(): Promise<string> {
    while (true) {
      const message = this.#unread.shift();
      if (message !== undefined) return message;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** How many messages have come that were not read yet. */
  get unread(): number {
    return this.#unread.length;
  }

  send(message: string | object): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** Sends a message in frames. */
  sendFrames(...frames: string[]): void {
    frames.forEach((frame, index) => {
      this.socket.send(frame, { fin: index === frames.length - 1 });
    });
  }

  /** Resolves once the gateway has answered a ping: it has read everything sent before. */
  async settled(): Promise<void> {
    const pong = once(this.socket, 'pong');
    this.socket.ping();
    await pong;
  }

  async close(code?: number, reason?: string): Promise<void> {
    this.socket.close(code, reason);
    await this.closed;
  }
}

async function refusal(response: IncomingMessage): Promise<Refused> {
  let body = '';
  for await (const chunk of response) body += chunk;
  return new Refused(response.statusCode ?? 0, response.headers, body);
}

/** How a gateway refuses; fails when it doesn't. */
export async function refusedBy(
  ...request: Parameters<typeof SocketClient.open>
): Promise<Refused> {
  const client = await SocketClient.open(...request).catch((error: unknown) => {
    if (error instanceof Refused) return error;
    throw error;
  });
  if (client instanceof Refused) return client;
  client.socket.terminate();
  throw new Error('the gateway opened the connection');
}
