import { once } from 'node:events';
import { access, mkdtemp, readdir, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import dynalite from 'dynalite';
import { openTable } from '../../../lambdas/aws/dynamo.ts';
import { dynamoEventLog } from '../../../lambdas/aws/event-log.ts';
import { dynamoMembershipStore } from '../../../lambdas/aws/membership-store.ts';
import { ensureTable, LOCAL_TABLE, localDynamo, openDatabase } from '../../../local/database.ts';
import { sqliteStorage } from '../../../local/dynamo/sqlite-storage.ts';
import { anEvent } from '../../fakes/samples.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parlor-'));
  jest.spyOn(console, 'log').mockImplementation(() => {});
});
afterEach(async () => {
  jest.restoreAllMocks();
  await rm(folder, { recursive: true });
});

/** A chat's data folder as the Parlor before this engine left it. */
async function folderOfBefore(fill: (endpoint: string) => Promise<void>): Promise<void> {
  const server = dynalite({ path: join(folder, 'database'), createTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  await fill(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}

test('a chat goes on with what an earlier Parlor stored, and the old files stay', async () => {
  await folderOfBefore(async (endpoint) => {
    await ensureTable(endpoint);
    const table = openTable(LOCAL_TABLE, localDynamo(endpoint));
    const log = dynamoEventLog(table);
    const content = 'x'.repeat(8_000);
    for (let seq = 1; seq <= 200; seq++) await log.put(anEvent({ seq, content }));
    await dynamoMembershipStore(table).visit('alice', 'lobby', 1);
    const Item = { pk: 'set', sk: 'x', ids: new Set(['a', 'b']) };
    await table.client.send(new PutCommand({ TableName: LOCAL_TABLE, Item }));
    table.client.destroy();
  });
  const old = (await readdir(join(folder, 'database'))).length;

  const { table, close } = await openDatabase(folder);
  expect(await dynamoEventLog(table).readForward('lobby', 0, 300)).toHaveLength(200);
  expect(await dynamoMembershipStore(table).visits('alice', 9)).toHaveLength(1);
  await dynamoEventLog(table).put(anEvent({ seq: 201 }));
  await close();
  expect(console.log).toHaveBeenCalledWith(expect.stringMatching(/^Took 202 items over from /));
  expect((await readdir(join(folder, 'database'))).length).toBeGreaterThanOrEqual(old);

  const again = await openDatabase(folder);
  expect(await dynamoEventLog(again.table).head('lobby')).toMatchObject({ seq: 201 });
  await again.close();
  expect(console.log).toHaveBeenCalledTimes(1);
});

test('a copy that was broken off is made anew', async () => {
  await folderOfBefore(async (endpoint) => {
    await ensureTable(endpoint);
    const table = openTable(LOCAL_TABLE, localDynamo(endpoint));
    await dynamoEventLog(table).put(anEvent());
    table.client.destroy();
  });
  const unfinished = join(folder, 'chat.sqlite.unfinished');
  sqliteStorage(unfinished).close();
  const { table, close } = await openDatabase(folder);
  expect(await dynamoEventLog(table).head('lobby')).toMatchObject({ seq: 1 });
  await close();
  await expect(access(unfinished)).rejects.toThrow('ENOENT');
});

test('an old folder without a table makes an empty chat', async () => {
  await folderOfBefore(async () => {});
  const { table, close } = await openDatabase(folder);
  expect(await dynamoEventLog(table).head('lobby')).toMatchObject({ seq: 0, at: 0 });
  await close();
});
