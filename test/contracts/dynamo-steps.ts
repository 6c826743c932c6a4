import {
  BatchGetCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  paginateQuery,
  paginateScan,
  type QueryCommandInput,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import type { Table } from '../../lambdas/aws/dynamo.ts';

/** A step on a table, and what it answers, in words that engines can be compared by. */
export interface Step {
  text: string;
  run(table: Table): Promise<unknown>;
}

const KEYS = ['a', 'b', '\u{ffff}', '\u{10000}'].flatMap((pk) =>
  ['1', '2', 'é', 'z#'].map((sk) => ({ pk: `p${pk}`, sk })),
);
const key = fc.constantFrom(...KEYS);
const number = fc.oneof(fc.integer({ min: -9, max: 9 }), fc.constantFrom(0.5, 1e15, 123_456));
const value = fc.oneof(
  number,
  fc.constantFrom('', 'x', 'é', 'xy', '\u{1f600}'),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom({ a: 1 }, { a: { b: 'x' } }, {}, [1, 'x'], []),
  fc.constantFrom(new Set(['x']), new Set(['x', 'y'])),
);
/** `visitor` and `visitedAt` are the index's; some items have them. */
const attributes = fc.record(
  {
    n: value,
    m: value,
    visitor: fc.constantFrom('v', 'w'),
    visitedAt: fc.integer({ min: 1, max: 4 }),
  },
  { requiredKeys: [] },
);

/**
 * Texts with `:x`, and values for it that they take: others are refused by both, but one looks at the
 * condition first, and the other at the types.
 */
const withValues = (texts: string[], x: fc.Arbitrary<unknown>) =>
  fc.record({ text: fc.constantFrom(...texts), x });

const ordered = fc.oneof(number, fc.constantFrom('', 'x', 'é'));
const someSet = fc.constantFrom(new Set(['x']), new Set(['x', 'y']), new Set(['z']));
const condition = fc.oneof(
  fc.constant({ text: undefined, x: undefined }),
  withValues(['n = :x', 'n <> :x', 'NOT n = :x', 'm.a = :x', 'm = :x OR n = :x'], value),
  withValues(['attribute_exists(n) AND n = :x', 'attribute_not_exists(n) OR n = :x'], value),
  withValues(['n < :x', 'n <= :x', 'n > :x', 'n >= :x', '(n = :x OR m = :x) AND n >= :x'], ordered),
  withValues(['contains(n, :x)', 'NOT contains(m, :x)'], fc.constantFrom('x', 'y', 1)),
  withValues(['size(n) < :x', 'size(m) >= :x'], fc.integer({ min: 0, max: 3 })),
  withValues(['begins_with(n, :x)'], fc.constantFrom('x', 'é')),
);
const change = fc.oneof(
  withValues(['SET n = :x', 'SET n = m, m = :x', 'SET m.a = :x', 'SET #name = :x'], value),
  withValues(['SET n = if_not_exists(n, :x)', 'REMOVE m.a SET n = :x', 'SET m = n, n = :x'], value),
  withValues(['SET n = if_not_exists(n, :x) + :x', 'SET n = n - :x REMOVE m', 'ADD n :x'], number),
  withValues(['ADD n :x', 'ADD m :x', 'DELETE n :x', 'DELETE m :x'], someSet),
);

function bound(text: string, x: unknown): Partial<UpdateCommandInput> {
  return {
    ...(/:x/.test(text) && { ExpressionAttributeValues: { ':x': x } }),
    ...(/#name/.test(text) && { ExpressionAttributeNames: { '#name': 'n' } }),
  };
}

const put = fc.record({ key, attributes, condition }).map(
  ({ key, attributes, condition: { text, x } }): Step => ({
    text: `put ${key.pk} ${key.sk} ${fc.stringify(attributes)} if ${text} ${fc.stringify(x)}`,
    run: async ({ client, name }) =>
      await client.send(
        new PutCommand({
          TableName: name,
          Item: { ...attributes, ...key },
          ReturnValues: 'ALL_OLD',
          ...(text && { ConditionExpression: text, ...bound(text, x) }),
        }),
      ),
  }),
);

const update = fc.record({ key, change, held: fc.constantFrom('', 'attribute_exists(m)') }).map(
  ({ key, change: { text: how, x }, held: text }): Step => ({
    text: `update ${key.pk} ${key.sk} ${how} ${fc.stringify(x)} if ${text}`,
    run: async ({ client, name }) =>
      await client.send(
        new UpdateCommand({
          TableName: name,
          Key: key,
          UpdateExpression: how,
          ReturnValues: 'ALL_NEW',
          ...(text && { ConditionExpression: text }),
          ...bound(how, x),
        }),
      ),
  }),
);

const remove = fc.record({ key, condition }).map(
  ({ key, condition: { text, x } }): Step => ({
    text: `delete ${key.pk} ${key.sk} if ${text} ${fc.stringify(x)}`,
    run: async ({ client, name }) =>
      await client.send(
        new DeleteCommand({
          TableName: name,
          Key: key,
          ReturnValues: 'ALL_OLD',
          ...(text && { ConditionExpression: text, ...bound(text, x) }),
        }),
      ),
  }),
);

const get = key.map(
  (key): Step => ({
    text: `get ${key.pk} ${key.sk}`,
    run: async ({ client, name }) =>
      await client.send(new GetCommand({ TableName: name, Key: key, ConsistentRead: true })),
  }),
);

const batchGet = fc
  .record({
    keys: fc.array(key, { maxLength: 6 }),
    consistent: fc.constantFrom(true, undefined),
    some: fc.boolean(),
  })
  .map(
    ({ keys, consistent, some }): Step => ({
      text: `batch ${fc.stringify(keys)} ${some ? 'sk, n' : ''}`,
      // Items of a batch come in any order.
      run: async ({ client, name }) => {
        const asked = {
          Keys: keys,
          ConsistentRead: consistent,
          ...(some && {
            ProjectionExpression: 'pk, sk, #name',
            ExpressionAttributeNames: { '#name': 'n' },
          }),
        };
        const { Responses, UnprocessedKeys, ConsumedCapacity } = await client.send(
          new BatchGetCommand({
            RequestItems: { [name]: asked },
            ReturnConsumedCapacity: 'TOTAL',
          }),
        );
        const units = ConsumedCapacity?.map(({ CapacityUnits }) => CapacityUnits);
        return { items: byKey(Responses?.[name] ?? []), UnprocessedKeys, units };
      },
    }),
  );

const RANGES = ['', ' AND sk > :s', ' AND sk <= :s', ' AND begins_with(sk, :s)', ' AND sk = :s'];

const query = fc
  .record({
    key,
    range: fc.constantFrom(...RANGES, ' AND sk BETWEEN :s AND :t'),
    forward: fc.boolean(),
    Limit: fc.constantFrom(undefined, 1, 2, 9),
    some: fc.boolean(),
  })
  .map(({ key: { pk, sk }, range, forward, Limit, some }): Step => {
    const input = {
      KeyConditionExpression: `pk = :p${range}`,
      ExpressionAttributeValues: {
        ':p': pk,
        ...(range && { ':s': sk }),
        ...(range.includes(':t') && { ':t': 'z' }),
      },
      ScanIndexForward: forward,
      Limit,
      ConsistentRead: true,
      ...(some && { ProjectionExpression: 'sk, n' }),
    };
    return { text: `query ${fc.stringify(input)}`, run: (table) => listed(table, input) };
  });

const visits = fc
  .record({ visitor: fc.constantFrom('v', 'w', 'x'), Limit: fc.constantFrom(undefined, 1, 2) })
  .map(
    ({ visitor, Limit }): Step => ({
      text: `visits ${visitor} by ${Limit}`,
      // Visits at the same time come in any order.
      run: async (table) => {
        const items = await listed(table, {
          IndexName: 'visits',
          KeyConditionExpression: 'visitor = :v',
          ExpressionAttributeValues: { ':v': visitor },
          ScanIndexForward: false,
          Limit,
        });
        return { times: items.map(({ visitedAt }) => visitedAt), items: byKey(items) };
      },
    }),
  );

const scan = fc.constantFrom(undefined, 1, 3).map(
  (Limit): Step => ({
    text: `scan by ${Limit}`,
    async run({ client, name }) {
      const items: Item[] = [];
      for await (const { Items = [] } of paginateScan({ client }, { TableName: name, Limit })) {
        items.push(...Items);
      }
      return byKey(items);
    },
  }),
);

type Item = Record<string, unknown>;

async function listed({ client, name }: Table, input: Omit<QueryCommandInput, 'TableName'>) {
  const items: Item[] = [];
  for await (const { Items = [] } of paginateQuery({ client }, { TableName: name, ...input })) {
    items.push(...Items);
  }
  return items;
}

const byKey = (items: Item[]) =>
  items.toSorted((a, b) => (`${a.pk} ${a.sk}` < `${b.pk} ${b.sk}` ? -1 : 1));

/** What may be asked of a table: every command and every form of it that Parlor uses, and more. */
export const steps = fc.array(fc.oneof(put, update, remove, get, batchGet, query, visits, scan), {
  minLength: 1,
  maxLength: 25,
});
