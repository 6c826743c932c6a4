import { describe, expect, test } from '@jest/globals';
import { START } from '../../../fakes/fake-clock.ts';
import { aConnection, anEvent } from '../../../fakes/samples.ts';
import type { FakeServices } from '../../../fakes/services.ts';
import { type Asked, ask, withToken } from './asking.ts';

const MESSAGES = '/api/rooms/lobby/messages/';
const EVENTS = '/api/rooms/lobby/events/';
const HISTORY = '/chat/history/lobby/';

/** A room with so many messages, and how to ask after it. */
async function roomOf(messages: number) {
  const { services, token } = await withToken();
  for (let seq = 1; seq <= messages; seq++) await services.log.put(anEvent({ seq }));
  const get = (path: string, query = '', asked: Asked = {}) =>
    ask(services, 'GET', path, { token, query, ...asked });
  const post = (body: unknown, asked: Asked = {}) =>
    ask(services, 'POST', MESSAGES, { token, body, ...asked });
  return { services, token, get, post };
}

const seqs = (body: { results: { seq: number }[] }) => body.results.map(({ seq }) => seq);
const cursor = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const queryOf = (link: string) => new URL(link).search.slice(1);

describe('a room’s messages', () => {
  test('come newest first, with all that is known of them', async () => {
    const { get } = await roomOf(2);
    const { status, body } = await get(MESSAGES);
    expect(status).toBe(200);
    expect(body).toEqual({
      next: null,
      previous: null,
      head: 2,
      results: [
        expect.objectContaining({ seq: 2 }),
        {
          seq: 1,
          id: 'event-1',
          clientId: 'client-1',
          sender: 'Alice',
          content: 'message 1',
          timestamp: '2026-11-22T10:54:01.948000Z',
          room: 'lobby',
        },
      ],
    });
  });

  test('can be read to their beginning and back by following links', async () => {
    const { get } = await roomOf(7);
    const pages: number[][] = [];
    let page = await get(MESSAGES, 'limit=3');
    for (;;) {
      pages.push(seqs(page.body));
      if (!page.body.next) break;
      expect(page.body.next).toMatch(
        /^https:\/\/api\.example\.com\/api\/rooms\/lobby\/messages\/\?/,
      );
      page = await get(MESSAGES, queryOf(page.body.next));
    }
    expect(pages).toEqual([[7, 6, 5], [4, 3, 2], [1]]);
    const back = await get(MESSAGES, queryOf(page.body.previous));
    expect(seqs(back.body)).toEqual([4, 3, 2]);
  });

  test('are asked for by what is older or newer', async () => {
    const { get } = await roomOf(7);
    expect(seqs((await get(MESSAGES, 'before=3')).body)).toEqual([2, 1]);
    expect(seqs((await get(MESSAGES, 'after=5')).body)).toEqual([7, 6]);
    expect(seqs((await get(MESSAGES)).body)).toHaveLength(7);
  });

  test('come fifty at a time by default', async () => {
    const { get } = await roomOf(60);
    expect(seqs((await get(MESSAGES)).body)).toHaveLength(50);
    expect(seqs((await get(EVENTS)).body)).toHaveLength(50);
    expect((await get(HISTORY)).body).toHaveLength(50);
    expect((await get(HISTORY, 'limit=200')).body).toHaveLength(60);
  });

  test.each([
    ['limit=0', 'invalid_field'],
    ['limit=201', 'invalid_field'],
    ['limit=x', 'invalid_field'],
    ['limit=1.5', 'invalid_field'],
    ['before=0', 'invalid_field'],
    ['after=-1', 'invalid_field'],
    ['after=99999999999999999999', 'invalid_field'],
    ['before=3&after=1', 'invalid_field'],
    ['after=8', 'after_beyond_head'],
    ['cursor=', 'cursor_invalid'],
    ['cursor=abc', 'cursor_invalid'],
    [`cursor=${cursor(['b', 0])}`, 'cursor_invalid'],
    [`cursor=${cursor(['a', -1])}`, 'cursor_invalid'],
    [`cursor=${cursor(['b', 3, 4])}`, 'cursor_invalid'],
    [`cursor=${cursor(['v', 3, 'lobby'])}`, 'cursor_invalid'],
    [`cursor=${cursor(['b', '3'])}`, 'cursor_invalid'],
    [`cursor=${cursor({ b: 3 })}`, 'cursor_invalid'],
    [`cursor=${cursor(['b', 3])}=`, 'cursor_invalid'],
  ])('asked for by ?%s are refused', async (query, code) => {
    const { get } = await roomOf(7);
    const { status, headers, body } = await get(MESSAGES, query);
    expect([status, headers['x-error-code'], body.code]).toEqual([400, code, code]);
  });

  test('are kept from who was removed, and from nobody else', async () => {
    const { services, get, post } = await roomOf(1);
    await services.memberships.setRemoved('alice', 'lobby', true);
    for (const answer of [
      await get(MESSAGES),
      await get(EVENTS),
      await get(HISTORY),
      await post({ content: 'hi' }),
    ]) {
      expect(answer).toMatchObject({ status: 403, body: { code: 'removed_from_room' } });
    }
    expect(await services.log.head('lobby')).toMatchObject({ seq: 1 });
    expect(await get('/api/rooms/music/messages/')).toMatchObject({ status: 200 });
  });

  test.each(['a b', 'a%20b', '%', 'a%00b', 'x'.repeat(101)])(
    'of the room "%s" there are none: it is no name',
    async (name) => {
      const { get } = await roomOf(0);
      for (const path of [`/api/rooms/${name}/messages/`, `/chat/history/${name}/`]) {
        expect(await get(path)).toMatchObject({ status: 400, body: { code: 'room_name_invalid' } });
      }
    },
  );

  test.each(['проект', encodeURIComponent('проект')])(
    'of the room %s are linked by an escaped name',
    async (name) => {
      const { services, get } = await roomOf(0);
      for (const seq of [1, 2]) await services.log.put(anEvent({ seq, room: 'проект' }));
      const { body } = await get(`/api/rooms/${name}/messages/`, 'limit=1');
      expect(seqs(body)).toEqual([2]);
      expect(new URL(body.next).pathname).toBe(
        `/api/rooms/${encodeURIComponent('проект')}/messages/`,
      );
    },
  );
});

