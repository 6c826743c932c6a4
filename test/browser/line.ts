import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A line between a browser and the chat. */
export interface Line {
  /** Where the chat is, at the other end. */
  readonly url: string;
  /** Ends all connections, and each new one at once, until it is mended. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

/**
 * What is cut here is cut in every engine: open sockets as well, of which browsers that are told to
 * be offline take different views.
 */
export async function openLine(target: string): Promise<Line> {
  const { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  let whole = true;
  const server = createServer((near) => {
    if (!whole) {
      near.destroy();
      return;
    }
    const far = connect(Number(port), hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.pipe(to);
      // A connection that fails is closed next, and takes the other one along.
      from.on('error', () => {});
      from.on('close', (failed) => {
        open.delete(from);
        // What one end has still to hear of the other is not lost where nothing failed.
        if (failed || !whole) to.destroy();
        else to.end();
      });
    }
  });
  const cut = () => {
    whole = false;
    for (const socket of open) socket.destroy();
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    mend() {
      whole = true;
    },
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
