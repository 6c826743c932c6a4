import { readFile } from 'node:fs/promises';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Call, meter } from '../../bench/quiet-room/meter.ts';
import { type BenchTable, openBenchTable } from '../../bench/table.ts';
import { dynamoAccountStore } from '../../lambdas/aws/account-store.ts';
import { keys } from '../../lambdas/aws/keys.ts';
import { roomServices } from '../../lambdas/aws/services.ts';
import { forEachParallel } from '../../lambdas/chat/parallel.ts';
import { httpHandler } from '../../lambdas/edge/http/handler.ts';
import { answerHead } from '../../lambdas/edge/http/head.ts';
import { httpOperations } from '../../lambdas/edge/http/operations.ts';
import { roomActions, sendActions } from '../../lambdas/edge/socket/actions.ts';
import { frameHandler } from '../../lambdas/edge/socket/frame-handler.ts';
import {
  CONTENT_BYTES,
  METADATA_BYTES,
  PAGE_MAX,
  ROOMS_PER_CONNECTION,
} from '../../protocol/limits.ts';
import { aConnection, anAccount, anEnd, anEvent } from '../fakes/samples.ts';
import { fakeServices } from '../fakes/services.ts';
import { aContext } from './edge/context.ts';

/** What an operation may take of DynamoDB at most, in units: with the longest messages and names. */
interface Worst {
  operation: string;
  reads: number;
  writes: number;
}

/** The same table stands in docs/cost.md. */
const WORST: readonly Worst[] = [
  { operation: 'GET /api/rooms/{room}/messages/?limit=200', reads: 300, writes: 0 },
  { operation: 'GET /api/rooms/{room}/events/?limit=200', reads: 300, writes: 0 },
  { operation: 'GET /chat/history/{room}/?limit=200', reads: 300, writes: 0 },
  { operation: 'GET /api/rooms/?limit=200', reads: 1_300, writes: 0 },
  { operation: 'HEAD of any of these', reads: 2, writes: 0 },
  { operation: 'POST /api/rooms/{room}/messages/ without `after`', reads: 200, writes: 18 },
  { operation: 'POST /api/rooms/{room}/messages/ with `after`', reads: 200, writes: 18 },
  { operation: 'frame `sendMessage`', reads: 200, writes: 35 },
  { operation: 'frame `edit`', reads: 200, writes: 60 },
  { operation: 'frame `delete`', reads: 200, writes: 40 },
  { operation: 'GET /api/rooms/{room}/messages/{seq}/', reads: 12, writes: 0 },
  { operation: 'GET of 200 messages that were all changed', reads: 480, writes: 0 },
  { operation: 'frame `ping` in 50 rooms', reads: 210, writes: 25 },
];

const ROOM = '𠀀'.repeat(100);
const roomNamed = (index: number) => `${'𠀀'.repeat(97)}${index + 100}`;
const ROOMS = Array.from({ length: 120 }, (_, index) => roomNamed(index));
const MESSAGES = 260;
const CHANGED = 'changed';
/** Of one byte each as JSON: the most of them that a page takes. */
const CONTENT = 'x'.repeat(CONTENT_BYTES);
/** All that a message may carry beside. */
const EXTRAS = {
  replyTo: 1,
  metadata: { a: 'x'.repeat(METADATA_BYTES - 8) },
  kind: 'x'.repeat(64),
};

let bench: BenchTable;
let calls: Call[];
let token: string;
let head = MESSAGES;

const longest = (room: string, seq: number) =>
  anEvent({ room, seq, content: CONTENT, userId: 'bob', sender: '𠀀'.repeat(150), at: Date.now() });

/** Everything in the table, but for who is let in: that is what `fakeServices` has. */
function services() {
  const fakes = fakeServices({ roomPostsPerSecond: 100_000 });
  const rooms = roomServices(bench.table, fakes.gateway, fakes.relay, fakes, fakes);
  return { ...fakes, ...rooms, clock: fakes.clock, accounts: dynamoAccountStore(bench.table) };
}

beforeAll(async () => {
  bench = await openBenchTable();
  const all = services();
  await all.accounts.create(anAccount());
  token = await all.tokens.access('alice');
  const seqs = Array.from({ length: MESSAGES }, (_, index) => index + 1);
  await forEachParallel(seqs, 20, async (seq) => void (await all.log.put(longest(ROOM, seq))));
  await forEachParallel(ROOMS, 20, async (room) => {
    // A room whose newest event is not where its lease says, which is looked at first.
    for (const seq of [1, 2]) await all.log.put(longest(room, seq));
    await all.leases.noteHead(room, anEnd(1));
    await all.memberships.visit('alice', room, Date.now());
  });
  const now = all.clock.now();
  const inRooms = [ROOM, ...ROOMS.slice(1, ROOMS_PER_CONNECTION)];
  await all.connections.add(
    aConnection({
      id: 'c1',
      rooms: new Map(inRooms.map((room) => [room, 0])),
      connectedAt: now,
      authUntil: now + 3_600_000,
      expiresAt: Date.now() + 3_600_000,
    }),
  );
  // Else the first message that is sent would bring all this to the room.
  const Item = { ...keys.lease(ROOM), pumped: MESSAGES, shards: 1 };
  await bench.table.client.send(new PutCommand({ TableName: bench.table.name, Item }));
  calls = meter(bench.table.client);
}, 120_000);

afterAll(() => bench.close());

