import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createSecureServer, type TlsOptions } from 'node:tls';

/** What a server does with one request, in order. */
export type Step =
  | { say: string | Buffer }
  /** Waits, and lets go of what was said so far. */
  | { wait: number }
  | 'end'
  | 'stop reading'
  | 'reset'
  | 'hang';

export interface LyingServer {
  url: string;
  port: number;
  /** Requests that came whole, as they came. */
  requests: string[];
  /** Sockets that were opened to it so far. */
  readonly sockets: number;
  /** Sockets that are open. */
  readonly open: ReadonlySet<Socket>;
  close(): Promise<void>;
}

export const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';

/**
 * A server that knows where a request ends and nothing else of HTTP: what it answers is what it is
 * told, byte by byte.
 *
 * @param answer what is done with the nth request, from 0, by its path
 */
export async function openLyingServer(
  answer: (path: string, nth: number) => readonly Step[],
  tls?: TlsOptions,
): Promise<LyingServer> {
  const requests: string[] = [];
  const open = new Set<Socket>();
  let sockets = 0;
  const serve = (socket: Socket) => {
    sockets++;
    open.add(socket);
    socket.setNoDelay(true).on('close', () => open.delete(socket));
    // A reset by the other side is what some tests are about.
    socket.on('error', () => {});
    let text = '';
    let last = Promise.resolve();
    socket.setEncoding('latin1').on('data', (piece: string) => {
      text += piece;
      for (let end = endOf(text); end !== undefined; end = endOf(text)) {
        const request = text.slice(0, end);
        text = text.slice(end);
        const steps = answer(request.split(' ')[1] ?? '', requests.push(request) - 1);
        last = last.then(() => act(socket, steps));
      }
    });
  };
  const server: Server = tls ? createSecureServer(tls, serve) : createServer(serve);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    requests,
    open,
    get sockets() {
      return sockets;
    },
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/**
 * Where the first request of a text ends; undefined while it doesn't. One whose path begins with
 * /early counts as soon as its head has come.
 */
function endOf(text: string): number | undefined {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return undefined;
  if (text.startsWith('POST /early')) return text.length;
  const length = /content-length: (\d+)/.exec(text.slice(0, head))?.[1] ?? '0';
  const end = head + 4 + Number(length);
  return text.length >= end ? end : undefined;
}

async function act(socket: Socket, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    if (socket.destroyed || step === 'hang') return;
    if (step === 'end') socket.end();
    else if (step === 'reset') socket.resetAndDestroy();
    else if (step === 'stop reading') socket.pause();
    else if ('say' in step) await new Promise<void>((done) => socket.write(step.say, () => done()));
    else await new Promise((resolve) => setTimeout(resolve, step.wait));
  }
}
