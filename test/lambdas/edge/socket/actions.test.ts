import { describe, expect, test } from '@jest/globals';
import { logIn, logOut } from '../../../../lambdas/auth/sessions.ts';
import { ROOMS_PER_CONNECTION } from '../../../../protocol/limits.ts';
import { START } from '../../../fakes/fake-clock.ts';
import { aConnection, anAccount, anEvent } from '../../../fakes/samples.ts';
import type { FakeServices } from '../../../fakes/services.ts';
import { speak, withConnection } from './speaking.ts';

const say = (services: FakeServices, given: object = {}) =>
  speak(services, 'send', {
    action: 'sendMessage',
    id: 'm1',
    room: 'lobby',
    content: 'hello',
    ...given,
  });

const framesTo = ({ gateway }: FakeServices, id: string): object[] =>
  gateway.framesTo(id).map((text) => JSON.parse(text));

describe('sendMessage', () => {
  test('is acknowledged once it is stored, and reaches everyone', async () => {
    const services = await withConnection();
    await services.connections.add(aConnection({ id: 'c2', userId: 'bob' }));
    expect(await say(services, { clientId: 'k', after: 0 })).toEqual({
      type: 'ack',
      ref: 'm1',
      room: 'lobby',
      seq: 1,
      id: expect.any(String),
      clientId: 'k',
      timestamp: expect.stringMatching(/\+00:00$/),
      duplicate: false,
    });
    for (const id of ['c1', 'c2']) {
      expect(framesTo(services, id)).toMatchObject([{ type: 'chat_message', seq: 1 }]);
    }
    expect(services.entries).toMatchObject([
      {
        ...{ route: 'sendMessage', result: 'ok', requestId: 'r1', connectionId: 'c1' },
        ...{ userId: 'alice', room: 'lobby', seq: 1, fanOut: { by: 'self', delivered: 2 } },
      },
    ]);
  });

  test('without an id is acknowledged without a ref', async () => {
    const answer = await say(await withConnection(), { id: undefined });
    expect(answer).toMatchObject({ type: 'ack' });
    expect(answer).not.toHaveProperty('ref');
  });

  test('again is answered by the original', async () => {
    const services = await withConnection();
    const first = await say(services, { clientId: 'k', after: 0 });
    const again = await say(services, { id: 'm2', clientId: 'k', after: 0 });
    expect(again).toEqual({ ...first, ref: 'm2', duplicate: true });
    expect(framesTo(services, 'c1')).toHaveLength(1);
  });

  test.each<[object, string]>([
    [{ room: 'music' }, 'not_joined'],
    [{ room: 'a b' }, 'room_name_invalid'],
    [{ content: ' ' }, 'content_empty'],
    [{ content: 'x'.repeat(8_001) }, 'content_too_long'],
    [{ content: '\u0007' }, 'content_invalid'],
    [{ after: 7 }, 'after_beyond_head'],
    [{ clientId: 'known', content: 'other' }, 'client_id_reused'],
  ])('with %j is refused, and nothing is stored', async (given, code) => {
    const services = await withConnection();
    await services.log.put(anEvent({ clientId: 'known' }));
    const error = await say(services, given);
    expect(error).toMatchObject({ type: 'error', ref: 'm1', code });
    const aboutRoom = ['not_joined', 'after_beyond_head', 'client_id_reused'].includes(code);
    expect(error.room).toBe(aboutRoom ? ('room' in given && given.room) || 'lobby' : undefined);
    expect(await services.log.head('lobby')).toMatchObject({ seq: 1 });
    expect(services.gateway.posted).toEqual([]);
  });

  test('that was left to the holder of the lease waits, and is acked by it', async () => {
    const services = await withConnection();
    await services.log.put(anEvent({ seq: 1 }), anEvent({ seq: 2, at: START, crowded: true }));
    // An answer without a body would be an empty message.
    expect(await say(services, { clientId: 'k' })).toEqual({
      ...{ type: 'waiting', ref: 'm1', room: 'lobby' },
    });
    await services.relay.run();
    expect(framesTo(services, 'c1')).toMatchObject([
      { type: 'ack', ref: 'm1', seq: 3, clientId: 'k' },
      { type: 'events', events: [{ seq: 1 }, { seq: 2 }, { seq: 3 }] },
    ]);
  });
});

