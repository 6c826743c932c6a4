import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Table } from '../../lambdas/aws/dynamo.ts';
import { dynamoEventLog } from '../../lambdas/aws/event-log.ts';
import { dynamoLeaseStore } from '../../lambdas/aws/lease-store.ts';
import { deleteExpired } from '../../local/expiry.ts';
import { type Engine, openDynalite } from '../contracts/engines.ts';
import { fakeClock, START } from '../fakes/fake-clock.ts';
import { anEvent } from '../fakes/samples.ts';

const NOW = 1_800_000_000_999;
const DAY = 24 * 60 * 60 * 1_000;
const SECOND = 1_800_000_000;

describe('the local expiry', () => {
  let engine: Engine;
  let table: Table;
  beforeAll(async () => {
    engine = await openDynalite();
  });
  beforeEach(async () => {
    table = await engine.newTable();
  });
  afterAll(() => engine.close());

  const put = async (pk: string, more: object) => {
    const Item = { pk, sk: 'x', ...more };
    await table.client.send(new PutCommand({ TableName: table.name, Item }));
  };
  const isThere = async (pk: string) => {
    const Key = { pk, sk: 'x' };
    const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key }));
    return Item !== undefined;
  };

  test('deletes what has expired, to the second, and nothing else', async () => {
    await put('long ago', { expiresAt: 1 });
    await put('just now', { expiresAt: SECOND });
    await put('soon', { expiresAt: SECOND + 1 });
    await put('never', {});
    expect(await deleteExpired(table, NOW)).toBe(2);
    expect(await isThere('long ago')).toBe(false);
    expect(await isThere('just now')).toBe(false);
    expect(await isThere('soon')).toBe(true);
    expect(await isThere('never')).toBe(true);
    expect(await deleteExpired(table, NOW)).toBe(0);
  });

  test('sees every page of a large table', async () => {
    const text = 'x'.repeat(300_000);
    for (let n = 0; n < 8; n++) await put(`item ${n}`, { expiresAt: 1, text });
    expect(await deleteExpired(table, NOW)).toBe(8);
  });

  test('deletes what has expired of a log, and the room goes on behind it', async () => {
    const clock = fakeClock();
    const log = dynamoEventLog(table, { clock, retentionMs: DAY });
    for (const seq of [1, 2, 3]) await log.put(anEvent({ seq, at: START + seq * 1_000 }));
    await log.put(anEvent({ room: 'yard', at: START + 2 * DAY }));
    const leases = dynamoLeaseStore(table);
    const lease = await leases.take('lobby', 'pump', START, START + 1, false);
    if (lease === 'held') throw new Error('Nobody can hold it.');
    await leases.release(lease, { ...lease, pumped: 3 });
    clock.set(START + 2 * DAY);
    expect(await deleteExpired(table, clock.now())).toBe(3);
    expect(await log.head('lobby')).toMatchObject({ seq: 3 });
    expect(await log.readForward('yard', 0, 9)).toHaveLength(1);
  });

  test('spares what was written anew since it was read', async () => {
    await put('renewed', { expiresAt: 1 });
    await put('expired', { expiresAt: 1 });
    let renewed = false;
    table.client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (!renewed && commandName === 'DeleteItemCommand') {
            renewed = true;
            await put('renewed', { expiresAt: SECOND + 60 });
          }
          return await next(args);
        },
      { step: 'initialize' },
    );
    expect(await deleteExpired(table, NOW)).toBe(1);
    expect(await isThere('renewed')).toBe(true);
    expect(await isThere('expired')).toBe(false);
  });
});