describe('a message that is posted', () => {
  const key = (value: string): Asked => ({ headers: { 'idempotency-key': value } });

  test('is stored, brought to the room, and answered as it will be read', async () => {
    const { services, get, post } = await roomOf(2);
    await services.connections.add(aConnection());
    const { status, body } = await post({ content: 'hello' }, key('k1'));
    expect(status).toBe(201);
    expect(body).toMatchObject({ seq: 3, clientId: 'k1', sender: 'Alice', content: 'hello' });
    expect((await get(MESSAGES, 'limit=1')).body.results).toEqual([body]);
    expect(services.gateway.framesTo(aConnection().id)).toHaveLength(1);
  });

  test('may answer another, and carry metadata and a kind', async () => {
    const { get, post } = await roomOf(2);
    const extras = { replyTo: 2, metadata: { order: 7 }, kind: 'shop.order' };
    const { body } = await post({ content: 'yes', ...extras });
    expect(body).toMatchObject(extras);
    expect((await get(MESSAGES, 'limit=1')).body.results).toEqual([body]);
    const old = await get('/chat/history/lobby/', 'limit=1');
    expect(Object.keys(old.body[0])).toEqual(['sender', 'content', 'timestamp', 'room']);
  });

  test('again with its key is answered by the original', async () => {
    const { services, post } = await roomOf(2);
    const first = await post({ content: 'hello', after: 2 }, key('k1'));
    const again = await post({ content: 'hello', after: 2 }, key('k1'));
    expect(again).toMatchObject({ status: 200, body: first.body });
    expect(await services.log.head('lobby')).toMatchObject({ seq: 3 });
  });

  test.each<[object, Asked, number, string]>([
    [{ content: 'other' }, key('k1'), 409, 'client_id_reused'],
    [{ content: '\u200b\u3164' }, {}, 400, 'content_empty'],
    [{ content: 'x', after: 9 }, {}, 400, 'after_beyond_head'],
    [{ content: 'x', after: -1 }, {}, 400, 'invalid_field'],
    [{ content: '  ' }, {}, 400, 'content_empty'],
    [{ content: 'x'.repeat(8_001) }, {}, 400, 'content_too_long'],
    [{ content: 'a\u0000b' }, {}, 400, 'content_invalid'],
    [{}, {}, 400, 'invalid_field'],
    [{ content: 7 }, {}, 400, 'invalid_field'],
    [{ content: 'x', extra: 1 }, {}, 400, 'invalid_field'],
    [{ content: 'x', replyTo: 9 }, {}, 404, 'reply_not_found'],
    [{ content: 'x', replyTo: 0 }, {}, 400, 'invalid_field'],
    [{ content: 'x', metadata: { a: 'x'.repeat(2_048) } }, {}, 400, 'metadata_too_large'],
    [{ content: 'x', kind: 'no good' }, {}, 400, 'invalid_field'],
    [{ content: 'x' }, key('with space'), 400, 'invalid_field'],
    [{ content: 'x' }, key('x'.repeat(65)), 400, 'invalid_field'],
  ])('as %j %j is refused, and nothing is stored', async (body, asked, status, code) => {
    const { services, post } = await roomOf(0);
    await post({ content: 'hello' }, key('k1'));
    const answer = await post(body, asked);
    expect([answer.status, answer.headers['x-error-code']]).toEqual([status, code]);
    expect(answer.body).toMatchObject({ code, detail: expect.stringMatching(/\.$/) });
    expect(await services.log.head('lobby')).toMatchObject({ seq: 1 });
  });

  test('to a room that is too busy is answered with the time to wait', async () => {
    const { services, post } = await roomOf(0);
    services.log.put = async () => 'taken';
    await services.leases.take('lobby', 'holder', START, START + 60_000, false);
    const { status, headers, body } = await post({ content: 'hello' });
    expect([status, body.code, headers['retry-after']]).toEqual([503, 'room_busy', '1']);
  });
});

