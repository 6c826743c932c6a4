import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { dynamoAccountStore } from '../../lambdas/aws/account-store.ts';
import type { Table } from '../../lambdas/aws/dynamo.ts';
import { dynamoEventLog } from '../../lambdas/aws/event-log.ts';
import { dynamoLeaseStore } from '../../lambdas/aws/lease-store.ts';
import { dynamoRoomMembers } from '../../lambdas/aws/room-members.ts';
import { accountsOf, roomsOf } from '../../lambdas/aws/table-scan.ts';
import { START } from '../fakes/fake-clock.ts';
import { anAccount, anEnd, anEvent } from '../fakes/samples.ts';
import { type Engine, openDynalite } from './engines.ts';
import { HOSTILE_NAMES } from './hostile-names.ts';

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('a scan of the table', () => {
  let engine: Engine;
  let table: Table;
  beforeAll(async () => {
    engine = await openDynalite();
  });
  afterAll(() => engine.close());
  beforeEach(async () => {
    table = await engine.newTable();
    await dynamoLeaseStore(table).take('nothing said', 'owner', START, START + 1, false);
    await dynamoRoomMembers(table).add('nothing said', { userId: 'alice', removed: true });
  });

  test('finds each room in which anything was said, once', async () => {
    const log = dynamoEventLog(table);
    for (const room of HOSTILE_NAMES) {
      for (const seq of [1, 2, 3]) await log.put(anEvent({ room, seq }));
    }
    const rooms = await all(roomsOf(table));
    expect(rooms.sort()).toEqual([...HOSTILE_NAMES].sort());
  });

  test('finds a room of which nothing is left but how far it had grown', async () => {
    const leases = dynamoLeaseStore(table);
    await leases.noteHead('never pumped', anEnd(3));
    const lease = await leases.take('pumped', 'owner', START, START + 1, false);
    if (lease !== 'held') await leases.release(lease, { ...lease, pumped: 3 });
    expect((await all(roomsOf(table))).sort()).toEqual(['never pumped', 'pumped']);
  });

  test('finds rooms past the first page', async () => {
    const log = dynamoEventLog(table);
    const content = 'x'.repeat(8_000);
    const rooms = Array.from({ length: 200 }, (_, n) => `room-${n}`);
    for (const room of rooms) await log.put(anEvent({ room, content }));
    expect((await all(roomsOf(table))).sort()).toEqual([...rooms].sort());
  });

  test('finds all accounts, as they are', async () => {
    const accounts = HOSTILE_NAMES.map((id) => anAccount({ id, username: id, superuser: true }));
    for (const account of accounts) await dynamoAccountStore(table).create(account);
    await dynamoEventLog(table).put(anEvent());
    const found = await all(accountsOf(table));
    const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
    expect(found.sort(byId)).toEqual([...accounts].sort(byId));
  });
});
