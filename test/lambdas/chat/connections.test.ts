import { describe, expect, test } from '@jest/globals';
import {
  type Arrival,
  headsOf,
  identify,
  joinRoom,
  openConnection,
  requireFreshToken,
} from '../../../lambdas/chat/connections.ts';
import {
  CONNECTIONS_PER_USER,
  FRAME_BURST,
  ROOMS_PER_CONNECTION,
} from '../../../protocol/limits.ts';
import { START, turn } from '../../fakes/fake-clock.ts';
import { aConnection, anAccount, anEvent } from '../../fakes/samples.ts';
import { type FakeServices, fakeServices } from '../../fakes/services.ts';

const TOKEN_UNTIL = START + 300_000;
const account = anAccount();

const arrive = (services: FakeServices, connectionId: string, given: Partial<Arrival> = {}) =>
  openConnection(services, {
    connectionId,
    account,
    room: 'lobby',
    dialect: 'v1',
    authUntil: TOKEN_UNTIL,
    strictExpiry: false,
    ...given,
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
      rooms: new Map([['lobby', 0]]),
      connectedAt: START,
      authUntil: TOKEN_UNTIL,
      // 2 hours and 5 minutes, in whole seconds.
      expiresAt: Math.ceil((START + 7_500_000) / 1_000) * 1_000,
    });
    expect(await services.memberships.visits('alice', 10)).toEqual([{ room: 'lobby', at: START }]);
  });

  test.each([
    {
      dialect: 'legacy',
      strictExpiry: false,
      authUntil: Math.ceil((START + 7_500_000) / 1_000) * 1_000,
    },
    { dialect: 'legacy', strictExpiry: true, authUntil: TOKEN_UNTIL },
    { dialect: 'v1', strictExpiry: false, authUntil: TOKEN_UNTIL },
  ] as const)(
    'of a $dialect client acts until $authUntil (strict expiry: $strictExpiry)',
    async ({ authUntil, ...given }) => {
      const services = fakeServices();
      await arrive(services, 'c1', given);
      const connection = await services.connections.touch('c1', START);
      expect(connection).toMatchObject({ dialect: given.dialect, authUntil });
    },
  );

  test("goes to one of the newer half of its room's shards, and all of them are used", async () => {
    const services = fakeServices();
    services.leases.shards = async () => 8;
    const used = new Set<number | undefined>();
    for (let n = 0; n < 40; n++) {
      await arrive(services, `c${n}`);
      used.add((await services.connections.find(`c${n}`, START))?.rooms.get('lobby'));
    }
    expect([...used].sort()).toEqual([4, 5, 6, 7]);
  });
});

describe('somebody who was removed from a room', () => {
  test('does not get in, and nothing is recorded', async () => {
    const services = fakeServices();
    await services.memberships.setRemoved('alice', 'lobby', true);
    await expect(arrive(services, 'c1')).rejects.toMatchObject({ code: 'removed_from_room' });
    expect(await idsOf(services)).toEqual([]);
    expect(await services.memberships.visits('alice', 10)).toEqual([]);
    await arrive(services, 'c2', { room: 'music' });
    expect(await idsOf(services)).toEqual(['c2']);
  });

  test('while his connection opens does not get in, whoever looks first', async () => {
    const services = fakeServices();
    const { add } = services.connections;
    services.connections.add = async (connection) => {
      await services.memberships.setRemoved('alice', 'lobby', true);
      await add(connection);
    };
    await expect(arrive(services, 'c1')).rejects.toMatchObject({ code: 'removed_from_room' });
    expect(await idsOf(services)).toEqual([]);
  });

  test('does not join it', async () => {
    const services = await servicesWith(1);
    await services.memberships.setRemoved('alice', 'music', true);
    const connection = await identify(services, 'c1');
    await expect(joinRoom(services, connection, 'music')).rejects.toMatchObject({
      code: 'removed_from_room',
    });
    expect([...(await identify(services, 'c1')).rooms.keys()]).toEqual(['lobby']);
  });

  test('while he joins does not stay in it', async () => {
    const services = await servicesWith(1);
    const { join } = services.connections;
    services.connections.join = async (...args) => {
      await services.memberships.setRemoved('alice', 'music', true);
      return await join(...args);
    };
    const connection = await identify(services, 'c1');
    await expect(joinRoom(services, connection, 'music')).rejects.toMatchObject({
      code: 'removed_from_room',
    });
    expect([...(await identify(services, 'c1')).rooms.keys()]).toEqual(['lobby']);
    for await (const page of services.connections.inShard('music', 0, START)) {
      expect(page).toEqual([]);
    }
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
    await arrive(services, 'b', { account: anAccount({ username: 'Bob' }) });
    expect(await services.connections.touch('b', START)).toMatchObject({ userId: 'bob' });
  });

  test('does not count connections that have ended without a word', async () => {
    const services = await servicesWith(CONNECTIONS_PER_USER);
    services.clock.advance(60_000);
    services.gateway.set('c10', 'gone');
    services.gateway.set('c12', 'gone');
    await arrive(services, 'new');
    const ids = await idsOf(services);
    expect(ids).toHaveLength(CONNECTIONS_PER_USER - 1);
    expect(ids).toContain('new');
    expect(ids).not.toContain('c10');
    expect(await services.connections.touch('c12', START)).toBe('gone');
    // Each question costs a request of the account's rate. They came at once: then by their ids.
    expect(services.gateway.asked).toEqual(['c1', 'c10', 'c11', 'c12', 'c13']);
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
    for (let frame = 0; frame < FRAME_BURST; frame++) await identify(services, 'c1');
    await expect(identify(services, 'c1')).rejects.toMatchObject({
      code: 'rate_limited',
      details: { retryAfter: 1 },
    });
    services.clock.advance(1_000);
    expect(await identify(services, 'c1')).toMatchObject({ id: 'c1' });
  });

  test('is known although its token has expired: it may bring a new one', async () => {
    const services = await servicesWith(1);
    services.clock.set(TOKEN_UNTIL + 1);
    expect(await identify(services, 'c1')).toMatchObject({ id: 'c1' });
  });
});

