import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Tells other processes that the owner of some entries lives: a local socket of its name, which
 * the system closes when the process ends, in whatever way. A process id would not do, for another
 * process may get it. Nobody ever lives twice.
 */
export class ProcessLife {
  readonly owner: string;
  readonly #server: Server;

  private constructor(owner: string, server: Server) {
    this.owner = owner;
    this.#server = server;
  }

  /** @param owner an id that was never given before */
  static async begin(owner: string): Promise<ProcessLife> {
    const server = createServer((socket) => socket.destroy());
    server.listen(socketOf(owner));
    // That someone may ask is no reason to go on living.
    server.unref();
    await once(server, 'listening');
    return new ProcessLife(owner, server);
  }

  async end(): Promise<void> {
    this.#server.close();
    await once(this.#server, 'close');
  }
}

export async function isDead(owner: string): Promise<boolean> {
  const socket = connect(socketOf(owner));
  try {
    await once(socket, 'connect');
    return false;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    // In doubt it lives: its entries are sent by itself, or adopted later.
    return ['ENOENT', 'ECONNREFUSED'].includes(code);
  } finally {
    socket.destroy();
  }
}

/** Removes what a process that crashed could not remove itself. */
export async function bury(owner: string): Promise<void> {
  if (process.platform !== 'win32') await rm(socketOf(owner), { force: true });
}

/** Not in the store's own folder: the path of a socket may have about 100 characters only. */
const socketOf = (owner: string) =>
  process.platform === 'win32'
    ? `\\\\.\\pipe\\parlor-${owner}`
    : join(tmpdir(), `parlor-${owner}.sock`);