describe('the old clients’ message', () => {
  test('goes to the room of the URL, and is answered by itself only', async () => {
    const services = await withConnection({ dialect: 'legacy' });
    expect(await speak(services, 'send', { message: 'hi', more: 1 })).toBeUndefined();
    expect(framesTo(services, 'c1')).toEqual([
      {
        type: 'chat_message',
        sender: 'Alice',
        content: 'hi',
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/),
        room: 'lobby',
      },
    ]);
  });

  test('is not lost, however fast somebody speaks', async () => {
    const services = await withConnection({ dialect: 'legacy' });
    for (let second = 0; second < 10; second++) {
      for (const message of ['one', 'two', 'three']) {
        expect(await speak(services, 'send', { message })).toBeUndefined();
      }
      services.clock.advance(1_000);
    }
    expect((await services.log.head('lobby')).seq).toBe(30);
  });

  test.each(['', '\u200b', '\u2060\u3164\u2800\u00ad', '\u001b'])(
    'is refused when it is empty, like %j, and nothing is stored',
    async (message) => {
      const services = await withConnection({ dialect: 'legacy' });
      expect(await speak(services, 'send', { message })).toMatchObject({ code: 'content_empty' });
      expect(await services.log.head('lobby')).toMatchObject({ seq: 0 });
    },
  );

  test.each([
    ['a\u000bb', 'a\nb'],
    ['it\u0092s', 'its'],
    ['\u001bfine\u000c', 'fine\n'],
  ])('is mended where it holds what nobody sees: %j', async (message, content) => {
    const services = await withConnection({ dialect: 'legacy' });
    expect(await speak(services, 'send', { message })).toBeUndefined();
    const frame = { action: 'sendMessage', room: 'lobby', content: message };
    expect(await speak(services, 'send', frame)).toMatchObject({ type: 'ack' });
    expect(framesTo(services, 'c1')).toMatchObject([{ content }, { content }]);
  });

  test('is not mended for a client that can be told', async () => {
    const services = await withConnection();
    for (const frame of [
      { message: 'a\u000bb' },
      { action: 'sendMessage', room: 'lobby', content: 'a\u000bb' },
    ]) {
      expect(await speak(services, 'send', frame)).toMatchObject({
        code: 'content_invalid',
        message: expect.stringContaining('Character 2 of the message is U+000B'),
      });
    }
  });
});

describe('join', () => {
  const join = (services: FakeServices, room = 'music') =>
    speak(services, 'room', { action: 'join', id: 'j1', room });

  test('tells the newest seq, and what comes later arrives', async () => {
    const services = await withConnection();
    await services.log.put(anEvent({ room: 'music' }));
    expect(await join(services)).toEqual({
      ...{ type: 'joined', ref: 'j1', room: 'music', head: 1, unread: 1 },
    });
    expect(await say(services, { room: 'music' })).toMatchObject({ type: 'ack', seq: 2 });
    expect(framesTo(services, 'c1').at(-1)).toHaveProperty('room', 'music');
  });

  test('of a name in another form is the same room', async () => {
    const services = await withConnection();
    expect(await join(services, 'cafe\u0301')).toMatchObject({ room: 'caf\u00e9' });
  });

  test('is refused for a name that is none, for who was removed, and for too many', async () => {
    const services = await withConnection();
    expect(await join(services, 'a b')).toMatchObject({ code: 'room_name_invalid', ref: 'j1' });
    await services.memberships.setRemoved('alice', 'music', true);
    expect(await join(services)).toMatchObject({
      ...{ code: 'removed_from_room', ref: 'j1', room: 'music' },
    });
    for (let n = 1; n < ROOMS_PER_CONNECTION; n++) {
      services.clock.advance(1_000);
      await join(services, `room-${n}`);
    }
    expect(await join(services, 'one-more')).toMatchObject({ code: 'too_many_rooms', ref: 'j1' });
  });
});

