import {
  BatchGetCommand,
  BatchWriteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { engineClient } from '../../../local/dynamo/client.ts';
import { Engine, type Write } from '../../../local/dynamo/engine.ts';
import { memoryStorage } from '../../../local/dynamo/memory-storage.ts';

const TableName = 'chat';
const Key = { pk: 'a', sk: '1' };

const manyKeys = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ pk: 'a', sk: String(n).padStart(3, '0') }));

const batchOf = (Keys: Record<string, unknown>[], more = {}, table = TableName) =>
  new BatchGetCommand({
    RequestItems: { [table]: { Keys, ...more } },
    ReturnConsumedCapacity: 'TOTAL',
  });

describe('the embedded engine', () => {
  let engine: Engine;
  let client: ReturnType<typeof engineClient>;
  beforeEach(() => {
    engine = new Engine({ table: TableName, storage: memoryStorage() });
    client = engineClient(engine);
  });

  const put = (item: object, more: object = {}) =>
    client.send(new PutCommand({ TableName, Item: { ...Key, ...item }, ...more }));
  const get = async () => (await client.send(new GetCommand({ TableName, Key }))).Item;
  const update = (UpdateExpression: string, values?: Record<string, unknown>, more: object = {}) =>
    client.send(
      new UpdateCommand({
        ...{ TableName, Key, UpdateExpression, ...more },
        ...(values && { ExpressionAttributeValues: values }),
      }),
    );

  test('keeps what was written, whatever its writer does to it afterwards', async () => {
    const list = [1];
    const gone = undefined;
    await put({ list, gone, map: { gone, held: null } });
    list.push(2);
    expect(await get()).toEqual({ ...Key, list: [1], map: { held: null } });
  });

  test('gives nothing away that a reader could change', async () => {
    await put({ map: { n: 1 } });
    const item = await get();
    expect(() => Object.assign(item?.map, { n: 2 })).toThrow(TypeError);
  });

  test.each([
    ['another table', new GetCommand({ TableName: 'other', Key }), 'ResourceNotFoundException'],
    ['an option', new GetCommand({ TableName, Key, AttributesToGet: ['n'] }), /AttributesToGet/],
    ['a command', new BatchWriteCommand({ RequestItems: {} }), /BatchWriteCommand/],
    ['a batch of nothing', batchOf([]), /from 1 to 100/],
    ['a batch of 101', batchOf(manyKeys(101)), /from 1 to 100/],
    ['a batch of the same', batchOf([Key, Key]), /duplicates/],
    ['a batch by more than keys', batchOf([{ ...Key, n: 1 }]), /nothing else/],
    ['a batch of another table', batchOf([Key], {}, 'other'), 'ResourceNotFoundException'],
    ['a batch with an option', batchOf([Key], { AttributesToGet: ['n'] }), /AttributesToGet/],
    ['a limit', new ScanCommand({ TableName, Limit: 0 }), /Limit/],
    ['a key', new GetCommand({ TableName, Key: { pk: 'a' } }), /sk/],
    ['an empty key', new GetCommand({ TableName, Key: { pk: '', sk: 'b' } }), /pk/],
    ['a long key', new GetCommand({ TableName, Key: { pk: 'é'.repeat(1_025), sk: 'b' } }), /2048/],
  ])('refuses %s that it does not know', async (_, command, why) => {
    const error = await client.send(command as GetCommand).catch((error: unknown) => error);
    expect(String(error)).toMatch(why);
  });

  test.each([
    ['a number that JSON would change', { n: 2 ** 53 }],
    ['a date', { n: new Date() }],
    ['binary', { n: Buffer.from('x') }],
    ['an empty set', { n: new Set() }],
    ['a set of numbers', { n: new Set([1]) }],
    ['a set within a map', { n: { m: new Set(['x']) } }],
    ['an index key of another type', { visitor: 1 }],
    ['400 KB', { n: 'x'.repeat(400 * 1024) }],
  ])('refuses an item with %s', async (_, item) => {
    await expect(put(item)).rejects.toMatchObject({ name: 'ValidationException' });
    expect(await get()).toBeUndefined();
  });

  test.each([
    ['n = :x and', { ':x': 1 }, /ends too early/],
    ['n == :x', { ':x': 1 }, /compares|name belongs/],
    ['n IN (:x)', { ':x': 1 }, /compares by "IN"/],
    ['attribute_type(n, :x)', { ':x': 'S' }, /compares by/],
    ['n = :x', undefined, /:x is used and not defined/],
    ['attribute_exists(n)', { ':x': 1 }, /:x is defined and not used/],
    ['n[0] = :x', { ':x': 1 }, /something unknown at 1/],
  ])('refuses the condition %s with a reason', async (ConditionExpression, values, why) => {
    const more = { ConditionExpression, ...(values && { ExpressionAttributeValues: values }) };
    await expect(put({}, more)).rejects.toThrow(why);
  });

  test.each([
    ['SET n', undefined, /lacks "="/],
    ['SET n = :x SET m = :x', { ':x': 1 }, /twice/],
    ['PUT n :x', { ':x': 1 }, /no clause "PUT"/],
    ['SET m.a = :x', { ':x': 1 }, /document path/],
    ['SET n = m', undefined, /no attribute/],
    ['SET n = m + :x', { ':x': 1 }, /not a number/],
    ['SET pk = :x', { ':x': 'b' }, /part of the key/],
  ])('refuses the update %s, and changes nothing', async (text, values, why) => {
    await expect(update(text, values)).rejects.toThrow(why);
    expect(await get()).toBeUndefined();
  });

  test('AND binds more tightly than OR, and NOT more tightly than both', async () => {
    await put({ a: 1 });
    const held = (ConditionExpression: string) =>
      put({ a: 1 }, { ConditionExpression, ExpressionAttributeValues: { ':y': 1 } }).then(
        () => true,
        () => false,
      );
    expect(await held('a = :y OR b = :y AND c = :y')).toBe(true);
    expect(await held('(a = :y OR b = :y) AND c = :y')).toBe(false);
    expect(await held('NOT b = :y AND a = :y')).toBe(true);
    expect(await held('NOT (a = :y OR b = :y)')).toBe(false);
  });

  test('gives 16 MB in a batch, leaves the keys that follow, and bills what it gives', async () => {
    const keys = manyKeys(50);
    for (const { sk } of keys) await put({ sk, text: 'x'.repeat(390_000) });
    const { Responses, UnprocessedKeys, ConsumedCapacity } = await client.send(
      batchOf(keys, { ConsistentRead: true, ProjectionExpression: 'sk' }),
    );
    const given = Responses?.[TableName] ?? [];
    expect(given).toEqual(keys.slice(0, 43).map(({ sk }) => ({ sk })));
    expect(ConsumedCapacity).toEqual([{ TableName, CapacityUnits: 43 * 96 }]);
    const left = UnprocessedKeys?.[TableName];
    expect(left).toMatchObject({ ConsistentRead: true, ProjectionExpression: 'sk' });
    expect(left?.Keys).toEqual(keys.slice(43));
  });

  test('bills a key of a batch where nothing stands as one where something does', async () => {
    const { ConsumedCapacity } = await client.send(batchOf(manyKeys(3)));
    expect(ConsumedCapacity).toEqual([{ TableName, CapacityUnits: 1.5 }]);
  });

  test('ends a page at 1 MB, and tells where to go on', async () => {
    for (const sk of ['1', '2', '3', '4']) await put({ sk, text: 'x'.repeat(300_000) });
    const values = { ':a': 'a' };
    const query = {
      TableName,
      KeyConditionExpression: 'pk = :a',
      ExpressionAttributeValues: values,
    };
    const { Items, LastEvaluatedKey } = await client.send(new QueryCommand(query));
    expect(Items).toHaveLength(4);
    expect(LastEvaluatedKey).toEqual({ pk: 'a', sk: '4' });
    const next = new QueryCommand({ ...query, ExclusiveStartKey: LastEvaluatedKey });
    expect(await client.send(next)).toEqual({ Items: [], Count: 0, ScannedCount: 0 });
  });

  test('counts what was read before the filter against the limit', async () => {
    for (const sk of ['1', '2', '3']) await put({ sk, n: Number(sk) });
    const filter = { FilterExpression: 'n > :n', ExpressionAttributeValues: { ':n': 1 } };
    const page = await client.send(new ScanCommand({ TableName, Limit: 2, ...filter }));
    expect(page).toMatchObject({ Count: 1, ScannedCount: 2, LastEvaluatedKey: { sk: '2' } });
  });

  test.each<[string, () => Promise<{ ConsumedCapacity?: unknown }>, number]>([
    ['a small write', () => put({}, TOTAL), 1],
    ['a write of 3 KB', () => put({ text: 'x'.repeat(3_000) }, TOTAL), 3],
    ['a first visit', () => put({ visitor: 'v', visitedAt: 1 }, TOTAL), 2],
    ['a consistent read of nothing', () => read({ ConsistentRead: true }), 1],
    ['a read that may lag', () => read({}), 0.5],
  ])('says what %s takes', async (_, call, CapacityUnits) => {
    expect((await call()).ConsumedCapacity).toEqual({ TableName, CapacityUnits });
  });
  const TOTAL = { ReturnConsumedCapacity: 'TOTAL' } as const;
  const read = (more: object) => client.send(new GetCommand({ TableName, Key, ...more, ...TOTAL }));

  test('tells a watcher of each write, and of none that did not happen', async () => {
    const writes: Write[] = [];
    engine.watch((write) => writes.push(write));
    await put({ n: 1 });
    await put({ n: 2 }, { ConditionExpression: 'attribute_not_exists(pk)' }).catch(() => {});
    await update('SET n = :x', { ':x': 3 });
    expect(writes.map(({ key, before, after }) => [key, before?.n, after?.n])).toEqual([
      [Key, undefined, 1],
      [Key, 1, 3],
    ]);
  });

  test('deletes what has expired, to the second, some at a time, and tells watchers', async () => {
    const NOW = 1_800_000_000_999;
    await put({ sk: 'never' });
    await put({ sk: 'soon', expiresAt: 1_800_000_001 });
    for (let n = 0; n < 250; n++) await put({ sk: `due ${n}`, expiresAt: 1_800_000_000 });
    let told = 0;
    engine.watch(({ after }) => {
      if (after === undefined) told++;
    });
    expect(await engine.expire(NOW)).toBe(200);
    expect(await engine.expire(NOW)).toBe(50);
    expect(await engine.expire(NOW)).toBe(0);
    expect(told).toBe(250);
    const { Items = [] } = await client.send(new ScanCommand({ TableName }));
    expect(Items.map(({ sk }) => sk)).toEqual(['never', 'soon']);
  });

  test('answers nothing, and tells of no expiry, that is not committed', async () => {
    const committed = () => Promise.reject(new Error('The disk is full.'));
    const full = new Engine({ table: TableName, storage: { ...memoryStorage(), committed } });
    const sent = engineClient(full).send(new PutCommand({ TableName, Item: Key }));
    await expect(sent).rejects.toThrow('The disk is full.');
    await expect(full.expire(0)).rejects.toThrow('The disk is full.');
  });
});
