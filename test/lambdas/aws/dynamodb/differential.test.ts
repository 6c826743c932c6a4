import {
  BatchGetCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { openTable, type Table } from '../../../../lambdas/aws/dynamo.ts';
import { openLeanTable } from '../../../../lambdas/aws/dynamodb/lean-table.ts';
import { openInFiles } from '../../../contracts/engines.ts';
import {
  type Answer,
  batchInPart,
  FAULTS,
  fails,
  type LyingServer,
  openLyingServer,
  silence,
  withoutItem,
} from './lying-server.ts';
import { expectSameOutcomes, outcomeOf } from './outcomes.ts';

describe('our own transport does as the SDK does with a server that lies', () => {
  let server: LyingServer;
  beforeAll(async () => {
    // Pauses between attempts are a random part of a second.
    jest.spyOn(Math, 'random').mockReturnValue(0);
    server = await openLyingServer();
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await server.close();
  });

  /** By the SDK and by us; each has a budget of retries. */
  function bothTables(answerMs = 10_000): Table[] {
    const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'session' };
    const way = { endpoint: server.url, region: 'eu-central-1', credentials };
    const requestHandler = { requestTimeout: answerMs, throwOnRequestTimeout: true };
    return [
      openTable('parlor', { ...way, requestHandler }),
      openLeanTable('parlor', { ...way, answerMs }),
    ];
  }

  async function bothOf(
    answers: readonly Answer[],
    send: (table: Table) => Promise<unknown>,
    answerMs?: number,
  ) {
    const outcomes = [];
    for (const table of bothTables(answerMs)) {
      server.script(answers);
      const outcome = await outcomeOf(() => send(table));
      outcomes.push({ outcome, received: server.received.map(seen) });
      table.client.destroy();
    }
    const [expected, found] = outcomes;
    return { expected, found };
  }

  function seen({ headers, body }: LyingServer['received'][number]) {
    const { authorization = '', host } = headers;
    return {
      body,
      host,
      target: headers['x-amz-target'],
      type: headers['content-type'],
      token: headers['x-amz-security-token'],
      scope: /Credential=([^,]*)/.exec(authorization)?.[1],
    };
  }

  const get = ({ client, name }: Table) =>
    client.send(new GetCommand({ TableName: name, Key: { pk: 'a', sk: 'b' } }));

  test.each(FAULTS)('with $name', async (fault) => {
    const { expected, found } = await bothOf([fault], get);
    expect(found).toEqual(expected);
  });

  test('with a batch that is read in part', async () => {
    const { expected, found } = await bothOf([batchInPart], ({ client }) =>
      client.send(new BatchGetCommand({ RequestItems: { parlor: { Keys: [{ pk: 'c' }] } } })),
    );
    expect(found).toEqual(expected);
    expect(found?.outcome).toMatchObject({
      Responses: { parlor: [{ pk: 'found', n: 1.5 }, { pk: 'b' }] },
      UnprocessedKeys: { parlor: { Keys: [{ pk: 'c' }], ConsistentRead: true } },
    });
  });

  test('with silence', async () => {
    const { expected, found } = await bothOf([silence], get, 200);
    expect(found).toEqual(expected);
    expect(found?.received).toHaveLength(3);
  });

  test('with whatever comes in turn', async () => {
    const fault = fc.constantFrom(...FAULTS);
    const turns = fc.array(fault, { minLength: 2, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(turns, async (answers) => {
        const { expected, found } = await bothOf(answers, get);
        expect(found).toEqual(expected);
      }),
      { numRuns: 80 },
    );
  });

  test('until there are no more retries to be had', async () => {
    const [expected, found] = await Promise.all(
      bothTables().map(async (table) => {
        server.script([fails('ThrottlingException')]);
        const outcomes = [];
        for (let n = 0; n < 60; n++) outcomes.push(await outcomeOf(() => get(table)));
        return outcomes;
      }),
    );
    expect(found).toEqual(expected);
    expect(found?.at(-1)).toMatchObject({ name: 'ThrottlingException', attempts: 1 });
  });

  test('whatever is sent', async () => {
    await fc.assert(
      fc.asyncProperty(command, async (made) => {
        const { expected, found } = await bothOf([withoutItem], ({ client }) =>
          client.send(made() as GetCommand),
        );
        expect(found).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  });
});

const leaf = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.double(),
  fc.maxSafeInteger(),
  fc.bigInt(),
  fc.constantFrom(null, undefined, true, false, 2 ** 53, -(2 ** 60), -0, 1e-300, 5e-324),
  fc.constantFrom<unknown>(new Set(), new Set(['a', 'b']), new Set([1, 2.5]), new Set([undefined])),
  fc.constantFrom<unknown>(new Date(0), () => 1, new Uint8Array([0, 255]), new Set([new Date(0)])),
);
/** The SDK loses what is called `__proto__`, and takes what has a `constructor` for a class's. */
const name = fc
  .oneof(fc.string(), fc.constantFrom('toString', 'S'))
  .filter((text) => !['__proto__', 'constructor'].includes(text));
const { value } = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('value')), tie('map')),
  map: fc.dictionary(name, tie('value')),
}));
const item = fc.dictionary(name, value);
const command = fc
  .record({
    Item: item,
    ExpressionAttributeValues: fc.option(item, { nil: undefined }),
    ReturnConsumedCapacity: fc.constantFrom('TOTAL' as const, undefined),
    ConsistentRead: fc.constantFrom(true, undefined),
    Limit: fc.option(fc.nat(), { nil: undefined }),
    kind: fc.nat(6),
  })
  .map((given) => () => {
    const { Item, ExpressionAttributeValues, ReturnConsumedCapacity, ConsistentRead, Limit } =
      given;
    const base = { TableName: 'parlor', ReturnConsumedCapacity };
    const conditional = { ...base, ExpressionAttributeValues, ConditionExpression: 'a = :b' };
    const listing = { ...base, ExpressionAttributeValues, ConsistentRead, Limit };
    return [
      new GetCommand({ ...base, Key: Item, ConsistentRead }),
      new PutCommand({ ...conditional, Item }),
      new UpdateCommand({ ...conditional, Key: Item, UpdateExpression: 'SET a = :b' }),
      new DeleteCommand({ ...conditional, Key: Item, ReturnValues: 'ALL_OLD' }),
      new QueryCommand({ ...listing, KeyConditionExpression: 'a = :b', ExclusiveStartKey: Item }),
      new ScanCommand({ ...listing, ProjectionExpression: 'a, b', FilterExpression: 'a > :b' }),
      new BatchGetCommand({
        ReturnConsumedCapacity,
        RequestItems: {
          parlor: { Keys: [Item, ExpressionAttributeValues ?? {}], ConsistentRead },
          other: { Keys: [], ProjectionExpression: 'a' },
        },
      }),
    ][given.kind];
  });

describe('our own transport does as the SDK does with every command', () => {
  test('on the embedded engine', () => expectSameOutcomes(openInFiles));
});
