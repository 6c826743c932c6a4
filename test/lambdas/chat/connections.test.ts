import { describe, expect, test } from '@jest/globals';
import { headsOf, identify, joinRoom, openConnection } from '../../../lambdas/chat/connections.ts';
import {
  CONNECTIONS_PER_USER,
  RATE_FRAMES,
  ROOMS_PER_CONNECTION,
} from '../../../protocol/limits.ts';
import { START, turn } from '../../fakes/fake-clock.ts';
import { aConnection, anAccount, anEvent } from '../../fakes/samples.ts';
import { type FakeServices, fakeServices } from '../../fakes/services.ts';

const TOKEN_UNTIL = START + 300_000;
const account = anAccount();

const arrive = (services: FakeServices, connectionId: string, dialect: 'v1' | 'legacy' = 'v1') =>
  openConnection(services, {
    connectionId,
    account,
    room: 'lobby',
    dialect,
    tokenExpiresAt: TOKEN_UNTIL,
  });

async function servicesWith(connections: number): Promise<FakeServices> {
  const services = fakeServices();
  for (let n = 1; n <= connections; n++) await arrive(services, `c${n}`);
  return services;
}

const idsOf = async ({ connections }: FakeServices) =>
  (await connections.ofUser('alice', START)).map(({ connectionId }) => connectionId);

describe('a connection that opens', () => {
  test('is in its room, with its user, for as long as its token lasts', async () => {
    const services = await servicesWith(1);
    expect(await services.connections.touch('c1', START)).toEqual({
      id: 'c1',
      userId: 'alice',
      username: 'Alice',
      dialect: 'v1',
      homeRoom: 'lobby',
      rooms: new Set(['lobby']),
      connectedAt: START,
      authUntil: TOKEN_UNTIL,
      // 2 hours and 5 minutes, in whole seconds.
      expiresAt: Math.ceil((START + 7_500_000) / 1_000) * 1_000,
    });
    expect(await services.memberships.visits('alice', 10)).toEqual([{ room: 'lobby', at: START }]);
  });

  test('of an old client acts for as long as it lives', async () => {
    const services = fakeServices();
    await arrive(services, 'c1', 'legacy');
    const connection = await services.connections.touch('c1', START);
    expect(connection).toMatchObject({ dialect: 'legacy', authUntil: START + 7_500_000 });
  });
});

describe('the limit of connections', () => {
  test('lets so many in and refuses the next, of which nothing is left', async () => {
    const services = await servicesWith(CONNECTIONS_PER_USER);
    services.clock.advance(60_000);
    await expect(arrive(services, 'one too many')).rejects.toMatchObject({
      code: 'too_many_connections',
    });
    expect(await idsOf(services)).toHaveLength(CONNECTIONS_PER_USER);
    expect(await services.connections.touch('one too many', START)).toBe('gone');
    expect(await idsOf(services)).not.toContain('one too many');
  });

  test('counts each user for himself', async () => {
    const services = await servicesWith(CONNECTIONS_PER_USER);
    const bob = anAccount({ username: 'Bob' });
    await openConnection(services, {
      connectionId: 'b',
      account: bob,
      room: 'lobby',
      dialect: 'v1',
      tokenExpiresAt: TOKEN_UNTIL,
    });
    expect(await services.connections.touch('b', START)).toMatchObject({ userId: 'bob' });
  });

  test('does not count connections that have ended without a word', async () => {
    const services = await servicesWith(CONNECTIONS_PER_USER);
    services.clock.advance(60_000);
    services.gateway.set('c7', 'gone');
    services.gateway.set('c9', 'gone');
    await arrive(services, 'new');
    const ids = await idsOf(services);
    expect(ids).toHaveLength(CONNECTIONS_PER_USER - 1);
    expect(ids).toContain('new');
    expect(ids).not.toContain('c7');
    expect(await services.connections.touch('c9', START)).toBe('gone');
  });

  test('is not passed by many that arrive at once', async () => {
    const services = await servicesWith(0);
    services.connections = slowly(services.connections);
    // API Gateway says "gone" of a connection whose handshake is under way.
    for (let n = 1; n <= 60; n++) services.gateway.set(`c${n}`, 'gone');
    const arrivals = await Promise.allSettled(
      Array.from({ length: 60 }, (_, index) => arrive(services, `c${index + 1}`)),
    );
    const accepted = arrivals.flatMap(({ status }, index) =>
      status === 'fulfilled' ? [`c${index + 1}`] : [],
    );
    expect(accepted.length).toBeLessThanOrEqual(CONNECTIONS_PER_USER);
    expect((await idsOf(services)).sort()).toEqual(accepted.sort());
  });

  test('takes no rows from a connection that arrives at the same time', async () => {
    const services = await servicesWith(CONNECTIONS_PER_USER - 1);
    services.clock.advance(60_000);
    await arrive(services, 'just before');
    services.gateway.set('just before', 'gone');
    await expect(arrive(services, 'just after')).rejects.toMatchObject({
      code: 'too_many_connections',
    });
    expect(await services.connections.touch('just before', START)).toMatchObject({
      id: 'just before',
    });
  });
});

