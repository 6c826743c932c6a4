import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import {
  BatchGetCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { ENV } from '../../lambdas/aws/environment.ts';
import { type Loopback, openLoopback } from './aws/loopback.ts';
import { metricsAmong, printedLines, requestsAmong } from './aws/printed.ts';

/**
 * The deployed entries themselves, as Lambda loads them: configured by the environment alone, on a
 * table whose answers are scripted and an @connections API on this machine.
 */

type Entry = (event: unknown, context: unknown) => Promise<unknown>;

const dynamo = mockClient(DynamoDBDocumentClient);
let lines: string[];
let gateway: Loopback;

const load = async (name: string): Promise<Entry> =>
  (await import(`../../lambdas/${name}.ts`)).handler as Entry;

const context = { awsRequestId: 'r1', getRemainingTimeInMillis: () => 29_000 };

beforeAll(async () => {
  gateway = await openLoopback((_, response) => response.end());
  Object.assign(process.env, {
    // Whose class is mocked above.
    [ENV.dynamoClient]: 'sdk',
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'not a secret',
    [ENV.table]: 'parlor',
    [ENV.stage]: 'Parlor-dev',
    [ENV.connectionsEndpoint]: `${gateway.url}/prod`,
  });
  lines = printedLines();
});

beforeEach(() => {
  dynamo.reset();
  lines.length = 0;
  gateway.received.length = 0;
});

afterAll(async () => {
  jest.restoreAllMocks();
  await gateway.close();
});

const inAnHour = Date.now() + 3_600_000;

/** A connection's item as the table keeps it. */
const connectionItem = {
  userId: 'alice',
  username: 'Alice',
  dialect: 'v1',
  homeRoom: 'lobby',
  rooms: { 'in lobby': { shard: 0, visit: 'v1' } },
  connectedAt: 0,
  authUntil: inAnHour,
  expiresAt: inAnHour / 1_000,
};

const presenceItem = {
  sk: 'c2',
  dialect: 'v1',
  connectedAt: 0,
  authUntil: inAnHour,
  expiresAt: inAnHour / 1_000,
};

/** `c1` sends, `c2` is in the room, the log holds these items, and the lease is free. */
function aTable(log: Record<string, unknown>[] = []): void {
  const lease: Record<string, unknown> = {};
  dynamo.on(GetCommand).callsFake(() => ({ Item: lease }));
  dynamo.on(BatchGetCommand).resolves({ Responses: { parlor: [] } });
  dynamo.on(PutCommand).resolves({});
  dynamo.on(QueryCommand).callsFake(({ ExpressionAttributeValues: values }) => {
    if (values[':log']) return { Items: log };
    return { Items: values[':presences'] === 'CONNS#lobby#0' ? [presenceItem] : [] };
  });
  dynamo.on(UpdateCommand).callsFake(({ Key, ExpressionAttributeValues: values }) => {
    if (Key.sk !== 'PUMP') return { Attributes: connectionItem };
    for (const [name, value] of Object.entries(values)) lease[name.slice(1)] = value;
    return { Attributes: { ...lease } };
  });
}

describe('the deployed function', () => {
  test('connect refuses who brings no token, before it asks the table', async () => {
    const connect = await load('connect');
    const event = { requestContext: { connectionId: 'c1' }, queryStringParameters: { room: 'x' } };
    expect(await connect(event, context)).toMatchObject({ statusCode: 401 });
    expect(dynamo.calls()).toHaveLength(0);
    expect(requestsAmong(lines)[0]).toMatchObject({
      route: '$connect',
      result: 'refused',
      code: 'not_authenticated',
    });
  });

  test('send-message stores a message and posts it to the room', async () => {
    aTable();
    const send = await load('send-message');
    const frame = {
      action: 'sendMessage',
      id: 'f1',
      room: 'lobby',
      content: 'hello',
      clientId: 'm1',
    };
    const event = { requestContext: { connectionId: 'c1' }, body: JSON.stringify(frame) };
    const answer = (await send(event, context)) as { body: string };
    expect(JSON.parse(answer.body)).toMatchObject({ type: 'ack', ref: 'f1', seq: 1 });

    const [stored] = dynamo.commandCalls(PutCommand);
    expect(stored?.args[0].input).toMatchObject({
      TableName: 'parlor',
      Item: { pk: 'LOG#lobby', sk: '0000000000000001', content: 'hello', userId: 'alice' },
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    expect(gateway.received).toMatchObject([{ method: 'POST', path: '/prod/@connections/c2' }]);
    const [posted] = gateway.received;
    expect(posted?.headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\//);
    expect(JSON.parse(posted?.body ?? '')).toMatchObject({ content: 'hello', seq: 1 });
    expect(requestsAmong(lines)[0]).toMatchObject({
      route: 'sendMessage',
      result: 'ok',
      seq: 1,
    });
    expect(metricsAmong(lines)).toEqual([
      expect.objectContaining({ MessagesStored: 1, PostsDelivered: 1, FanOutSize: 1 }),
    ]);
    expect(lines.join()).not.toContain('hello');
  });

  test('audit pumps a room whose writer died after its put', async () => {
    aTable([
      {
        pk: 'LOG#lobby',
        sk: '0000000000000001',
        type: 'message',
        id: 'e1',
        userId: 'alice',
        sender: 'Alice',
        clientId: 'm1',
        content: 'hello',
        at: 1_000,
      },
    ]);
    const audit = await load('audit');
    const record = {
      eventName: 'INSERT',
      dynamodb: { Keys: { pk: { S: 'LOG#lobby' } }, SequenceNumber: '111' },
    };
    expect(await audit({ Records: [record] }, context)).toEqual({ batchItemFailures: [] });
    expect(gateway.received).toMatchObject([{ path: '/prod/@connections/c2' }]);
    expect(requestsAmong(lines)[0]).toMatchObject({
      route: 'audit',
      room: 'lobby',
      finding: 'rescued',
      stage: 'Parlor-dev',
      function_request_id: 'r1',
    });
    expect(metricsAmong(lines)).toEqual([
      expect.objectContaining({ stage: 'Parlor-dev', AuditRescues: 1, PostsDelivered: 1 }),
    ]);
  });
});

describe('the deployed function for the rest,', () => {
  const requestContext = { connectionId: 'c1' };

  test('room-action answers a ping', async () => {
    aTable();
    const roomAction = await load('room-action');
    const answer = await roomAction({ requestContext, body: '{"action":"ping"}' }, context);
    expect(JSON.parse((answer as { body: string }).body)).toEqual({
      type: 'pong',
      heads: [{ room: 'lobby', head: 0, unread: 0 }],
    });
  });

  test('disconnect removes the connection’s items, by their keys', async () => {
    dynamo.on(GetCommand).resolves({ Item: connectionItem });
    dynamo.on(DeleteCommand).resolves({});
    const disconnect = await load('disconnect');
    expect(await disconnect({ requestContext }, context)).toEqual({ statusCode: 200 });
    const removed = dynamo.commandCalls(DeleteCommand).map(({ args }) => args[0].input.Key);
    expect(removed).toEqual(
      expect.arrayContaining([
        { pk: 'CONNS#lobby#0', sk: 'c1' },
        { pk: 'USERCONNS#alice', sk: 'c1' },
        { pk: 'CONN#c1', sk: 'CONN' },
      ]),
    );
  });

  test('http asks for a token', async () => {
    const http = await load('http');
    const event = {
      rawPath: '/api/rooms/',
      headers: {},
      requestContext: { http: { method: 'GET' }, domainName: 'api.example.com' },
    };
    expect(await http(event, context)).toMatchObject({
      statusCode: 401,
      headers: { 'www-authenticate': 'Bearer realm="api"' },
    });
    expect(dynamo.calls()).toHaveLength(0);
  });

  test('fanout posts to a shard for another worker', async () => {
    aTable();
    const fanOut = await load('fanout');
    const task = {
      room: 'lobby',
      shard: 0,
      frames: { v1: ['{"seq":1}'], legacy: [] },
      until: Date.now() + 10_000,
      postsPerSecond: 100,
    };
    expect(await fanOut({ kind: 'shard', task }, context)).toMatchObject({ delivered: 1 });
    expect(gateway.received).toMatchObject([
      { method: 'POST', path: '/prod/@connections/c2', body: '{"seq":1}' },
    ]);
  });

  test('token-expiry tells, closes and forgets a connection', async () => {
    const expired = { ...connectionItem, authUntil: Date.now() - 1 };
    const listed = new Set<string>();
    dynamo.on(QueryCommand).callsFake(({ ExpressionAttributeValues: values }) => {
      listed.add(values[':minute']);
      return { Items: listed.size === 2 ? [{ sk: 'c1' }] : [] };
    });
    dynamo.on(GetCommand).resolves({ Item: expired });
    dynamo.on(DeleteCommand).resolves({});
    const tokenExpiry = await load('token-expiry');
    expect(await tokenExpiry({}, context)).toEqual({ told: 0, closed: 1, failed: 0 });
    expect(gateway.received.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /prod/@connections/c1',
      'DELETE /prod/@connections/c1',
    ]);
    expect([...listed].every((key) => /^EXPIRY#\d+$/.test(key))).toBe(true);
    expect(listed.size).toBe(4);
  });
});

describe('a function that lacks', () => {
  const ENTRIES = [
    ...['connect', 'disconnect', 'send-message', 'room-action', 'http', 'login'],
    ...['fanout', 'audit', 'token-expiry', 'canary'],
  ];

  /** What each entry says when it is loaded in a process with this environment. */
  async function complaints(env: Record<string, string>): Promise<Record<string, string>> {
    const script = `
      const complaints = {};
      for (const name of ${JSON.stringify(ENTRIES)}) {
        const url = new URL('../../lambdas/' + name + '.ts', ${JSON.stringify(import.meta.url)});
        complaints[name] = await import(url).then(() => 'none', ({ message }) => message);
      }
      console.log(JSON.stringify(complaints));`;
    const args = ['--input-type=module', '--disable-warning=ExperimentalWarning', '-e', script];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env });
    return JSON.parse(stdout);
  }

  test('a variable that all need names it', async () => {
    const said = await complaints({ AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'x' });
    const complaint = 'Set the environment variables PARLOR_TABLE, AWS_SECRET_ACCESS_KEY.';
    expect(said).toEqual(Object.fromEntries(ENTRIES.map((name) => [name, complaint])));
  });

  test('what only some need says so when it is asked for it, and the client does not hear of it', async () => {
    const connect = await load('connect');
    const event = {
      requestContext: { connectionId: 'c1' },
      queryStringParameters: { room: 'lobby', token: 'a.b.c' },
    };
    const answer = (await connect(event, context)) as { statusCode: number; body: string };
    expect(answer).toMatchObject({ statusCode: 500 });
    expect(answer.body).not.toContain('secret');
    const [line] = requestsAmong(lines);
    expect(line).toMatchObject({ result: 'failed', code: 'internal' });
    expect(line?.error).toContain('deployed without a token secret');
  });
});
