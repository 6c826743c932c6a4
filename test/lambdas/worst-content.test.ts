import { beforeAll, describe, expect, test } from '@jest/globals';
import { keys } from '../../lambdas/aws/keys.ts';
import type { RoomEvent } from '../../lambdas/chat/event.ts';
import { jsonBytes } from '../../lambdas/chat/size.ts';
import type { HttpAnswer } from '../../lambdas/edge/http/events.ts';
import { httpHandler } from '../../lambdas/edge/http/handler.ts';
import { answerHead } from '../../lambdas/edge/http/head.ts';
import { httpOperations } from '../../lambdas/edge/http/operations.ts';
import {
  CLIENT_ID_CHARS,
  CONTENT_BYTES,
  FRAME_BYTES,
  GROUP_EVENTS,
  INVOCATION_BYTES,
  KIND_CHARS,
  METADATA_BYTES,
  PAGE_BYTES,
  PAGE_MAX,
  ROOM_NAME_CHARS,
  ROOMS_PER_CONNECTION,
  USERNAME_CHARS,
} from '../../protocol/limits.ts';
import { aConnection, anAccount, anEvent, aQueuedDraft } from '../fakes/samples.ts';
import { type FakeServices, fakeServices } from '../fakes/services.ts';
import { aContext } from './edge/context.ts';
import { speak } from './edge/socket/speaking.ts';

/** What Lambda lets a function answer, as JSON. */
const ANSWER_BYTES = 6 * 1024 * 1024;
/** What DynamoDB takes for an item. */
const ITEM_BYTES = 400 * 1024;

/** What blows up most in each of its ways: escaped, escaped twice, in UTF-8, in number. */
const WORST = {
  backslashes: '\\'.repeat(CONTENT_BYTES),
  'line breaks and quotes': '\n"'.repeat(CONTENT_BYTES / 2),
  emoji: '🙂'.repeat(CONTENT_BYTES / 4),
  'one letter': 'x',
};

/** As JSON as long as it may be, of what JSON escapes once more where it is a text in JSON. */
const METADATA = Object.fromEntries(
  Array.from({ length: METADATA_BYTES / 8 - 1 }, (_, index) => [String(index).padStart(3, '0'), 0]),
);

/** The longest names that there are, in letters of four bytes. */
const NAME = '𠀀'.repeat(USERNAME_CHARS);
const roomNamed = (index: number) => `${'𠀀'.repeat(ROOM_NAME_CHARS - 3)}${index + 100}`;
const ROOM = roomNamed(0);

const longest = (seq: number, content: string): RoomEvent =>
  anEvent({
    room: ROOM,
    seq,
    id: 'x'.repeat(36),
    userId: '𠀀'.repeat(225),
    sender: NAME,
    clientId: '"'.repeat(CLIENT_ID_CHARS),
    payload: {
      content,
      replyTo: Number.MAX_SAFE_INTEGER,
      metadata: METADATA,
      kind: 'x'.repeat(KIND_CHARS),
    },
  });

async function serverOf(content: string): Promise<{ services: FakeServices; token: string }> {
  const services = fakeServices({ roomPostsPerSecond: 100_000 });
  await services.accounts.create(anAccount());
  for (let seq = 1; seq <= PAGE_MAX; seq++) await services.log.put(longest(seq, content));
  return { services, token: await services.tokens.access('alice') };
}

/** Asks, and sees to it that Lambda would let the answer through. */
async function get(services: FakeServices, token: string, path: string, rawQueryString: string) {
  const event = {
    rawPath: path,
    rawQueryString,
    headers: { authorization: `Bearer ${token}` },
    requestContext: { domainName: 'api.example.com', http: { method: 'GET' } },
  };
  const answer = (await httpHandler(
    services,
    httpOperations,
    answerHead,
  )(event, aContext())) as HttpAnswer;
  expect(answer.statusCode).toBe(200);
  expect(jsonBytes(answer)).toBeLessThan(PAGE_BYTES + 10_000);
  expect(jsonBytes(answer)).toBeLessThan(ANSWER_BYTES);
  return { body: JSON.parse(answer.body), link: answer.headers.link };
}

/** Follows a list from page to page. @returns how long each page was, and what is in them */
async function follow(
  services: FakeServices,
  token: string,
  path: string,
  begin: string,
  nextOf: (page: Awaited<ReturnType<typeof get>>) => string | null | undefined,
) {
  const lengths: number[] = [];
  const all: { seq: number; room: string; content: string }[] = [];
  for (let query: string | undefined = begin; query !== undefined; ) {
    const page = await get(services, token, path, query);
    const entries = Array.isArray(page.body) ? page.body : page.body.results;
    expect(entries.length).toBeGreaterThan(0);
    lengths.push(entries.length);
    all.push(...entries);
    const next = nextOf(page);
    query = next ? new URL(next).search.slice(1) : undefined;
  }
  return { lengths, all };
}

const oneTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
const path = `/api/rooms/${encodeURIComponent(ROOM)}`;

describe.each(Object.entries(WORST))('two hundred messages of %s', (_, content) => {
  let services: FakeServices;
  let token: string;
  beforeAll(async () => {
    ({ services, token } = await serverOf(content));
  });

  test('are replayed, page after page, without a hole', async () => {
    const { all, lengths } = await follow(
      services,
      token,
      `${path}/events/`,
      `after=0&limit=${PAGE_MAX}`,
      ({ body }) => body.next,
    );
    expect(all.map(({ seq }) => seq)).toEqual(oneTo(PAGE_MAX));
    expect(lengths.length > 1).toBe(content !== 'x');
  });

  test('are paged back through, and forth', async () => {
    const url = `${path}/messages/`;
    const back = await follow(services, token, url, `limit=${PAGE_MAX}`, ({ body }) => body.next);
    expect(back.all.map(({ seq }) => seq)).toEqual(oneTo(PAGE_MAX).reverse());
    const forth: number[] = [];
    for (let query = `after=0&limit=${PAGE_MAX}`; ; ) {
      const { body } = await get(services, token, url, query);
      forth.push(...body.results.map(({ seq }: { seq: number }) => seq).reverse());
      if (body.previous === null) break;
      query = new URL(body.previous).search.slice(1);
    }
    expect(forth).toEqual(oneTo(PAGE_MAX));
  });

  test('are all in the old history', async () => {
    const { all } = await follow(
      services,
      token,
      `/chat/history/${encodeURIComponent(ROOM)}/`,
      `limit=${PAGE_MAX}`,
      ({ link }) => /^<(.*)>; rel="next"$/.exec(link ?? '')?.[1],
    );
    expect(all.map((message) => message.content)).toEqual(Array(PAGE_MAX).fill(content));
  });

  test('go to other workers in tasks that Lambda takes, and on in frames that fit', async () => {
    const connections = ['v1', 'legacy'].flatMap((dialect) =>
      [0, 1].map((shard) => ({ id: `${dialect}${shard}`, dialect, shard })),
    );
    for (const { id, dialect, shard } of connections) {
      await services.connections.add(
        aConnection({
          id,
          dialect: dialect as 'v1',
          homeRoom: ROOM,
          rooms: new Map([[ROOM, shard]]),
        }),
      );
    }
    const { leases, clock, relay, gateway } = services;
    const lease = await leases.take(ROOM, 'before', clock.now(), clock.now() + 1, false);
    if (lease !== 'held') await leases.release(lease, { ...lease, shards: 2 });

    // The first round may be this one's, the rest is handed on.
    await services.fanOut.wake(ROOM, false);
    await relay.run();
    expect((await leases.find(ROOM)).pumped).toBe(PAGE_MAX);
    for (const { room, ticket } of relay.handOns) {
      expect(jsonBytes({ kind: 'resume', room, ticket })).toBeLessThanOrEqual(INVOCATION_BYTES);
    }
    expect(relay.tasks.length).toBeGreaterThan(0);
    for (const task of relay.tasks) {
      expect(jsonBytes({ kind: 'shard', task })).toBeLessThanOrEqual(INVOCATION_BYTES);
    }
    for (const { id, dialect } of connections) {
      const frames = gateway.framesTo(id);
      for (const frame of frames) expect(Buffer.byteLength(frame)).toBeLessThanOrEqual(FRAME_BYTES);
      const events = frames
        .map((text) => JSON.parse(text))
        .flatMap((frame) => frame.events ?? frame);
      if (dialect === 'v1') expect(events.map(({ seq }) => seq)).toEqual(oneTo(PAGE_MAX));
      expect(events.map((event) => event.content)).toEqual(Array(PAGE_MAX).fill(content));
    }
  });

  test('wait in an inbox and go into the log in items that DynamoDB takes', async () => {
    const sizes: number[] = [];
    const { put } = services.log;
    services.log.put = async (first, ...rest) => {
      const { pk, sk } = keys.event(first.room, first.seq);
      sizes.push(jsonBytes({ pk, sk, group: [first, ...rest] }));
      return await put(first, ...rest);
    };
    const room = roomNamed(1);
    for (let draft = 0; draft < GROUP_EVENTS; draft++) {
      const { seq: _, at, type: _type, ...said } = longest(draft, content);
      const reply = { connectionId: 'x'.repeat(20), ref: '\u0001'.repeat(64) };
      const clientId = `"${draft}`;
      const left = aQueuedDraft({ ...said, room, id: `d${draft}`, clientId, leftAt: at, reply });
      expect(jsonBytes(left)).toBeLessThan(ITEM_BYTES);
      await services.inbox.enqueue(left);
    }
    await services.fanOut.wake(room, true);
    await services.relay.run();
    services.log.put = put;
    expect((await services.log.head(room)).seq).toBe(GROUP_EVENTS);
    for (const size of sizes) expect(size).toBeLessThan(ITEM_BYTES);
  });
});