test('a token is good until it expires, to the millisecond', () => {
  const connection = aConnection({ authUntil: TOKEN_UNTIL });
  expect(() => requireFreshToken(connection, TOKEN_UNTIL - 1)).not.toThrow();
  expect(() => requireFreshToken(connection, TOKEN_UNTIL)).toThrow(
    expect.objectContaining({ code: 'token_expired' }),
  );
});

describe('joining a room', () => {
  test('puts the connection there and tells the newest seq', async () => {
    const services = await servicesWith(1);
    await services.log.put(anEvent({ seq: 1, room: 'music' }));
    const connection = await identify(services, 'c1');
    services.clock.advance(1_000);
    expect(await joinRoom(services, connection, 'music')).toEqual({ head: 1, unread: 1 });
    expect([...(await identify(services, 'c1')).rooms.keys()]).toEqual(['lobby', 'music']);
    expect(await services.memberships.visits('alice', 1)).toEqual([
      { room: 'music', at: START + 1_000 },
    ]);
  });

  test('tells how many messages there are that the user has not read', async () => {
    const services = await servicesWith(1);
    for (const [seq, n] of [1, 1, 1, 2, 3].entries()) {
      await services.log.put(anEvent({ seq: seq + 1, n, room: 'music' }));
    }
    await services.memberships.markRead('alice', 'music', { seq: 3, n: 1 }, START);
    const connection = await identify(services, 'c1');
    expect(await joinRoom(services, connection, 'music')).toEqual({ head: 5, unread: 2 });
  });

  test('reads the newest seq after the connection is in, so that nothing falls between', async () => {
    const services = await servicesWith(1);
    const connection = await identify(services, 'c1');
    const { join } = services.connections;
    services.connections.join = async (...args) => {
      const outcome = await join(...args);
      await services.log.put(anEvent({ seq: 1, room: 'music' }));
      return outcome;
    };
    expect(await joinRoom(services, connection, 'music')).toEqual({ head: 1, unread: 1 });
  });

  test('is refused beyond the limit, but not to a room that it is in', async () => {
    const services = fakeServices();
    const names = Array.from({ length: ROOMS_PER_CONNECTION }, (_, n) => `room-${n}`);
    const rooms = new Map(names.map((name) => [name, 0]));
    const connection = aConnection({ rooms });
    await services.connections.add(connection);
    await expect(joinRoom(services, connection, 'one more')).rejects.toMatchObject({
      code: 'too_many_rooms',
    });
    expect(await joinRoom(services, connection, 'room-7')).toEqual({ head: 0, unread: 0 });
    expect((await identify(services, connection.id)).rooms).toEqual(rooms);
  });
});

test('a connection learns the newest seq of each of its rooms', async () => {
  const { log, ...services } = fakeServices();
  await log.put(anEvent({ seq: 1, room: 'music' }));
  const connection = aConnection({
    rooms: new Map([
      ['lobby', 0],
      ['music', 1],
    ]),
  });
  expect(await headsOf({ ...services, log }, connection)).toEqual([
    { room: 'lobby', head: 0, unread: 0 },
    { room: 'music', head: 1, unread: 1 },
  ]);
});
