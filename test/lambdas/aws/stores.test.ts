import {
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { keys } from '../../../lambdas/aws/keys.ts';
import { START } from '../../fakes/fake-clock.ts';
import { anAccount, anEvent } from '../../fakes/samples.ts';
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
  /** Lists that may lag by seconds, and a look that a conditional write follows. */
  const MAY_LAG: Call[] = ['memberships.visits', 'memberships.visitFirst'];

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
      expect(args[0].input.ConsistentRead).toBe(MAY_LAG.includes(call) ? undefined : true);
    }
  });

  test.each<[Call, string]>([
    ['log.put', 'attribute_not_exists(pk)'],
    ['connections.touch', 'expiresAt > :nowInSeconds AND t19 <= :windowStart'],
    ['connections.join', 'attribute_exists(pk)'],
    ['connections.leave', 'attribute_exists(pk)'],
    ['memberships.visit', 'attribute_not_exists(visitedAt) OR visitedAt < :at'],
    ['accounts.create', 'attribute_not_exists(pk)'],
    ['accounts.rehash', 'passwordHash = :from'],
    ['attempts.replace (first)', 'attribute_not_exists(pk)'],
    ['attempts.replace (next)', 'failures = :failures AND blockedUntil = :blockedUntil'],
    ['sessions.rotate', '#current = :from AND expiresAt > :now'],
  ])('%s writes on the condition %s', async (call, condition) => {
    const conditions = (await inputsOf(call)).map((input) => input.ConditionExpression);
    expect(conditions.filter(Boolean)).toEqual([condition]);
  });

  test.each<[Call, number]>([
    ['log.readForward', 10],
    ['log.readBackward', 10],
    ['log.head', 1],
    ['memberships.visits', 10],
  ])('%s asks for no more than it needs', async (call, limit) => {
    expect(await inputsOf(call)).toMatchObject([{ Limit: limit }]);
  });

  test.each(calls)('%s passes a fault on', async (call) => {
    const stores = mockedStores();
    stores.dynamo.onAnyCommand().rejects(throttled());
    await expect(CALLS[call](stores)).rejects.toThrow('Too fast.');
  });

  test.each<Call>(['connections.touch', 'accounts.create', 'sessions.rotate'])(
    '%s passes a fault of its second look on',
    async (call) => {
      const stores = mockedStores();
      stores.dynamo.on(UpdateCommand).rejects(conditionFailed());
      stores.dynamo.on(PutCommand).rejects(conditionFailed());
      stores.dynamo.on(GetCommand).rejects(throttled());
      await expect(CALLS[call](stores)).rejects.toThrow('Too fast.');
    },
  );

  test.each(calls)('%s works on the one table', async (call) => {
    for (const { TableName } of await inputsOf(call)) expect(TableName).toBe('parlor');
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

  test('and finds the session rotated by itself has rotated it', async () => {
    const rotate = ({ sessions }: MockedStores) => sessions.rotate('s', 'a', 'b', START, START);
    expect(await rotate(meeting({ current: 'b' }))).toBe('rotated');
    expect(await rotate(meeting({ current: 'c' }))).toBe('stale');
    expect(await rotate(meeting({ current: 'a' }))).toBe('stale');
    expect(await rotate(meeting(undefined))).toBe('stale');
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
    const events = await log[read]('lobby', 0, 7);
    expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    expect(starts(asked)).toEqual([undefined, 1, 2, 3]);
    expect(asked.map(({ Limit }) => Limit)).toEqual([7, 5, 5, 3]);
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
    const pages = await all(connections.inRoom('lobby', START));
    expect(pages.flat().map(({ connectionId }) => connectionId)).toEqual(['c1', 'c2']);
    expect(starts(asked)).toEqual([undefined, 1, 2]);
  });

  test("do not end a user's connections", async () => {
    const { connections, asked } = paged([row('CONN#c1')], [], [row('CONN#c2')]);
    const open = await connections.ofUser('alice', START);
    expect(open.map(({ connectionId }) => connectionId)).toEqual(['c1', 'c2']);
    expect(starts(asked)).toEqual([undefined, 1, 2]);
  });

  test('of a room are read one at a time, as they are wanted', async () => {
    const { connections, asked } = paged([row('c1')], [row('c2')]);
    const pages = connections.inRoom('lobby', START)[Symbol.asyncIterator]();
    await pages.next();
    expect(asked).toHaveLength(1);
    await pages.next();
    expect(asked).toHaveLength(2);
  });
});

test("a room's list of connections brings only what a fan-out needs", async () => {
  const [input] = await inputsOf('connections.inRoom');
  expect(input?.ProjectionExpression).toBe('sk, dialect, connectedAt, authUntil, expiresAt');
});

test("a connection's own row goes last, for it tells where the others are", async () => {
  const stores = mockedStores();
  stores.dynamo.onAnyCommand().resolves({});
  const Item = { userId: 'alice', rooms: new Set(['lobby', 'music']), expiresAt: LATER };
  stores.dynamo.on(GetCommand).resolves({ Item });
  await stores.connections.remove('c', 'seen');
  const inputs = stores.dynamo.calls().map(({ args }) => args[0].input as { Key?: unknown });
  const deleted = inputs.slice(1).map(({ Key }) => Key);
  expect(deleted).toHaveLength(5);
  expect(deleted).toEqual(
    expect.arrayContaining([
      ...['lobby', 'music', 'seen'].map((room) => keys.presence(room, 'c')),
      keys.userConnection('alice', 'c'),
    ]),
  );
  expect(deleted.at(-1)).toEqual(keys.connection('c'));
});
