import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
} from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { conditionHeld, type Table } from '../../../../lambdas/aws/dynamo.ts';
import { openLeanTable } from '../../../../lambdas/aws/dynamodb/lean-table.ts';
import type { TransportOptions } from '../../../../lambdas/aws/dynamodb/transport.ts';
import {
  type Answer,
  fails,
  type LyingServer,
  openLyingServer,
  pausing,
  reset,
  success,
  withHeaders,
} from './lying-server.ts';

let server: LyingServer;
let tables: Table[];
beforeEach(async () => {
  server = await openLyingServer();
  tables = [];
});
afterEach(async () => {
  for (const { client } of tables) client.destroy();
  await server.close();
});

function open(options: Partial<TransportOptions> = {}): Table {
  const table = openLeanTable('parlor', {
    endpoint: server.url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret' },
    random: () => 0,
    ...options,
  });
  tables.push(table);
  return table;
}

const get = ({ client, name }: Table) =>
  client.send(new GetCommand({ TableName: name, Key: { pk: 'a', sk: 'b' } }));

const FOUND = { pk: 'found', n: 1.5, tags: new Set(['a', 'b']) };

describe('an answer', () => {
  test('with the checksum that was sent with it is taken', async () => {
    // Of the answer's body, by zlib.
    server.script([withHeaders({ 'x-amz-crc32': CHECKSUM })]);
    expect(await get(open())).toMatchObject({ Item: FOUND, $metadata: { attempts: 1 } });
  });

  test('with another checksum is asked for again', async () => {
    server.script([withHeaders({ 'x-amz-crc32': '1' }), success]);
    expect(await get(open())).toMatchObject({ Item: FOUND, $metadata: { attempts: 2 } });
  });

  test('that pauses in its middle is asked for again', async () => {
    server.script([pausing, success]);
    const answer = await get(open({ answerMs: 100 }));
    expect(answer).toMatchObject({ Item: FOUND, $metadata: { attempts: 2 } });
  });

  test('that can be no answer of DynamoDB is not read to its end', async () => {
    server.script([endless]);
    await expect(get(open())).rejects.toMatchObject({ message: 'The answer is too large.' });
    expect(server.received).toHaveLength(1);
  });

  test('that is no JSON is told without what it holds', async () => {
    server.script([garbage]);
    await expect(get(open())).rejects.toMatchObject({
      name: 'SyntaxError',
      message: 'DynamoDB answered 200 with no JSON object.',
    });
  });
});

describe('a failure', () => {
  test('is of the SDK’s classes', async () => {
    const table = open();
    server.script([fails('ConditionalCheckFailedException')]);
    const put = table.client.send(new PutCommand({ TableName: 'parlor', Item: { pk: 'a' } }));
    const failure = await put.catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConditionalCheckFailedException);
    expect(await conditionHeld(Promise.reject(failure))).toBe(false);
    server.script([fails('ValidationException')]);
    await expect(get(table)).rejects.toBeInstanceOf(DynamoDBServiceException);
  });

  test('of a value that has no type is told before anything is sent', async () => {
    const { client, name } = open();
    const put = new PutCommand({ TableName: name, Item: { pk: 'a', when: new Date(0) } });
    await expect(client.send(put)).rejects.toThrow('There is no attribute of the type Date');
    expect(server.received).toHaveLength(0);
  });

  test('pauses for as long as the service asks', async () => {
    const asks: Answer = {
      name: 'asks',
      give: (response) => {
        response.writeHead(503, { 'x-amz-retry-after': '40' }).end('{}');
      },
    };
    server.script([asks, success]);
    const answer = await get(open());
    expect(answer.$metadata).toMatchObject({ attempts: 2, totalRetryDelay: 40 });
  });
});

describe('a socket', () => {
  test('is kept for the next call', async () => {
    server.script([success]);
    const table = open();
    for (let n = 0; n < 5; n++) await get(table);
    expect(server.sockets).toBe(1);
  });

  test('that went stale while the function was frozen takes the others with it', async () => {
    server.script([success]);
    const table = open();
    await Promise.all([get(table), get(table), get(table), get(table)]);
    expect(server.sockets).toBe(4);
    // The first breaks; the other three are no better, and would use up the attempts.
    server.script([reset, success]);
    expect((await get(table)).$metadata.attempts).toBe(2);
    expect(server.sockets).toBe(5);
  });
});

