import { describe, expect, test } from '@jest/globals';
import { START } from '../../../fakes/fake-clock.ts';
import { anEnd, anEvent } from '../../../fakes/samples.ts';
import { ask, withToken } from './asking.ts';

const READ = '/api/rooms/lobby/read/';

/** Alice has been in the lobby, which holds so many messages. */
async function inLobby(messages: number) {
  const { services, token } = await withToken();
  await services.memberships.visit('alice', 'lobby', START);
  for (let seq = 1; seq <= messages; seq++) await services.log.put(anEvent({ seq }));
  const asked = { token };
  return {
    services,
    rooms: async () => (await ask(services, 'GET', '/api/rooms/', asked)).body.results,
    put: (body: unknown, path = READ) => ask(services, 'PUT', path, { token, body }),
    remove: (path: string) => ask(services, 'DELETE', path, asked),
  };
}

describe('the rooms of a user', () => {
  test('come with what is new in them', async () => {
    const { services, rooms } = await inLobby(2);
    await services.memberships.visit('alice', 'quiet', START - 1);
    await services.memberships.markRead('alice', 'quiet', anEnd(4), START);
    await services.memberships.visit('alice', 'mistyped', START - 2);
    const [lobby, quiet, ...others] = await rooms();
    expect(others).toEqual([]);
    expect(lobby).toEqual({
      room: 'lobby',
      lastVisit: '2026-11-22T10:54:01.947000Z',
      read: 0,
      unread: 2,
      head: 2,
      lastMessage: {
        seq: 2,
        id: 'event-2',
        clientId: 'client-2',
        sender: 'Alice',
        content: 'message 2',
        timestamp: '2026-11-22T10:54:01.949000Z',
        room: 'lobby',
      },
    });
    // All that was read there has expired.
    expect(quiet).toMatchObject({ room: 'quiet', read: 4, head: 4, lastMessage: null });
  });

  test('leave out those that he was removed from, and what is said there', async () => {
    const { services, rooms } = await inLobby(1);
    await services.memberships.setRemoved('alice', 'lobby', true);
    expect(await rooms()).toEqual([]);
    await services.memberships.setRemoved('alice', 'lobby', false);
    expect(await rooms()).toHaveLength(1);
  });
});

describe('PUT of a read mark', () => {
  test('answers up to where the room has been read', async () => {
    const { services, rooms, put } = await inLobby(3);
    expect(await put({ seq: 2 })).toMatchObject({ status: 200, body: { room: 'lobby', read: 2 } });
    expect(await put({ seq: 1 })).toMatchObject({ status: 200, body: { room: 'lobby', read: 2 } });
    expect(await rooms()).toMatchObject([{ read: 2, head: 3 }]);
    expect(services.entries[0]).toMatchObject({
      ...{ route: 'markRead', result: 'ok', userId: 'alice', room: 'lobby', seq: 2 },
    });
  });

  test('names the room in its one form', async () => {
    const { put } = await inLobby(0);
    const answer = await put({ seq: 0 }, `/api/rooms/${encodeURIComponent('cafe\u0301')}/read/`);
    expect(answer.body).toEqual({ room: 'caf\u00e9', read: 0 });
  });

  test.each<[unknown, string]>([
    [{ seq: 4 }, 'after_beyond_head'],
    [{ seq: -1 }, 'invalid_field'],
    [{ seq: 1.5 }, 'invalid_field'],
    [{ seq: '1' }, 'invalid_field'],
    [{ seq: 2 ** 60 }, 'invalid_field'],
    [{}, 'invalid_field'],
    [{ seq: 1, room: 'music' }, 'invalid_field'],
    ['{', 'malformed_json'],
  ])('as %j is refused', async (body, code) => {
    const { put, rooms } = await inLobby(3);
    expect(await put(body)).toMatchObject({ status: 400, body: { code } });
    expect(await rooms()).toMatchObject([{ read: 0 }]);
  });

  test('is refused to who was removed, and for a name that is none', async () => {
    const { services, put } = await inLobby(1);
    await services.memberships.setRemoved('alice', 'lobby', true);
    expect(await put({ seq: 1 })).toMatchObject({
      ...{ status: 403, body: { code: 'removed_from_room' } },
    });
    expect(await put({ seq: 0 }, '/api/rooms/a b/read/')).toMatchObject({
      ...{ status: 400, body: { code: 'room_name_invalid' } },
    });
  });
});

describe('DELETE of a room', () => {
  test('takes it off the list, and may be said twice', async () => {
    const { services, rooms, remove } = await inLobby(1);
    for (const path of ['/api/rooms/lobby/', '/api/rooms/lobby', '/api/rooms/never-seen/']) {
      expect(await remove(path)).toMatchObject({ status: 200, body: {} });
    }
    expect(await rooms()).toEqual([]);
    expect(await services.log.head('lobby')).toMatchObject({ seq: 1 });
    expect(services.entries[0]).toMatchObject({ route: 'forgetRoom', room: 'lobby' });
  });

  test('is undone by the next visit, with nothing read', async () => {
    const { rooms, put, remove } = await inLobby(3);
    await put({ seq: 3 });
    await remove('/api/rooms/lobby/');
    await put({ seq: 1 });
    expect(await rooms()).toMatchObject([{ room: 'lobby', read: 1, head: 3 }]);
  });

  test('does not let in again who was removed', async () => {
    const { services, put, remove } = await inLobby(1);
    await services.memberships.setRemoved('alice', 'lobby', true);
    expect(await remove('/api/rooms/lobby/')).toMatchObject({ status: 200 });
    expect(await put({ seq: 1 })).toMatchObject({ status: 403 });
  });

  test('of a name that is none is refused', async () => {
    const { remove } = await inLobby(0);
    expect(await remove('/api/rooms/a b/')).toMatchObject({
      ...{ status: 400, body: { code: 'room_name_invalid' } },
    });
  });
});
