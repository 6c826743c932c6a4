import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openTable, type Table } from '../../lambdas/aws/dynamo.ts';
import { ensureTable, localDynamo, openDatabase } from '../../local/database.ts';

/** Something that speaks DynamoDB's protocol, in memory, for as long as a test file runs. */
export interface Engine {
  /** An empty table, the same shape as the deployed one. */
  newTable(): Promise<Table>;
  close(): Promise<void>;
}

export async function openDynalite(): Promise<Engine> {
  const { endpoint, close } = await openDatabase();
  return tablesOf(endpoint, close);
}

/** Where the optional package's binary is, if the package was installed on this machine. */
export function dynoxideBinary(): string | undefined {
  try {
    const file = createRequire(import.meta.url).resolve('@dynoxide/linux-x64/package.json');
    return join(file, '..', 'dynoxide');
  } catch {
    return undefined;
  }
}

export async function openDynoxide(binary: string): Promise<Engine> {
  // It takes port 0, but doesn't tell which one it got.
  const port = await freePort();
  const child = spawn(binary, ['--host', '127.0.0.1', '--port', String(port)], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const endpoint = `http://127.0.0.1:${port}`;
  await untilItAnswers(endpoint, child);
  return tablesOf(endpoint, async () => {
    child.kill();
    await ended;
  });
}

function tablesOf(endpoint: string, closeEngine: () => Promise<void>): Engine {
  const tables: Table[] = [];
  return {
    async newTable() {
      const name = `parlor-${tables.length + 1}`;
      await ensureTable(endpoint, name);
      const table = openTable(name, localDynamo(endpoint));
      tables.push(table);
      return table;
    },
    async close() {
      for (const { client } of tables) client.destroy();
      await closeEngine();
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function untilItAnswers(endpoint: string, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`dynoxide ended with ${child.exitCode}.`);
    // Any answer will do; a refused connection means that it is not there yet.
    if (await fetch(endpoint).catch(() => undefined)) return;
    await pause(10);
  }
}
