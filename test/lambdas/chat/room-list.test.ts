import { describe, expect, test } from '@jest/globals';
import { listRooms } from '../../../lambdas/chat/room-list.ts';
import { START } from '../../fakes/fake-clock.ts';
import { anEnd, anEvent, another, atMost } from '../../fakes/samples.ts';
import { type FakeServices, fakeServices } from '../../fakes/services.ts';

/** Alice has been in these rooms, in this order; each holds so many messages. */
async function withRooms(rooms: Record<string, number>): Promise<FakeServices> {
  const services = fakeServices();
  for (const [index, [room, messages]] of Object.entries(rooms).entries()) {
    await services.memberships.visit('alice', room, START + index);
    for (let seq = 1; seq <= messages; seq++) await services.log.put(anEvent({ room, seq }));
  }
  return services;
}

async function pumpedTo({ leases }: FakeServices, room: string, pumped: number): Promise<void> {
  const lease = await leases.take(room, 'pump', START, START + 15_000, false);
  if (lease !== 'held') await leases.release(lease, { ...lease, pumped });
}

const list = (services: FakeServices, limit = 50) => listRooms(services, 'alice', atMost(limit));

describe('a list of rooms', () => {
  test('tells of each room its newest message, where it ends, and up to where it was read', async () => {
    const services = await withRooms({ quiet: 1, lobby: 3 });
    await services.memberships.markRead('alice', 'lobby', anEnd(2), START);
    expect(await list(services)).toEqual({
      rooms: [
        {
          ...{ room: 'lobby', visitedAt: START + 1, read: 2, head: 3, unread: 1 },
          lastMessage: anEvent({ seq: 3 }),
        },
        {
          ...{ room: 'quiet', visitedAt: START, read: 0, head: 1, unread: 1 },
          lastMessage: anEvent({ room: 'quiet', seq: 1 }),
        },
      ],
      next: undefined,
    });
  });

  test('tells of the newest message where other events follow on it', async () => {
    const services = await withRooms({ lobby: 2 });
    for (const seq of [3, 4]) await services.log.put(another({ seq, n: 2, m: 2 }));
    const [lobby] = (await list(services)).rooms;
    expect(lobby).toMatchObject({ head: 4, unread: 2, lastMessage: { seq: 2 } });
  });

  test('tells of no message in a room that holds other events only', async () => {
    const services = await withRooms({ lobby: 0 });
    await services.log.put(another({ seq: 1 }));
    const [lobby] = (await list(services)).rooms;
    expect(lobby).toMatchObject({ head: 1, unread: 0, lastMessage: undefined });
  });

  test('tells of the newest of messages that were put together', async () => {
    const services = await withRooms({ lobby: 0 });
    await services.log.put(anEvent({ seq: 1 }), anEvent({ seq: 2 }), anEvent({ seq: 3 }));
    expect((await list(services)).rooms).toMatchObject([
      { head: 3, lastMessage: { payload: { content: 'message 3' } } },
    ]);
  });

  test('counts what is unread in messages, whatever else was done', async () => {
    const services = await withRooms({ lobby: 1 });
    for (const seq of [2, 3]) await services.log.put(anEvent({ seq, n: 1 }));
    await services.log.put(anEvent({ seq: 4, n: 2 }));
    expect((await list(services)).rooms).toMatchObject([{ head: 4, unread: 2 }]);
    await services.memberships.markRead('alice', 'lobby', { seq: 3, n: 1 }, START);
    expect((await list(services)).rooms).toMatchObject([{ head: 4, unread: 1 }]);
    await services.memberships.markRead('alice', 'lobby', { seq: 4, n: 2 }, START);
    expect((await list(services)).rooms).toMatchObject([{ head: 4, unread: 0 }]);
  });

  test('tells nothing of a room in which nobody ever spoke, and goes on behind it', async () => {
    const services = await withRooms({ a: 1, lobbby: 0, c: 1 });
    const { rooms, next } = await list(services, 2);
    expect(rooms.map(({ room }) => room)).toEqual(['c']);
    const rest = await listRooms(services, 'alice', atMost(2), next);
    expect(rest.rooms.map(({ room }) => room)).toEqual(['a']);
    await services.log.put(anEvent({ room: 'lobbby', seq: 1 }));
    expect((await list(services)).rooms.map(({ room }) => room)).toEqual(['c', 'lobbby', 'a']);
  });

  test('tells nothing of a room that its reader was removed from, and goes on behind it', async () => {
    const services = await withRooms({ a: 1, b: 1, c: 1, d: 1 });
    await services.memberships.setRemoved('alice', 'c', true);
    const { rooms, next } = await list(services, 2);
    expect(rooms.map(({ room }) => room)).toEqual(['d']);
    expect(next).toEqual({ room: 'c', at: START + 2 });
    const rest = await listRooms(services, 'alice', atMost(2), next);
    expect(rest.rooms.map(({ room }) => room)).toEqual(['b', 'a']);
    expect(rest.next).toBeUndefined();
  });

  test('looks at many rooms in their order, and at fifty of them together', async () => {
    const names = Array.from({ length: 60 }, (_, n) => `room-${n}`);
    const services = await withRooms(Object.fromEntries(names.map((name) => [name, 1])));
    const { newest } = services.log;
    const asked: number[] = [];
    services.log.newest = async (rooms) => {
      asked.push(rooms.length);
      return await newest(rooms);
    };
    const { rooms } = await list(services, 60);
    expect(rooms.map(({ room }) => room)).toEqual(names.reverse());
    expect(asked).toEqual([50, 10]);
  });

  test('takes as many calls for fifty quiet rooms as for twenty', async () => {
    const callsFor = async (count: number) => {
      const names = Array.from({ length: count }, (_, n) => `room-${n}`);
      const services = await withRooms(Object.fromEntries(names.map((name) => [name, 1])));
      for (const name of names) await pumpedTo(services, name, 1);
      const { client } = services.table;
      const send = client.send.bind(client) as (command: object) => Promise<never>;
      let calls = 0;
      client.send = (command: object) => {
        calls++;
        return send(command);
      };
      expect((await list(services)).rooms).toHaveLength(count);
      return calls;
    };
    expect(await callsFor(50)).toBe(4);
    expect(await callsFor(20)).toBe(4);
  });

  test('reads no more rooms once a page is full by bytes', async () => {
    const names = Array.from({ length: 120 }, (_, n) => `room-${n}`);
    const services = await withRooms(Object.fromEntries(names.map((name) => [name, 1])));
    const { newest } = services.log;
    let asked = 0;
    services.log.newest = async (rooms) => {
      asked += rooms.length;
      return await newest(rooms);
    };
    const bound = { count: 120, bytes: 10, bytesOf: () => 1 };
    expect((await listRooms(services, 'alice', bound)).rooms).toHaveLength(10);
    expect(asked).toBe(50);
  });

  test('never tells that more was read than there is, whatever is written meanwhile', async () => {
    const services = await withRooms({ lobby: 1 });
    const { findAll } = services.memberships;
    services.memberships.findAll = async (userId, rooms) => {
      const found = await findAll(userId, rooms);
      await services.log.put(anEvent({ seq: 2 }));
      await services.memberships.markRead('alice', 'lobby', anEnd(2), START);
      return found;
    };
    expect((await list(services)).rooms).toMatchObject([{ read: 0, head: 2, unread: 2 }]);
  });
});
