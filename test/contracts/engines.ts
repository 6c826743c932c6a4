import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import dynalite from 'dynalite';
import { openTable, type Table } from '../../lambdas/aws/dynamo.ts';
import { openLeanTable } from '../../lambdas/aws/dynamodb/lean-table.ts';
import {
  type Database,
  ensureTable,
  LOCAL_TABLE,
  localDynamo,
  memoryTable,
  openDatabase,
} from '../../local/database.ts';

/** Something that speaks DynamoDB's protocol, in memory, for as long as a test file runs. */
export interface Engine {
  /** An empty table, the same shape as the deployed one. */
  newTable(): Promise<Table>;
  close(): Promise<void>;
}

/** A client of a table. Default: the SDK's. */
type Open = (name: string, endpoint: string) => Table;
const bySdk: Open = (name, endpoint) => openTable(name, localDynamo(endpoint));
/** Our own transport, as deployed functions have it, with the patience of a busy machine. */
export const byLeanTransport: Open = (name, endpoint) => {
  const { region, credentials } = LOCAL;
  return openLeanTable(name, { endpoint, region, credentials, answerMs: 20_000 });
};
const LOCAL = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
};

export async function openDynalite(open: Open = bySdk): Promise<Engine> {
  const server = dynalite({ createTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return tablesOf(`http://127.0.0.1:${port}`, open, async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
}

/** The engine that `npm start` runs on, in memory. */
export const openInMemory = async (): Promise<Engine> => ({
  newTable: async () => memoryTable(),
  close: async () => {},
});

/** The same on files, behind DynamoDB's protocol, as other processes reach it. */
export async function openInFiles(open: Open = bySdk): Promise<Engine> {
  const databases: Database[] = [];
  const folder = await mkdtemp(join(tmpdir(), 'parlor-'));
  return {
    async newTable() {
      const database = await openDatabase(join(folder, String(databases.length)));
      databases.push(database);
      return open(LOCAL_TABLE, database.endpoint);
    },
    async close() {
      for (const { close } of databases) await close();
      await rm(folder, { recursive: true });
    },
  };
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

export async function openDynoxide(binary: string, open: Open = bySdk): Promise<Engine> {
  // It takes port 0, but doesn't tell which one it got.
  const port = await freePort();
  const child = spawn(binary, ['--host', '127.0.0.1', '--port', String(port)], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const endpoint = `http://127.0.0.1:${port}`;
  await untilItAnswers(endpoint, child);
  return tablesOf(endpoint, open, async () => {
    child.kill();
    await ended;
  });
}

function tablesOf(endpoint: string, open: Open, closeEngine: () => Promise<void>): Engine {
  const tables: Table[] = [];
  return {
    async newTable() {
      const name = `parlor-${tables.length + 1}`;
      await ensureTable(endpoint, name);
      const table = open(name, endpoint);
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
