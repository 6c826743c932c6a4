import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Stack } from '../../local/stack.ts';
import { CONTENT_BYTES } from '../../protocol/limits.ts';
import { type ChatSocket, connectV1, get, post, signUp } from './chat-client.ts';
import { temporaryStack } from './temporary-stack.ts';

describe('a client that offers parlor.v1', () => {
  let stack: Stack;
  let alice: string;
  let bob: string;
  beforeAll(async () => {
    stack = await temporaryStack();
    alice = (await signUp(stack.url, 'alice')).access;
    bob = (await signUp(stack.url, 'bob')).access;
  });
  afterAll(() => stack.close());

  async function inRoom(
    room: string,
    talk: (mine: ChatSocket, theirs: ChatSocket) => Promise<void>,
  ) {
    const sockets = await Promise.all([
      connectV1(stack.url, room, alice),
      connectV1(stack.url, room, bob),
    ]);
    await talk(...sockets);
    await Promise.all(sockets.map((socket) => socket.close()));
  }

  test('gets its subprotocol back, and only that', () =>
    inRoom('handshake', async (mine) => {
      expect(mine.socket.protocol).toBe('parlor.v1');
    }));

  test('is told where its message stands, and everyone gets it with that seq', () =>
    inRoom('acks', async (mine, theirs) => {
      const ack = await mine.ask(
        { action: 'sendMessage', id: 'f1', room: 'acks', content: 'hi', clientId: 'c1', after: 0 },
        'ack',
      );
      expect(ack).toEqual({
        type: 'ack',
        ref: 'f1',
        room: 'acks',
        seq: 1,
        id: expect.any(String),
        clientId: 'c1',
        timestamp: expect.any(String),
        duplicate: false,
      });
      expect(await theirs.next()).toEqual({
        type: 'chat_message',
        sender: 'alice',
        content: 'hi',
        timestamp: ack.timestamp,
        room: 'acks',
        seq: 1,
        id: ack.id,
        clientId: 'c1',
      });
    }));

  test('may send again what it has sent, and gets the original', () =>
    inRoom('retries', async (mine, theirs) => {
      const frame = {
        action: 'sendMessage',
        room: 'retries',
        content: 'once',
        clientId: 'r1',
        after: 0,
      };
      const first = await mine.ask(frame, 'ack');
      const second = await mine.ask(frame, 'ack');
      expect(second).toEqual({ ...first, duplicate: true });
      expect(await mine.ask({ ...frame, content: 'twice' }, 'error')).toMatchObject({
        code: 'client_id_reused',
      });
      await theirs.next();
      const events = await (await get(stack.url, '/api/rooms/retries/events/', bob)).json();
      expect(events.results).toHaveLength(1);
    }));

  test('joins, leaves, and learns the heads of its rooms', () =>
    inRoom('lobby', async (mine, theirs) => {
      await mine.ask({ action: 'sendMessage', room: 'lobby', content: 'one' }, 'ack');
      expect(await theirs.ask({ action: 'join', id: 'j', room: 'größe-2' }, 'joined')).toEqual({
        type: 'joined',
        ref: 'j',
        room: 'größe-2',
        head: 0,
      });
      const { heads } = (await theirs.ask({ action: 'ping' }, 'pong')) as { heads: unknown[] };
      expect(heads).toHaveLength(2);
      expect(heads).toEqual(
        expect.arrayContaining([
          { room: 'lobby', head: 1 },
          { room: 'größe-2', head: 0 },
        ]),
      );
      expect(await theirs.ask({ action: 'leave', room: 'lobby' }, 'left')).toEqual({
        type: 'left',
        room: 'lobby',
      });
      await mine.ask({ action: 'sendMessage', room: 'lobby', content: 'two' }, 'ack');
      // Whoever left gets nothing: the next frame is the answer to the ping.
      theirs.send({ action: 'ping', id: 'next' });
      expect(await theirs.next()).toMatchObject({ type: 'pong', ref: 'next' });
      const rooms = await (await get(stack.url, '/api/rooms/', bob)).json();
      expect(rooms.results[0].room).toBe('größe-2');
    }));

  test('is answered each mistake by its code; nothing is stored, and the connection lives on', () =>
    inRoom('mistakes', async (mine) => {
      const send = { action: 'sendMessage', room: 'mistakes', content: 'x' };
      const mistakes: [unknown, string][] = [
        ['{"action":', 'malformed_json'],
        ['[]', 'malformed_json'],
        ['null', 'malformed_json'],
        [{}, 'unknown_action'],
        [{ action: 'shout' }, 'unknown_action'],
        [{ action: ['ping'] }, 'unknown_action'],
        [{ action: 'sendMessage', room: 'mistakes' }, 'invalid_field'],
        [{ ...send, content: 7 }, 'invalid_field'],
        [{ ...send, after: -1 }, 'invalid_field'],
        [{ ...send, after: 1.5 }, 'invalid_field'],
        [{ ...send, clientId: '' }, 'invalid_field'],
        [{ ...send, colour: 'red' }, 'invalid_field'],
        ['{"action":"ping","__proto__":{"polluted":true}}', 'invalid_field'],
        [{ ...send, content: ' \n ' }, 'content_empty'],
        [{ ...send, content: 'ä'.repeat(CONTENT_BYTES / 2 + 1) }, 'content_too_long'],
        [{ ...send, content: 'bell \u0007' }, 'content_invalid'],
      ];
      for (const [frame, code] of mistakes) {
        const error = await mine.ask(frame, 'error');
        expect(error).toMatchObject({ code, message: expect.stringMatching(/\.$/) });
      }
    }));

  test('is told of rooms it may not write to, cursors ahead of the log, and its own frame’s id', () =>
    inRoom('more-mistakes', async (mine) => {
      const send = { action: 'sendMessage', id: 'mine', room: 'more-mistakes', content: 'x' };
      const mistakes: [object, string][] = [
        [{ ...send, room: 'elsewhere' }, 'not_joined'],
        [{ ...send, room: 'no spaces' }, 'room_name_invalid'],
        [{ ...send, room: 'a/../b' }, 'room_name_invalid'],
        [{ ...send, room: 'x'.repeat(101) }, 'room_name_invalid'],
        [{ ...send, after: 9 }, 'after_beyond_head'],
        [{ action: 'leave', id: 'mine', room: 'elsewhere' }, 'not_joined'],
        [{ action: 'join', id: 'mine', room: '' }, 'room_name_invalid'],
      ];
      for (const [frame, code] of mistakes) {
        expect(await mine.ask(frame, 'error')).toMatchObject({ code, ref: 'mine' });
      }
      const events = await (await get(stack.url, '/api/rooms/more-mistakes/events/', bob)).json();
      expect(events).toMatchObject({ head: 0, results: [] });
    }));

  test('is slowed down when it floods, and goes on afterwards', () =>
    inRoom('flood', async (mine, theirs) => {
      for (let n = 0; n < 30; n++) mine.send({ action: 'ping', id: String(n) });
      expect(await mine.nextOf('error')).toMatchObject({
        code: 'rate_limited',
        retryable: true,
        retryAfter: expect.any(Number),
      });
      expect(await theirs.ask({ action: 'ping' }, 'pong')).toBeDefined();
    }));

  test('is refused with the right status for a wrong room, token or path', async () => {
    await expect(connectV1(stack.url, 'no spaces', alice)).rejects.toThrow(/refused with 400/);
    await expect(connectV1(stack.url, 'room', `${alice}x`)).rejects.toThrow(/refused with 401/);
    await expect(connectV1(stack.url, 'a/b', alice)).rejects.toThrow(/refused with 4\d\d/);
  });

  test('shares the room with servers that send over REST, exactly once by their key', async () => {
    const socket = await connectV1(stack.url, 'rest', bob);
    const send = () =>
      post(
        stack.url,
        '/api/rooms/rest/messages/',
        { content: 'deploy done' },
        { authorization: `Bearer ${alice}`, 'idempotency-key': 'deploy-17' },
      );
    const [first, second] = [await send(), await send()];
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(await second.json()).toEqual(await first.json());
    expect(await socket.next()).toMatchObject({ content: 'deploy done', clientId: 'deploy-17' });
    await socket.close();
  });
});