async function rest(method: string, path: string, query = '', body?: object, key?: string) {
  const event = {
    rawPath: path,
    rawQueryString: query,
    headers: { authorization: `Bearer ${token}`, ...(key && { 'idempotency-key': key }) },
    body: body && JSON.stringify(body),
    isBase64Encoded: false,
    requestContext: {
      requestId: 'r1',
      domainName: 'api.example.com',
      http: { method, sourceIp: '127.0.0.1' },
    },
  };
  const { statusCode } = (await httpHandler(
    services(),
    httpOperations,
    answerHead,
  )(event, aContext())) as {
    statusCode: number;
  };
  return statusCode;
}

async function frame(route: 'room' | 'send', body: object) {
  const all = services();
  const event = {
    requestContext: { connectionId: 'c1', requestId: 'r1' },
    body: JSON.stringify(body),
  };
  const answer =
    route === 'send'
      ? await frameHandler(all, sendActions)(event, aContext())
      : await frameHandler(all, roomActions)(event, aContext());
  return answer.body ?? '';
}

const room = encodeURIComponent(ROOM);
const limit = `limit=${PAGE_MAX}`;
const post = async (body: object) => {
  const status = await rest('POST', `/api/rooms/${room}/messages/`, '', body, `k${head}`);
  expect(status).toBe(201);
  head++;
};

/** Alice's newest message, said just now. */
const mine = async () => {
  await post({ content: CONTENT, after: head });
  calls.length = 0;
  return head;
};

const run: Record<string, () => Promise<unknown>> = {
  'GET /api/rooms/{room}/messages/?limit=200': async () =>
    expect(await rest('GET', `/api/rooms/${room}/messages/`, limit)).toBe(200),
  'GET /api/rooms/{room}/events/?limit=200': async () =>
    expect(await rest('GET', `/api/rooms/${room}/events/`, limit)).toBe(200),
  'GET /chat/history/{room}/?limit=200': async () =>
    expect(await rest('GET', `/chat/history/${room}/`, limit)).toBe(200),
  'GET /api/rooms/?limit=200': async () =>
    expect(await rest('GET', '/api/rooms/', limit)).toBe(200),
  'HEAD of any of these': async () => {
    expect(await rest('HEAD', `/api/rooms/${room}/messages/`, limit)).toBe(200);
  },
  'POST /api/rooms/{room}/messages/ without `after`': () => post({ content: CONTENT, ...EXTRAS }),
  'POST /api/rooms/{room}/messages/ with `after`': () =>
    post({ content: CONTENT, ...EXTRAS, after: head - 55 }),
  'frame `sendMessage`': async () => {
    const message = { room: ROOM, content: CONTENT, ...EXTRAS, clientId: 'c', after: head - 55 };
    expect(await frame('send', { action: 'sendMessage', ...message })).toContain('"ack"');
    head++;
  },
  'frame `edit`': async () => {
    const seq = await mine();
    const text = { content: CONTENT, baseVersion: seq, clientId: 'e', after: head - 50 };
    expect(await frame('send', { action: 'edit', room: ROOM, seq, ...text })).toContain('"ack"');
    head++;
  },
  'frame `delete`': async () => {
    const seq = await mine();
    const sent = { clientId: 'd', after: head - 50 };
    expect(await frame('send', { action: 'delete', room: ROOM, seq, ...sent })).toContain('"ack"');
    head++;
  },
  'GET /api/rooms/{room}/messages/{seq}/': async () =>
    expect(await rest('GET', `/api/rooms/${room}/messages/${MESSAGES}/`)).toBe(200),
  'GET of 200 messages that were all changed': async () => {
    const all = services();
    const seqs = Array.from({ length: PAGE_MAX }, (_, index) => index + 1);
    await forEachParallel(seqs, 20, async (seq) => {
      await all.log.put(anEvent({ room: CHANGED, seq, at: Date.now() }));
      const edit = { seq: PAGE_MAX + seq, at: 0, content: CONTENT };
      const overlay = { room: CHANGED, target: seq, asOf: edit.seq, parts: { edit }, obsolete: [] };
      await all.overlays.put(overlay, 0);
    });
    calls.length = 0;
    expect(await rest('GET', `/api/rooms/${CHANGED}/messages/`, limit)).toBe(200);
  },
  'frame `ping` in 50 rooms': async () =>
    expect(await frame('room', { action: 'ping' })).toContain('"pong"'),
};

test.each(WORST)('$operation takes $reads read and $writes write units at most', async (worst) => {
  calls.length = 0;
  await run[worst.operation]?.();
  expect(calls.length).toBeGreaterThan(0);
  const sum = (of: (call: Call) => number) => calls.reduce((units, call) => units + of(call), 0);
  const [reads, writes] = [sum((call) => call.readUnits), sum((call) => call.writeUnits)];
  // Not far below either: else the table tells of something else.
  expect(reads).toBeLessThanOrEqual(worst.reads);
  expect(reads).toBeGreaterThanOrEqual(worst.reads / 2);
  expect(writes).toBeLessThanOrEqual(worst.writes);
  expect(writes).toBeGreaterThanOrEqual(worst.writes / 2);
});

test('docs/cost.md says the same', async () => {
  const page = await readFile(new URL('../../docs/cost.md', import.meta.url), 'utf8');
  for (const { operation, reads, writes } of WORST) {
    expect(page).toContain(`| ${operation} | ${reads} | ${writes} |`);
  }
});