describe('a replay', () => {
  test('leads from event to event to the head', async () => {
    const { get } = await roomOf(5);
    const first = await get(EVENTS, 'after=1&limit=3');
    expect(first.body).toMatchObject({ head: 5, previous: null });
    expect(first.body.results[0]).toMatchObject({ type: 'message', seq: 2, id: 'event-2' });
    expect(seqs(first.body)).toEqual([2, 3, 4]);
    const second = await get(EVENTS, queryOf(first.body.next));
    expect(seqs(second.body)).toEqual([5]);
    expect(second.body.next).toBeNull();
  });

  test('from beyond the head is refused', async () => {
    const { get } = await roomOf(5);
    expect(await get(EVENTS, 'after=6')).toMatchObject({ body: { code: 'after_beyond_head' } });
  });
});

describe('the old history', () => {
  test('is a bare array with the old fields, and a link to what is older', async () => {
    const { get } = await roomOf(3);
    const { headers, body } = await get(HISTORY, 'limit=2');
    expect(body).toEqual([
      expect.objectContaining({ content: 'message 3' }),
      {
        sender: 'Alice',
        content: 'message 2',
        timestamp: '2026-11-22T10:54:01.949000Z',
        room: 'lobby',
      },
    ]);
    const [, link = ''] = /^<(.*)>; rel="next"$/.exec(headers.link ?? '') ?? [];
    const older = await get(HISTORY, queryOf(link));
    expect(older.body).toMatchObject([{ content: 'message 1' }]);
    expect(older.headers.link).toBeUndefined();
  });
});

describe('the rooms of a user', () => {
  const visited = async (services: FakeServices, ...rooms: string[]) => {
    for (const [index, room] of rooms.entries()) {
      await services.memberships.visit('alice', room, START + index);
    }
  };

  test('come latest first, page by page', async () => {
    const { services, get } = await roomOf(0);
    await visited(services, 'a', 'b', 'c');
    for (const room of ['a', 'b', 'c']) await services.log.put(anEvent({ room, seq: 1 }));
    const first = await get('/api/rooms/', 'limit=2');
    expect(first.body).toMatchObject({
      previous: null,
      results: [{ room: 'c', lastVisit: '2026-11-22T10:54:01.949000Z' }, { room: 'b' }],
    });
    const second = await get('/api/rooms/', queryOf(first.body.next));
    expect(second.body).toMatchObject({ next: null, results: [{ room: 'a' }] });
  });

  test.each([
    'x',
    cursor(['v', 1]),
    cursor(['v', 'x', 'a']),
    cursor(['b', 1, 'a']),
    cursor(['v', 1, 'a b']),
  ])('are not to be had by the made up cursor %s', async (made) => {
    const { get } = await roomOf(0);
    expect(await get('/api/rooms/', `cursor=${made}`)).toMatchObject({
      status: 400,
      body: { code: 'cursor_invalid' },
    });
  });
});
