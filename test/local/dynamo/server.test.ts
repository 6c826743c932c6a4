import { request } from 'node:http';
import { json } from 'node:stream/consumers';
import { DescribeTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openTable } from '../../../lambdas/aws/dynamo.ts';
import {
  type Database,
  ensureTable,
  LOCAL_TABLE,
  localDynamo,
  openDatabase,
} from '../../../local/database.ts';

const Key = { pk: 'a', sk: 'b' };

describe('the embedded engine behind DynamoDB’s protocol', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openDatabase();
  });
  afterAll(() => database.close());

  test('gives every type of value as it was written', async () => {
    const table = openTable(LOCAL_TABLE, localDynamo(database.endpoint));
    const item = {
      ...Key,
      s: 'é',
      n: -1.5,
      b: true,
      z: null,
      l: [1, ['x']],
      m: { a: {} },
      set: new Set(['x']),
    };
    await table.client.send(new PutCommand({ TableName: table.name, Item: item }));
    const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key }));
    expect(Item).toEqual(item);
    const here = await database.table.client.send(new GetCommand({ TableName: LOCAL_TABLE, Key }));
    expect(here.Item).toEqual(item);
    table.client.destroy();
  });

  test('names its errors as DynamoDB does', async () => {
    const { client, name } = openTable(LOCAL_TABLE, localDynamo(database.endpoint));
    const update = (more: object) =>
      client.send(
        new UpdateCommand({
          ...{ TableName: name, Key, UpdateExpression: 'SET n = :n', ...more },
          ExpressionAttributeValues: { ':n': 1 },
        }),
      );
    const failing = { ConditionExpression: 'attribute_exists(nothing)' };
    await expect(update(failing)).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
    });
    const unknown = { ConditionExpression: 'attribute_type(n, :n)' };
    await expect(update(unknown)).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(update({ TableName: 'other' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    client.destroy();
  });

  test('has the one table, which nobody needs to make', async () => {
    const client = new DynamoDBClient(localDynamo(database.endpoint));
    expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual([LOCAL_TABLE]);
    const { Table } = await client.send(new DescribeTableCommand({ TableName: LOCAL_TABLE }));
    expect(Table?.TableStatus).toBe('ACTIVE');
    await ensureTable(database.endpoint);
    client.destroy();
  });

  const TARGET = 'DynamoDB_20120810.GetItem';
  const SIGNED = 'AWS4-HMAC-SHA256 Credential=local/20261130/us-east-1/dynamodb/aws4_request';

  test.each([
    ['a name that leads here by a trick', { host: 'evil.example' }, '{}', 'UnknownOperation'],
    ['no target', { 'x-amz-target': '' }, '{}', 'UnknownOperation'],
    ['no credentials', { authorization: '' }, '{}', 'MissingAuthenticationToken'],
    ['no JSON', {}, '{', 'SerializationException'],
    ['a body that is no object', {}, '"x"', 'SerializationException'],
    ['a body that is too large', {}, 'x'.repeat(17_000_000), 'RequestEntityTooLarge'],
    [
      'an operation that Parlor has no use for',
      { 'x-amz-target': `${TARGET}s` },
      '{}',
      'Validation',
    ],
    ['a value of no type', {}, '{"TableName":"parlor","Key":{"pk":{"Q":"a"}}}', 'Validation'],
    [
      'a value of two types',
      {},
      '{"TableName":"parlor","Key":{"pk":{"S":"a","N":"1"}}}',
      'Validation',
    ],
  ])('refuses a request with %s', async (_, headers, body, type) => {
    const sent = { 'x-amz-target': TARGET, authorization: SIGNED, ...headers };
    const { status, answer } = await post(database.endpoint, sent, body);
    expect(status).toBe(400);
    expect(answer.__type).toContain(`#${type}`);
  });
});

/** fetch would send a host of its own. */
function post(url: string, headers: Record<string, string>, body: string) {
  return new Promise<{ status: number | undefined; answer: { __type?: string } }>(
    (resolve, reject) => {
      const sent = request(url, { method: 'POST', headers }, (response) => {
        json(response).then(
          (answer) => resolve({ status: response.statusCode, answer: answer as object }),
          reject,
        );
      });
      sent.on('error', reject);
      if (body === '') sent.flushHeaders();
      else sent.end(body);
    },
  );
}
