import {
  BatchGetCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { dynamoEventLog } from '../../../lambdas/aws/event-log.ts';
import { keys } from '../../../lambdas/aws/keys.ts';
import { START } from '../../fakes/fake-clock.ts';
import { anAccount, anEnd, anEvent } from '../../fakes/samples.ts';
import {
  all,
  CALLS,
  type Call,
  conditionFailed,
  type MockedStores,
  mockedStores,
  throttled,
} from './dynamo-calls.ts';

const LATER = START / 1_000 + 60;
const calls = Object.keys(CALLS) as Call[];

/** What one call of a store sends, when the table is empty. */
async function inputsOf(call: Call): Promise<Record<string, unknown>[]> {
  const stores = mockedStores();
  stores.dynamo.onAnyCommand().resolves({});
  await CALLS[call](stores).catch(() => {});
  return stores.dynamo.calls().map(({ args }) => args[0].input as Record<string, unknown>);
}

describe('what engines on a laptop cannot show', () => {
  /** Lists that may lag by seconds, or are looked at again; a number that only grows. */
  const MAY_LAG: Call[] = ['memberships.visits', 'leases.shards', 'connections.expiringAt'];

  test.each(calls)('%s reads consistently, or may lag', async (call) => {
    const stores = mockedStores();
    stores.dynamo.onAnyCommand().resolves({});
    stores.dynamo.on(UpdateCommand).rejects(conditionFailed());
    stores.dynamo.on(PutCommand).rejects(conditionFailed());
    await CALLS[call](stores).catch(() => {});
    const reads = [
      ...stores.dynamo.commandCalls(GetCommand),
      ...stores.dynamo.commandCalls(QueryCommand),
    ];
    for (const { args } of reads) {
      expect(args[0].input.ConsistentRead ?? false).toBe(!MAY_LAG.includes(call));
    }
  });

  test('memberships.findAll reads consistently', async () => {
    const [input] = await inputsOf('memberships.findAll');
    expect(input?.RequestItems).toMatchObject({ parlor: { ConsistentRead: true } });
  });

  test('log.newest takes a word that may lag for where to look, and looks consistently', async () => {
    const { dynamo, log } = mockedStores();
    const rooms = Array.from({ length: 20 }, (_, n) => `room-${n}`);
    const asked: { keys: Record<string, unknown>[]; consistent: boolean | undefined }[] = [];
    dynamo.on(BatchGetCommand).callsFake(({ RequestItems: { parlor } }) => {
      asked.push({ keys: parlor.Keys, consistent: parlor.ConsistentRead });
      const leases = asked.length === 1;
      return {
        Responses: {
          parlor: leases
            ? rooms.map((room) => ({ ...keys.lease(room), pumped: 7 }))
            : rooms.map((room) => ({ ...keys.event(room, 7), id: `of ${room}` })),
        },
      };
    });
    const newest = await log.newest(rooms);
    expect(newest.map((event) => event?.id)).toEqual(rooms.map((room) => `of ${room}`));
    expect(asked.map(({ consistent }) => consistent)).toEqual([false, true]);
    expect(asked[1]?.keys).toEqual(
      rooms.flatMap((room) => [keys.event(room, 7), keys.event(room, 8)]),
    );
    expect(dynamo.calls()).toHaveLength(2);
  });

  test.each<[Call, string]>([
    ['log.put', 'attribute_not_exists(pk)'],
    [
      'connections.touch',
      'expiresAt > :nowInSeconds AND (attribute_not_exists(drainedAt) OR drainedAt <= :now) AND (attribute_not_exists(undrawn) OR undrawn < :few)',
    ],
    [
      'connections.join',
      'attribute_exists(pk) AND (attribute_exists(rooms.#room) OR size(rooms) < :max)',
    ],
    ['connections.renew', 'authUntil <= :authUntil'],
    ['leases.take', 'attribute_not_exists(#owner) OR #until <= :now OR #owner = :owner'],
    ['leases.mark', 'attribute_exists(#owner) AND #until > :now'],
    ['leases.claim', '#owner = :from OR #owner = :to'],
    ['leases.advance', '#owner = :owner'],
    ['leases.release', '#owner = :owner AND wanted = :wanted'],
    ['leases.noteHead', 'attribute_not_exists(head) OR head < :seq'],
    [
      'memberships.visit',
      'attribute_not_exists(removed) AND (attribute_not_exists(visitedAt) OR visitedAt < :at)',
    ],
    [
      'memberships.markRead',
      'attribute_not_exists(removed) AND (attribute_not_exists(readTo) OR readTo < :seq)',
    ],
    ['memberships.forget', 'attribute_exists(pk)'],
    ['accounts.setDisabled', 'attribute_exists(pk)'],
    ['accounts.create', 'attribute_not_exists(pk)'],
    ['accounts.rehash', 'passwordHash = :from'],
    ['attempts.replace (first)', 'attribute_not_exists(pk)'],
    ['attempts.replace (next)', 'failures = :failures AND blockedUntil = :blockedUntil'],
    ['sessions.rotate', '#current = :from AND expiresAt > :now'],
    [
      'tickets.redeem',
      'goodUntil > :now AND (attribute_not_exists(usedBy) OR usedBy = :connection)',
    ],
  ])('%s writes on the condition %s', async (call, condition) => {
    const conditions = (await inputsOf(call)).map((input) => input.ConditionExpression);
    expect(conditions.filter(Boolean)).toEqual([condition]);
  });

  test.each<[Call, number]>([
    ['log.readForward', 4],
    ['log.readBackward', 4],
    ['log.head', 1],
    ['memberships.visits', 10],
    ['inbox.read', 10],
  ])('%s asks for no more than it needs', async (call, limit) => {
    const inputs = (await inputsOf(call)).filter((input) => 'KeyConditionExpression' in input);
    expect(inputs.length).toBeGreaterThan(0);
    for (const { Limit } of inputs) expect(Limit).toBe(limit);
  });

  test.each([
    ['a moment ago', 0, 1],
    ['eleven hours ago', 11, 1],
    ['thirteen hours ago', 13, 2],
  ])(
    'log.head, where the newest was said %s, takes the reads it needs',
    async (_, hours, reads) => {
      const { dynamo, log } = mockedStores();
      const at = Date.now() - hours * 3_600_000;
      dynamo.on(QueryCommand).resolves({ Items: [{ ...keys.event('lobby', 7), at }] });
      dynamo.on(GetCommand).resolves({ Item: { pumped: 7 } });
      expect(await log.head('lobby')).toEqual({ ...anEnd(7), at });
      expect(dynamo.calls()).toHaveLength(reads);
    },
  );

  test.each([
    { pumped: 9, kept: { seq: 9, n: 5, m: 6, p: 2, g: 1 }, n: 5, m: 6, p: 2, g: 1 },
    // Kept by a version that did not know where the newest message is.
    { pumped: 9, kept: { seq: 9, n: 5, p: 2, g: 1 }, n: 5, m: 9, p: 2, g: 1 },
    // Moved on by a version that knows messages only.
    { pumped: 9, kept: { seq: 7, n: 3, m: 6, p: 2, g: 1 }, n: 5, m: 9, p: 2, g: 1 },
    { pumped: 9, kept: undefined, n: 9, m: 9, p: 0, g: 0 },
  ])(
    'leases.find counts up to $pumped, where $kept is kept',
    async ({ pumped, kept, ...counters }) => {
      const { dynamo, leases } = mockedStores();
      const counted = { ...(kept && { pumpedCounters: kept, headCounters: kept }) };
      dynamo.on(GetCommand).resolves({ Item: { pumped, head: pumped, ...counted } });
      expect(await leases.find('lobby')).toMatchObject({
        counters,
        head: { seq: pumped, ...counters },
      });
    },
  );

  test.each([
    { item: { pumped: 9, folded: 9 }, folded: 9 },
    // Moved on by a version that folds nothing.
    { item: { pumped: 9, folded: 7 }, folded: 7 },
    { item: { pumped: 9 }, folded: 9 },
    { item: {}, folded: 0 },
  ])('leases.find says of $item that $folded are folded', async ({ item, folded }) => {
    const { dynamo, leases } = mockedStores();
    dynamo.on(GetCommand).resolves({ Item: item });
    expect(await leases.find('lobby')).toMatchObject({ folded });
  });

  test('log.put says when an event expires only where history is kept for a time', async () => {
    const { dynamo, log, table } = mockedStores();
    await log.put(anEvent());
    await dynamoEventLog(table, { retentionMs: 86_400_000 }).put(anEvent());
    const items = dynamo.commandCalls(PutCommand).map(({ args: [{ input }] }) => input.Item);
    expect(items[0]).not.toHaveProperty('expiresAt');
    expect(items[1]).toEqual({
      ...items[0],
      expiresAt: Math.ceil(anEvent().at / 1_000) + 86_400,
    });
  });

  test('log.put lets what a canary says expire after a day, or sooner where all does', async () => {
    const { dynamo, log, table } = mockedStores();
    const said = { ...anEvent(), room: 'parlor-canary-0a1b' };
    const hours = (count: number) => count * 3_600_000;
    await log.put(said);
    await dynamoEventLog(table, { retentionMs: hours(240) }).put(said);
    await dynamoEventLog(table, { retentionMs: hours(12) }).put(said);
    const items = dynamo.commandCalls(PutCommand).map(({ args: [{ input }] }) => input.Item);
    const kept = items.map((item) => item?.expiresAt - Math.ceil(said.at / 1_000));
    expect(kept).toEqual([86_400, 86_400, 43_200]);
  });

  test.each(calls)('%s passes a fault on', async (call) => {
    const stores = mockedStores();
    stores.dynamo.onAnyCommand().rejects(throttled());
    await expect(CALLS[call](stores)).rejects.toThrow('Too fast.');
  });

  test.each<Call>([
    'connections.touch',
    'connections.join',
    'leases.release',
    'memberships.visit',
    'memberships.markRead',
    'accounts.create',
    'sessions.rotate',
  ])('%s passes a fault of its second look on', async (call) => {
    const stores = mockedStores();
    stores.dynamo.on(UpdateCommand).rejects(conditionFailed());
    stores.dynamo.on(PutCommand).rejects(conditionFailed());
    stores.dynamo.on(GetCommand).rejects(throttled());
    await expect(CALLS[call](stores)).rejects.toThrow('Too fast.');
  });

  test.each(calls)('%s works on the one table', async (call) => {
    for (const { TableName, RequestItems = {} } of await inputsOf(call)) {
      expect(TableName ?? Object.keys(RequestItems as object).join()).toBe('parlor');
    }
  });
});

describe('a call that the SDK tried again', () => {
  function meeting(item: Record<string, unknown> | undefined): MockedStores {
    const stores = mockedStores();
    stores.dynamo.on(UpdateCommand).rejects(conditionFailed());
    stores.dynamo.on(PutCommand).rejects(conditionFailed());
    stores.dynamo.on(GetCommand).resolves({ ...(item && { Item: item }) });
    return stores;
  }

  test('and finds the session rotated by itself tells of that', async () => {
    const rotate = ({ sessions }: MockedStores) => sessions.rotate('s', 'a', 'b', START, START);
    const expiresAt = START / 1_000 + 1;
    const own = { current: 'b', previous: 'a', rotatedAt: START };
    expect(await rotate(meeting({ ...own, expiresAt }))).toMatchObject(own);
    expect(await rotate(meeting({ current: 'c', expiresAt }))).toMatchObject({ current: 'c' });
    expect(await rotate(meeting(undefined))).toBeUndefined();
  });

  test('and finds the account created by itself has created it', async () => {
    const create = ({ accounts }: MockedStores) =>
      accounts.create(anAccount({ passwordHash: 'h' }));
    expect(await create(meeting({ passwordHash: 'h' }))).toBe('created');
    expect(await create(meeting({ passwordHash: 'other' }))).toBe('taken');
    expect(await create(meeting(undefined))).toBe('taken');
  });

  test('and finds the slot of the log full leaves it to the caller to look', async () => {
    expect(await meeting(undefined).log.put(anEvent())).toBe('taken');
  });
});

describe('pages that DynamoDB cuts short', () => {
  type Item = Record<string, unknown>;

  /** A table whose queries are answered page by page; `asked` are copies of what came. */
  function paged(...pages: Item[][]): MockedStores & { asked: QueryCommandInput[] } {
    const stores = mockedStores();
    const asked: QueryCommandInput[] = [];
    stores.dynamo.on(QueryCommand).callsFake((input: QueryCommandInput) => {
      const Items = pages[asked.push({ ...input }) - 1];
      if (!Items) throw new Error('There is no further page.');
      return {
        Items,
        ...(asked.length < pages.length && { LastEvaluatedKey: { page: asked.length } }),
      };
    });
    return { ...stores, asked };
  }

  const starts = (inputs: QueryCommandInput[]) =>
    inputs.map(({ ExclusiveStartKey }) => ExclusiveStartKey?.page);

  const eventItem = (seq: number): Item => ({ ...keys.event('lobby', seq), id: `${seq}` });
  const row = (sk: string, expiresAt = LATER): Item => ({ sk, connectedAt: 1, expiresAt });

  test.each(['readForward', 'readBackward'] as const)('do not end log.%s', async (read) => {
    const { log, asked } = paged([1, 2].map(eventItem), [], [3, 4].map(eventItem), [eventItem(5)]);
    const events = await log[read]('lobby', read === 'readForward' ? 0 : 6, 7);
    expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    expect(starts(asked)).toEqual([undefined, 1, 2, 3]);
    expect(asked.map(({ Limit }) => Limit)).toEqual([4, 5, 5, 3]);
  });

  test('and groups of a hot room are not read by the megabyte', async () => {
    const groupAt = (seq: number): Item => ({
      ...keys.event('lobby', seq),
      group: Array.from({ length: 100 }, (_, index) => ({ id: `${seq + index}` })),
    });
    const { log, asked } = paged([1, 101].map(groupAt), [201].map(groupAt));
    expect(await log.readForward('lobby', 0, 250)).toHaveLength(250);
    expect(asked.map(({ Limit }) => Limit)).toEqual([4, 1]);
  });

  test('are not asked for once a page of the log is full', async () => {
    const { log, asked } = paged([1, 2].map(eventItem), [3].map(eventItem), []);
    expect(await log.readForward('lobby', 0, 3)).toHaveLength(3);
    expect(asked).toHaveLength(2);
  });

  test('do not end a room', async () => {
    const { connections, asked } = paged(
      [row('c1'), row('expired', LATER - 60)],
      [row('expired too', LATER - 1_000)],
      [row('c2')],
    );
    const pages = await all(connections.inShard('lobby', 0, START));
    expect(pages.flat().map(({ connectionId }) => connectionId)).toEqual(['c1', 'c2']);
    expect(starts(asked)).toEqual([undefined, 1, 2]);
  });

  test('do not end the list of a minute', async () => {
    const { connections, asked } = paged([row('c1')], [], [row('c2')]);
    expect((await all(connections.expiringAt(START))).flat()).toEqual(['c1', 'c2']);
    expect(starts(asked)).toEqual([undefined, 1, 2]);
  });

  test("do not end a user's connections", async () => {
    const { connections, asked } = paged([row('c1')], [], [row('c2')]);
    const open = await connections.ofUser('alice', START);
    expect(open.map(({ connectionId }) => connectionId)).toEqual(['c1', 'c2']);
    expect(starts(asked)).toEqual([undefined, 1, 2]);
  });

  test('of a room are read one at a time, as they are wanted', async () => {
    const { connections, asked } = paged([row('c1')], [row('c2')]);
    const pages = connections.inShard('lobby', 0, START)[Symbol.asyncIterator]();
    await pages.next();
    expect(asked).toHaveLength(1);
    await pages.next();
    expect(asked).toHaveLength(2);
  });
});

test("a room's list of connections brings only what a fan-out needs", async () => {
  const [input] = await inputsOf('connections.inShard');
  expect(input?.ProjectionExpression).toBe('sk, dialect, connectedAt, authUntil, expiresAt');
});

test('a draft is deleted by the database a day after it was left, if by nobody else', async () => {
  const [input] = await inputsOf('inbox.enqueue');
  expect(input?.Item).toMatchObject({ expiresAt: Math.ceil(START / 1_000) + 24 * 60 * 60 });
});

test('a connection is listed before its token is renewed: a row too many does no harm', async () => {
  const stores = mockedStores();
  stores.dynamo.on(PutCommand).rejects(throttled());
  await expect(CALLS['connections.renew'](stores)).rejects.toThrow('Too fast.');
  expect(stores.dynamo.commandCalls(UpdateCommand)).toHaveLength(0);
});

test("a connection's own row goes after its presences, and before it can't be found any more", async () => {
  const stores = mockedStores();
  stores.dynamo.onAnyCommand().resolves({});
  const rooms = { 'in lobby': { shard: 0, visit: 'v' }, 'in music': { shard: 2, visit: 'w' } };
  stores.dynamo.on(GetCommand).resolves({ Item: { userId: 'alice', rooms, expiresAt: LATER } });
  await stores.connections.remove('c', { room: 'seen', shard: 1 });
  const inputs = stores.dynamo.calls().map(({ args }) => args[0].input as { Key?: unknown });
  const deleted = inputs.slice(1).map(({ Key }) => Key);
  expect(deleted).toHaveLength(5);
  expect(deleted).toEqual(
    expect.arrayContaining([
      keys.presence('lobby', 0, 'c'),
      keys.presence('music', 2, 'c'),
      keys.presence('seen', 1, 'c'),
    ]),
  );
  expect(deleted.slice(-2)).toEqual([keys.connection('c'), keys.userConnection('alice', 'c')]);
});
