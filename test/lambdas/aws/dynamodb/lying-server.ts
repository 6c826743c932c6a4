import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What goes wrong with one answer, or right. */
export interface Answer {
  name: string;
  give(response: ServerResponse, request: IncomingMessage): void;
}

export interface LyingServer {
  /** http://127.0.0.1:NNNNN */
  url: string;
  /** The requests since the last script, with their bodies as JSON. */
  received: { headers: IncomingMessage['headers']; body: unknown }[];
  /** How many sockets were opened to it so far. */
  readonly sockets: number;
  /** Answers the next requests so, in turn, and all further ones by the last. */
  script(answers: readonly Answer[]): void;
  close(): Promise<void>;
}

/** A server on this machine that breaks its answers as it is told. */
export async function openLyingServer(): Promise<LyingServer> {
  const received: LyingServer['received'] = [];
  let script: readonly Answer[] = [];
  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    const body: unknown = JSON.parse(await text(request));
    const answer = script[Math.min(received.length, script.length - 1)];
    received.push({ headers: request.headers, body });
    answer?.give(response, request);
  };
  const server = createServer((request, response) => {
    // Who asked may have gone.
    respond(request, response).catch(() => response.destroy());
  });
  let sockets = 0;
  server.on('connection', (socket) => {
    sockets++;
    socket.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    get sockets() {
      return sockets;
    },
    script(answers) {
      script = answers;
      received.length = 0;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export const ITEM = { pk: { S: 'found' }, n: { N: '1.5' }, tags: { SS: ['a', 'b'] } };
const BODY = JSON.stringify({ Item: ITEM, ConsumedCapacity: { CapacityUnits: 0.5 } });

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Answer => ({
  name: `${status} ${JSON.stringify(body)} ${JSON.stringify(headers)}`,
  give: (response) => {
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  },
});

const raw = (name: string, text: string, then: 'end' | 'reset' | 'stay'): Answer => ({
  name,
  give: (_, { socket }) => {
    socket.write(text, () => {
      if (then === 'end') socket.end();
      if (then === 'reset') socket.resetAndDestroy();
    });
  },
});

export const fails = (name: string, status = 400, prefix = 'com.amazonaws.dynamodb.v20120810#') =>
  json(status, { __type: prefix + name, message: `${name}, in words` });

export const success = json(200, BODY, { 'x-amzn-requestid': 'R1' });
export const withHeaders = (headers: Record<string, string>) => json(200, BODY, headers);
export const withoutItem = json(200, { ConsumedCapacity: { CapacityUnits: 0.5 } });
export const batchInPart = json(200, {
  Responses: { parlor: [ITEM, { pk: { S: 'b' } }], other: [] },
  UnprocessedKeys: {
    parlor: { Keys: [{ pk: { S: 'c' } }], ConsistentRead: true, ProjectionExpression: 'a' },
  },
  ConsumedCapacity: [{ TableName: 'parlor', CapacityUnits: 2 }],
});
export const silence: Answer = { name: 'silence', give: () => {} };
export const reset = raw('a reset before the answer', '', 'reset');

/** An answer that pauses in the middle, for ever. */
export const pausing = raw(
  'a pause',
  `HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{"Item"`,
  'stay',
);

const head = (length: number) => `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`;

/** Every fault that both clients are to take alike. */
export const FAULTS: readonly Answer[] = [
  success,
  ...['ThrottlingException', 'ProvisionedThroughputExceededException'].map((name) => fails(name)),
  ...['RequestLimitExceeded', 'ConditionalCheckFailedException'].map((name) => fails(name)),
  ...['ValidationException', 'ResourceNotFoundException'].map((name) => fails(name)),
  ...['TransactionConflictException', 'TransactionInProgressException'].map((name) => fails(name)),
  fails('ItemCollectionSizeLimitExceededException'),
  fails('SomethingNewException'),
  fails('AccessDeniedException'),
  fails('ThrottlingException', 400, 'com.amazon.coral.availability#'),
  fails('ValidationException', 400, 'com.amazon.coral.validate#'),
  fails('UnrecognizedClientException', 400, 'com.amazon.coral.service#'),
  fails('SerializationException', 400, ''),
  fails('InternalServerError', 500),
  fails('InternalFailure', 500),
  fails('ServiceUnavailable', 503),
  json(400, { __type: 'a#ValidationException', Message: 'with a capital' }),
  json(400, { __type: 'a#ValidationException' }),
  json(400, { message: 'without a type' }),
  json(
    400,
    { message: 'typed by header' },
    { 'x-amzn-errortype': 'ThrottlingException:http://x/' },
  ),
  json(400, { code: 'RequestLimitExceeded', message: 'typed by code' }),
  json(400, { __type: 'a#ConditionalCheckFailedException', message: 'No.', Item: ITEM }),
  json(400, {}),
  ...[400, 413, 429, 500, 502, 503, 504].map((status) => json(status, '')),
  ...[400, 500, 503].map((status) => json(status, '<html>front server</html>')),
  json(200, 'garbage'),
  json(200, ''),
  json(200, '{}'),
  json(200, { Item: {} }),
  json(200, { Item: { pk: { S: '' }, n: { NULL: true }, l: { L: [{ BOOL: false }, { M: {} }] } } }),
  json(200, {
    Item: { big: { N: '9007199254740993' }, set: { NS: ['1', '2'] }, b: { B: 'AAEC' } },
  }),
  { ...json(200, { Item: { long: { S: '\u{1f600}é'.repeat(200_000) } } }), name: 'a long answer' },
  json(200, BODY, { connection: 'close' }),
  {
    name: 'chunks',
    give: (response) => {
      response.writeHead(200);
      for (const part of [BODY.slice(0, 5), BODY.slice(5, 9), BODY.slice(9)]) response.write(part);
      response.end();
    },
  },
  {
    name: '100 Continue first',
    give: (response) => {
      response.writeContinue();
      response.writeProcessing();
      response.end(BODY);
    },
  },
  reset,
  raw('an end before the answer', '', 'end'),
  raw('a reset in the head', 'HTTP/1.1 200 OK\r\nContent-Le', 'reset'),
  raw('a reset in the body', `${head(BODY.length)}${BODY.slice(0, 9)}`, 'reset'),
  raw('an end in the body', `${head(BODY.length)}${BODY.slice(0, 9)}`, 'end'),
  raw('a length that is too long', `${head(BODY.length + 9)}${BODY}`, 'end'),
  raw('a length that is too short', `${head(9)}${BODY}`, 'end'),
  raw(
    'a length that is too short, of a failure',
    `HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\n{}{}`,
    'end',
  ),
  raw('a cut chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{"It', 'end'),
  raw('no length', `HTTP/1.1 200 OK\r\n\r\n${BODY}`, 'end'),
  raw('what is no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n', 'end'),
];
