import { once } from 'node:events';
import { access, rename, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { keep, keyOf } from './item.ts';
import { sqliteStorage } from './sqlite-storage.ts';

/** So many items are committed together. */
const AT_ONCE = 1_000;

export interface TakeOver {
  /** The folder of the database of before. It stays as it is. */
  from: string;
  /** The file of today's. */
  to: string;
  table: string;
}

/**
 * Brings the items of a database that Parlor kept before this engine into a new file, once: not
 * where the file is there already, nor where there is nothing to bring. Killed meanwhile, it begins
 * anew the next time.
 *
 * @returns how many items came; undefined where there was nothing to do
 * @throws Error that says what to do, where the old engine is not installed
 */
export async function takeOver({ from, to, table }: TakeOver): Promise<number | undefined> {
  if ((await isThere(to)) || !(await isThere(from))) return undefined;
  const unfinished = `${to}.unfinished`;
  for (const file of [unfinished, `${unfinished}-wal`, `${unfinished}-shm`]) {
    await rm(file, { force: true });
  }
  const storage = sqliteStorage(unfinished);
  let items = 0;
  try {
    for await (const item of itemsOf(from, table)) {
      storage.set(keyOf(item), keep(item));
      if (++items % AT_ONCE === 0) await storage.committed();
    }
    await storage.committed();
  } finally {
    storage.close();
  }
  await rename(unfinished, to);
  return items;
}

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

async function* itemsOf(folder: string, table: string): AsyncGenerator<object> {
  const server = (await engineOfBefore(folder))({ path: folder });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const client = DynamoDBDocumentClient.from(base);
  try {
    for await (const { Items = [] } of paginateScan({ client }, { TableName: table })) yield* Items;
  } catch (error) {
    // A folder in which no table was ever made.
    if (!(error instanceof Error && error.name === 'ResourceNotFoundException')) throw error;
  } finally {
    base.destroy();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
}

async function engineOfBefore(folder: string) {
  try {
    return (await import('dynalite')).default;
  } catch (cause) {
    throw new Error(
      `${folder} holds the database of an earlier Parlor, which is read by the package dynalite.\n` +
        'Install it (npm ci brings it), or move that folder away to begin with an empty chat.',
      { cause },
    );
  }
}