/** The same store, with others coming between at every call. */
function slowly(store: FakeServices['connections']): FakeServices['connections'] {
  let calls = 0;
  const pause = async () => {
    for (let turns = calls++ % 5; turns > 0; turns--) await turn();
  };
  return {
    ...store,
    async add(connection) {
      await pause();
      await store.add(connection);
      await pause();
    },
    async ofUser(userId, now) {
      await pause();
      return await store.ofUser(userId, now);
    },
    async remove(connectionId, seenIn) {
      await pause();
      await store.remove(connectionId, seenIn);
    },
  };
}

describe('a frame', () => {
  test('belongs to the connection that it came from', async () => {
    const services = await servicesWith(2);
    expect(await identify(services, 'c2')).toMatchObject({ id: 'c2', userId: 'alice' });
  });

  test('of a connection that never was, or has expired, is refused', async () => {
    const services = await servicesWith(1);
    await expect(identify(services, 'c2')).rejects.toMatchObject({ code: 'connection_gone' });
    services.clock.advance(3 * 60 * 60 * 1_000);
    await expect(identify(services, 'c1')).rejects.toMatchObject({ code: 'connection_gone' });
  });

  test('beyond the rate is refused, and taken again later', async () => {
    const services = await servicesWith(1);
    for (let frame = 0; frame < RATE_FRAMES; frame++) await identify(services, 'c1');
    await expect(identify(services, 'c1')).rejects.toMatchObject({
      code: 'rate_limited',
      details: { retryAfter: 2 },
    });
    services.clock.advance(10_000);
    expect(await identify(services, 'c1')).toMatchObject({ id: 'c1' });
  });

  test('is taken until the token expires, to the millisecond', async () => {
    const services = await servicesWith(1);
    services.clock.set(TOKEN_UNTIL - 1);
    expect(await identify(services, 'c1')).toMatchObject({ id: 'c1' });
    services.clock.set(TOKEN_UNTIL);
    await expect(identify(services, 'c1')).rejects.toMatchObject({ code: 'token_expired' });
  });
});

describe('joining a room', () => {
  test('puts the connection there and tells the newest seq', async () => {
    const services = await servicesWith(1);
    await services.log.put(anEvent({ seq: 1, room: 'music' }));
    const connection = await identify(services, 'c1');
    services.clock.advance(1_000);
    expect(await joinRoom(services, connection, 'music')).toBe(1);
    expect((await identify(services, 'c1')).rooms).toEqual(new Set(['lobby', 'music']));
    expect(await services.memberships.visits('alice', 1)).toEqual([
      { room: 'music', at: START + 1_000 },
    ]);
  });

  test('reads the newest seq after the connection is in, so that nothing falls between', async () => {
    const services = await servicesWith(1);
    const connection = await identify(services, 'c1');
    const { join } = services.connections;
    services.connections.join = async (...args) => {
      await join(...args);
      await services.log.put(anEvent({ seq: 1, room: 'music' }));
    };
    expect(await joinRoom(services, connection, 'music')).toBe(1);
  });

  test('is refused beyond the limit, but not to a room that it is in', async () => {
    const services = fakeServices();
    const rooms = Array.from({ length: ROOMS_PER_CONNECTION }, (_, n) => `room-${n}`);
    const connection = aConnection({ rooms: new Set(rooms) });
    await services.connections.add(connection);
    await expect(joinRoom(services, connection, 'one more')).rejects.toMatchObject({
      code: 'too_many_rooms',
    });
    expect(await joinRoom(services, connection, 'room-7')).toBe(0);
    expect((await identify(services, connection.id)).rooms).toEqual(new Set(rooms));
  });
});

test('a connection learns the newest seq of each of its rooms', async () => {
  const { log, ...services } = fakeServices();
  await log.put(anEvent({ seq: 1, room: 'music' }));
  const connection = aConnection({ rooms: new Set(['lobby', 'music']) });
  expect(await headsOf({ ...services, log }, connection)).toEqual([
    { room: 'lobby', head: 0 },
    { room: 'music', head: 1 },
  ]);
});
