import type { Server } from 'node:http';

const ANY_INTERFACE = new Set(['0.0.0.0', '::']);

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
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port.');
  const name = ANY_INTERFACE.has(host) ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${address.port}`;
}

/** Stops listening. Resolves when the last connection has ended, or right away when it never listened. */
export function stopListening(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
