import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that came, read to its end. */
export interface Received {
  method: string;
  /** The path as it was sent, undecoded. */
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Loopback {
  /** http://127.0.0.1:NNNNN */
  url: string;
  received: Received[];
  /** How many sockets were opened to it so far. */
  readonly sockets: number;
  close(): Promise<void>;
}

/** A server on this machine that answers as it is told, or not at all. */
export async function openLoopback(
  answer: (request: Received, response: ServerResponse) => void,
): Promise<Loopback> {
  const received: Received[] = [];
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url: path = '', headers } = request;
    const whole = { method, path, headers, body: Buffer.concat(chunks).toString() };
    received.push(whole);
    answer(whole, response);
  });
  let sockets = 0;
  server.on('connection', () => sockets++);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    get sockets() {
      return sockets;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
