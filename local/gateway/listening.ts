import type { Server } from 'node:http';

const ANY_INTERFACE = new Set(['0.0.0.0', '::']);

/** So often another free port is tried, where the first address has it and another has not. */
const TRIES = 5;

/**
 * Starts listening; port 0 takes any free port.
 *
 * @returns the URL under which this machine reaches the server
 * @throws the error of the port, with code EADDRINUSE when it is taken
 */
export async function listen(server: Server, port: number, host: string): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const name = ANY_INTERFACE.has(host) ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${portOf(server)}`;
}

export interface Listening {
  /** By the first address. */
  url: string;
  servers: Server[];
}

/**
 * Listens on one port of several addresses, by a server for each, for which of them "localhost"
 * means depends on who looks it up. An address that this machine doesn't have is left out, but for
 * the first.
 *
 * @throws the error of the port, with code EADDRINUSE when it is taken on any of them
 */
export async function listenOnAll(
  newServer: () => Server,
  port: number,
  [first, ...others]: readonly [string, ...string[]],
): Promise<Listening> {
  for (let tries = 1; ; tries++) {
    const main = newServer();
    const servers = [main];
    try {
      const url = await listen(main, port, first);
      for (const host of others) {
        const server = newServer();
        if (await isListening(server, portOf(main), host)) servers.push(server);
      }
      return { url, servers };
    } catch (error) {
      await Promise.all(servers.map(stopListening));
      if (port !== 0 || tries === TRIES || codeOf(error) !== 'EADDRINUSE') throw error;
    }
  }
}

/** @returns false where there is no such address, such as ::1 on a machine without IPv6 */
async function isListening(server: Server, port: number, host: string): Promise<boolean> {
  try {
    await listen(server, port, host);
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') return false;
    throw error;
  }
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port.');
  return address.port;
}

/** Stops listening. Resolves when the last connection has ended, or right away when it never listened. */
export function stopListening(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