describe('leave', () => {
  const leave = (services: FakeServices, room: string) =>
    speak(services, 'room', { action: 'leave', id: 'l1', room });

  test('ends what a room sends', async () => {
    const services = await withConnection();
    expect(await leave(services, 'lobby')).toEqual({ type: 'left', ref: 'l1', room: 'lobby' });
    await services.fanOut.deliver(anEvent());
    expect(services.gateway.posted).toEqual([]);
    expect(await say(services)).toMatchObject({ code: 'not_joined' });
  });

  test('of a room that it is not in is refused', async () => {
    const services = await withConnection();
    expect(await leave(services, 'music')).toMatchObject({ code: 'not_joined', ref: 'l1' });
    expect(await leave(services, 'a b')).toMatchObject({ code: 'room_name_invalid' });
  });
});

test('ping tells the newest seq of every room', async () => {
  const services = await withConnection({
    rooms: new Map([
      ['lobby', 0],
      ['music', 0],
    ]),
  });
  await services.log.put(anEvent({ room: 'music' }));
  expect(await speak(services, 'room', { action: 'ping' })).toEqual({
    type: 'pong',
    heads: [
      { room: 'lobby', head: 0, unread: 0 },
      { room: 'music', head: 1, unread: 1 },
    ],
  });
});

describe('auth', () => {
  const auth = (services: FakeServices, token: string) =>
    speak(services, 'room', { action: 'auth', id: 'a1', token });

  test('lets a connection go on whose token has run out', async () => {
    const services = await withConnection({ authUntil: START + 1_000 });
    services.clock.advance(2_000);
    const answer = await auth(services, await services.tokens.access('alice'));
    expect(answer).toMatchObject({ type: 'authenticated', ref: 'a1' });
    expect(Date.parse(answer.until) - services.clock.now()).toBeGreaterThan(299_000);
    expect(await say(services)).toMatchObject({ type: 'ack' });
    expect(framesTo(services, 'c1')).toHaveLength(1);
  });

  test('is refused with a token of another kind, of another user, or of a disabled one', async () => {
    const services = await withConnection();
    await services.accounts.create(anAccount({ username: 'Bob' }));
    const { tokens } = services;
    for (const [token, code] of [
      ['garbage', 'token_not_valid'],
      [await tokens.refresh('alice', 's', 'j'), 'token_not_valid'],
      [await tokens.access('bob'), 'wrong_user'],
      [await tokens.access('nobody'), 'user_not_found'],
    ] as const) {
      expect(await auth(services, token)).toMatchObject({ ref: 'a1', code });
    }
    await services.accounts.setDisabled('alice', true);
    expect(await auth(services, await tokens.access('alice'))).toMatchObject({
      code: 'user_inactive',
    });
  });

  test('makes it a connection of the login that the token came from, which ends it', async () => {
    for (const sessionId of [undefined, 'an earlier one']) {
      const services = await withConnection({ sessionId, authUntil: START + 1_000 });
      const { access, refresh } = await logIn(services, anAccount());
      expect(await auth(services, access)).toMatchObject({ type: 'authenticated' });
      await logOut(services, refresh);
      expect(await services.connections.find('c1', START)).toBeUndefined();
      expect(services.gateway.closed).toEqual(['c1']);
    }
  });

  test('lets no connection go on by a login that ends meanwhile', async () => {
    const services = await withConnection({ authUntil: START + 1_000 });
    const { access, refresh } = await logIn(services, anAccount());
    const { renew } = services.connections;
    services.connections.renew = async (...given) => {
      await logOut(services, refresh);
      await renew(...given);
    };
    expect(await auth(services, access)).toMatchObject({ ref: 'a1', code: 'token_not_valid' });
    expect(await services.connections.find('c1', START)).toBeUndefined();
  });
});