describe('a signature', () => {
  const DAY_MS = 24 * 60 * 60 * 1_000;
  const refusal = (name: string): Answer => ({
    name,
    give: (response) => {
      response.writeHead(400, { date: new Date().toUTCString() });
      response.end(JSON.stringify({ __type: `a#${name}`, message: 'Signature expired' }));
    },
  });
  const dayOf = ({ headers }: LyingServer['received'][number]) =>
    String(headers['x-amz-date']).slice(0, 8);

  test('that is refused for its time is made again by the service’s clock, from then on', async () => {
    const table = open({ now: () => Date.now() - 3 * DAY_MS });
    server.script([refusal('InvalidSignatureException'), success]);
    await get(table);
    await get(table);
    const [first, second, third] = server.received.map(dayOf);
    expect(second).not.toBe(first);
    expect(third).toBe(second);
    expect(server.received).toHaveLength(3);
  });

  test('that is refused for something else is not', async () => {
    server.script([refusal('InvalidSignatureException')]);
    await expect(get(open())).rejects.toThrow('Signature expired');
    expect(server.received).toHaveLength(1);
  });

  test('is made by new credentials when the old ones have ended', async () => {
    let asked = 0;
    const credentials = async () => ({ accessKeyId: `AKID${++asked}`, secretAccessKey: 'secret' });
    server.script([success, refusal('ExpiredTokenException'), success]);
    const table = open({ credentials });
    await Promise.all([get(table)]);
    await get(table);
    const keys = server.received.map(
      ({ headers }) => /AKID\d/.exec(headers.authorization ?? '')?.[0],
    );
    expect(keys).toEqual(['AKID1', 'AKID1', 'AKID2']);
  });

  test('is made by new credentials five minutes before the old ones end', async () => {
    let now = Date.now();
    let asked = 0;
    const credentials = async () => ({
      accessKeyId: `AKID${++asked}`,
      secretAccessKey: 'secret',
      expiration: new Date(now + 10 * 60_000),
    });
    server.script([success]);
    const table = open({ credentials, now: () => now });
    await Promise.all([get(table), get(table)]);
    expect(asked).toBe(1);
    now += 6 * 60_000;
    await get(table);
    expect(asked).toBe(2);
  });

  test('is wanting while credentials are, and is made as soon as there are some', async () => {
    let broken = true;
    const credentials = async () => {
      if (broken) throw new Error('No credentials.');
      return { accessKeyId: 'AKID', secretAccessKey: 'secret' };
    };
    server.script([success]);
    const table = open({ credentials });
    await expect(get(table)).rejects.toThrow('No credentials.');
    broken = false;
    expect((await get(table)).Item).toEqual(FOUND);
  });
});

describe('the client', () => {
  test('is what the SDK’s paginators and mocks take', async () => {
    const table = open();
    server.script([page('{"pk":{"S":"1"}}'), page()]);
    const pages = paginateQuery({ client: table.client }, { TableName: table.name });
    const counts = [];
    for await (const { Count } of pages) counts.push(Count);
    expect(counts).toEqual([1, 1]);
    expect(server.received.at(-1)?.body).toMatchObject({ ExclusiveStartKey: { pk: { S: '1' } } });

    mockClient(table.client)
      .on(GetCommand)
      .resolves({ Item: { pk: 'mocked' } });
    expect((await get(table)).Item).toEqual({ pk: 'mocked' });
  });

  test('refuses commands that Parlor doesn’t use', async () => {
    const { client } = open();
    await expect(client.send({ input: {} } as GetCommand)).rejects.toThrow('is not sent by');
  });
});

const CHECKSUM = '2549186975';

const garbage: Answer = {
  name: 'garbage',
  give: (response) => response.end('{"said": between us'),
};

const endless: Answer = {
  name: 'endless',
  give: (response) => {
    const more = () => {
      while (!response.destroyed && response.write('x'.repeat(1_048_576)));
    };
    response.on('drain', more);
    more();
  },
};

const page = (last?: string): Answer => ({
  name: 'a page',
  give: (response) =>
    response.end(`{"Count":1,"Items":[]${last ? `,"LastEvaluatedKey":${last}` : ''}}`),
});