describe('two hundred rooms that end in eight thousand backslashes', () => {
  test('are all listed, page after page', async () => {
    const services = fakeServices();
    await services.accounts.create(anAccount());
    const token = await services.tokens.access('alice');
    for (let index = 0; index < PAGE_MAX; index++) {
      const room = roomNamed(index);
      await services.log.put({ ...longest(1, WORST.backslashes), room });
      await services.memberships.visit('alice', room, services.clock.now() + index);
    }
    for (const index of [3, 70, 71, 199]) {
      await services.memberships.setRemoved('alice', roomNamed(index), true);
    }
    const { all } = await follow(
      services,
      token,
      '/api/rooms/',
      `limit=${PAGE_MAX}`,
      ({ body }) => body.next,
    );
    const rooms = oneTo(PAGE_MAX).map((number) => roomNamed(PAGE_MAX - number));
    const removed = [3, 70, 71, 199].map(roomNamed);
    expect(all.map(({ room }) => room)).toEqual(rooms.filter((room) => !removed.includes(room)));
  });
});

describe('a connection in as many rooms as there may be, of the longest names', () => {
  test('is told of all in frames that fit, and is an item that DynamoDB takes', async () => {
    const services = fakeServices();
    await services.accounts.create(anAccount());
    await services.connections.add(
      aConnection({ id: 'c1', homeRoom: ROOM, authUntil: Number.MAX_SAFE_INTEGER }),
    );
    const id = '\u0001'.repeat(CLIENT_ID_CHARS);
    const fits = (frame: unknown) => expect(jsonBytes(frame)).toBeLessThanOrEqual(FRAME_BYTES);
    for (let index = 1; index < ROOMS_PER_CONNECTION; index++) {
      services.clock.advance(10_000);
      fits(await speak(services, 'room', { action: 'join', id, room: roomNamed(index) }));
    }
    services.clock.advance(10_000);
    const full = await speak(services, 'room', { action: 'join', id, room: roomNamed(99) });
    expect(full.code).toBe('too_many_rooms');
    fits(full);
    const pong = await speak(services, 'room', { action: 'ping', id });
    expect(pong.heads).toHaveLength(ROOMS_PER_CONNECTION);
    fits(pong);
    const stranger = { action: 'sendMessage', id, room: roomNamed(99), content: 'hi' };
    fits(await speak(services, 'send', stranger));
    const connection = await services.connections.find('c1', services.clock.now());
    const places = Object.fromEntries(
      [...(connection?.rooms ?? [])].map(([room]) => [
        `in ${room}`,
        { shard: 0, visit: 'x'.repeat(36) },
      ]),
    );
    expect(jsonBytes({ ...connection, rooms: places })).toBeLessThan(ITEM_BYTES);
  });
});

test('two hundred short messages that were made as long as may be are read in pages, too', async () => {
  const content = WORST.backslashes;
  const { services, token } = await serverOf('x');
  for (let target = 1; target <= PAGE_MAX; target++) {
    const edit = { seq: PAGE_MAX + target, at: 0, content };
    const overlay = { room: ROOM, target, asOf: edit.seq, parts: { edit }, obsolete: [] };
    await services.overlays.put(overlay, 0);
  }
  const ways = [
    [`${path}/messages/`, `limit=${PAGE_MAX}`],
    [`${path}/events/`, `after=0&limit=${PAGE_MAX}`],
    [`/chat/history/${encodeURIComponent(ROOM)}/`, `limit=${PAGE_MAX}`],
  ] as const;
  for (const [list, query] of ways) {
    const { all, lengths } = await follow(services, token, list, query, ({ body, link }) =>
      Array.isArray(body) ? /^<(.*)>; rel="next"$/.exec(link ?? '')?.[1] : body.next,
    );
    expect(all.map((message) => message.content)).toEqual(Array(PAGE_MAX).fill(content));
    expect(lengths.length).toBeGreaterThan(1);
  }
});
