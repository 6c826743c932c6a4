import { describe, expect, test } from '@jest/globals';
import type { Connection, Presence } from '../../lambdas/chat/connection.ts';
import { forEachParallel } from '../../lambdas/chat/parallel.ts';
import type { ConnectionStore, FrameRate } from '../../lambdas/chat/ports/connection-store.ts';
import { CONNECTIONS_AT_FULL_RATE, ROOMS_PER_CONNECTION } from '../../protocol/limits.ts';
import { aConnection } from '../fakes/samples.ts';
import { HOSTILE_NAMES } from './hostile-names.ts';

/** Whole seconds, in which databases count expiry. */
const NOW = Date.UTC(2026, 10, 22, 10, 54, 1);
const LATER = NOW + 7_500_000;
/** Smaller than the usual one, which would take many requests to use up. */
const RATE: FrameRate = { burst: 12, perSecond: 10 };
const DROP_MS = 1_000 / RATE.perSecond;

const connection = (given: Partial<Connection> = {}) =>
  aConnection({ connectedAt: NOW, authUntil: NOW + 300_000, expiresAt: LATER, ...given });

/** @param open an empty store for each test, with such a rate */
export function connectionStoreContract(
  name: string,
  open: (rate: FrameRate) => Promise<ConnectionStore>,
): void {
  describe(`a connection store ${name}`, () => {
    async function storeOf(...connections: Connection[]): Promise<ConnectionStore> {
      const store = await open(RATE);
      for (const each of connections) await store.add(each);
      return store;
    }

    comingAndGoing(storeOf);
    shards(storeOf);
    tokens(storeOf);
    rate(storeOf);
    expiry(storeOf);
    removal(storeOf);
    size(storeOf);
  });
}

type StoreOf = (...connections: Connection[]) => Promise<ConnectionStore>;

function comingAndGoing(storeOf: StoreOf): void {
  test('finds a connection by itself, by its room and by its user', async () => {
    const alice = connection({ authUntil: NOW + 123_456, sessionId: 's1' });
    const store = await storeOf(alice);
    expect(await store.touch(alice.id, NOW)).toEqual(alice);
    expect(await presences(store, 'lobby')).toEqual([
      {
        connectionId: alice.id,
        dialect: 'v1',
        connectedAt: NOW,
        authUntil: NOW + 123_456,
      },
    ]);
    expect(await store.ofUser('alice', NOW)).toEqual([
      { connectionId: alice.id, connectedAt: NOW },
    ]);
  });

  test('knows nobody who never came', async () => {
    const store = await storeOf();
    expect(await store.touch('nobody', NOW)).toBe('gone');
    expect(await presences(store, 'lobby')).toEqual([]);
    expect(await store.ofUser('nobody', NOW)).toEqual([]);
  });

  test('puts a connection into a room once, however often it joins', async () => {
    const alice = connection({ dialect: 'legacy' });
    const store = await storeOf(alice);
    await store.join(alice, 'music', 0);
    await store.join(alice, 'music', 0);
    expect(await ids(store, 'music')).toEqual([alice.id]);
    expect(await presences(store, 'music')).toEqual(await presences(store, 'lobby'));
    expect(await roomsOf(store, alice)).toEqual(['lobby', 'music']);
  });

  test('takes a connection out of a room, and leaving again is harmless', async () => {
    const alice = connection();
    const bob = connection({ id: 'bob=', userId: 'bob' });
    const store = await storeOf(alice, bob);
    await store.leave(alice, 'lobby');
    await store.leave(alice, 'lobby');
    await store.leave(alice, 'never there');
    await store.leave(connection({ id: 'nobody' }), 'lobby');
    expect(await ids(store, 'lobby')).toEqual([bob.id]);
    expect(await roomsOf(store, alice)).toEqual([]);
    expect(await roomsOf(store, bob)).toEqual(['lobby']);
    await store.join(alice, 'music', 0);
    expect(await roomsOf(store, alice)).toEqual(['music']);
  });

  test('refuses a room to a connection that has ended', async () => {
    const store = await storeOf();
    const joining = store.join(connection(), 'music', 0);
    await expect(joining).rejects.toMatchObject({ code: 'connection_gone' });
    expect(await ids(store, 'music')).toEqual([]);
  });

  test('lists the connections of a user and of no other, oldest first', async () => {
    const store = await storeOf(
      connection({ id: 'second', connectedAt: NOW + 2 }),
      connection({ id: 'other', userId: 'ali' }),
      connection({ id: 'third', connectedAt: NOW + 3 }),
      connection({ id: 'first', connectedAt: NOW + 1, homeRoom: 'music' }),
    );
    expect(await store.ofUser('alice', NOW)).toEqual([
      { connectionId: 'first', connectedAt: NOW + 1 },
      { connectionId: 'second', connectedAt: NOW + 2 },
      { connectionId: 'third', connectedAt: NOW + 3 },
    ]);
  });

  test('keeps rooms and users apart, whatever they are called', async () => {
    const store = await storeOf(
      ...HOSTILE_NAMES.map((name, index) =>
        connection({ id: `c${index}`, userId: name, homeRoom: name }),
      ),
    );
    for (const [index, name] of HOSTILE_NAMES.entries()) {
      expect(await ids(store, name)).toEqual([`c${index}`]);
      expect(await store.ofUser(name, NOW)).toMatchObject([{ connectionId: `c${index}` }]);
    }
  });
}

function shards(storeOf: StoreOf): void {
  test('puts a connection into the shard that it is given, and lists each shard by itself', async () => {
    const alice = connection({ rooms: new Map([['lobby', 2]]) });
    const bob = connection({ id: 'bob=', userId: 'bob', rooms: new Map([['lobby', 12]]) });
    const store = await storeOf(alice, bob);
    await store.join(alice, 'music', 3);
    expect(await ids(store, 'lobby', NOW, 2)).toEqual([alice.id]);
    expect(await ids(store, 'lobby', NOW, 12)).toEqual([bob.id]);
    expect(await ids(store, 'lobby', NOW, 1)).toEqual([]);
    expect(await ids(store, 'music', NOW, 3)).toEqual([alice.id]);
    const rooms = new Map([
      ['lobby', 2],
      ['music', 3],
    ]);
    expect(await store.find(alice.id, NOW)).toEqual({ ...alice, rooms });
    expect(await store.touch(alice.id, NOW)).toEqual({ ...alice, rooms });
  });

  test('leaves a connection that joins again in its shard', async () => {
    const alice = connection();
    const store = await storeOf(alice);
    await store.join(alice, 'music', 1);
    await store.join(alice, 'music', 5);
    await store.join(alice, 'lobby', 5);
    expect(await ids(store, 'music', NOW, 1)).toEqual([alice.id]);
    expect(await ids(store, 'lobby', NOW, 0)).toEqual([alice.id]);
    for (const room of ['music', 'lobby']) expect(await ids(store, room, NOW, 5)).toEqual([]);
  });

  test('puts a connection into one shard when it joins many times at once', async () => {
    const alice = connection();
    const store = await storeOf(alice);
    const tried = Array.from({ length: 8 }, (_, shard) => shard);
    await Promise.all(tried.map((shard) => store.join(alice, 'music', shard)));
    const listed = await Promise.all(tried.map((shard) => ids(store, 'music', NOW, shard)));
    expect(listed.flat()).toEqual([alice.id]);
    const found = await store.find(alice.id, NOW);
    expect(listed[found?.rooms.get('music') ?? -1]).toEqual([alice.id]);
  });

  test('takes a connection out of a room that it joined since it was read', async () => {
    const alice = connection();
    const store = await storeOf(alice);
    await store.join(alice, 'music', 3);
    await store.leave(alice, 'music');
    expect(await ids(store, 'music', NOW, 3)).toEqual([]);
    expect(await roomsOf(store, alice)).toEqual(['lobby']);
  });

  test('lets a connection into so many rooms and no more, though it joins them at once', async () => {
    const alice = connection();
    const store = await storeOf(alice);
    const rooms = Array.from({ length: ROOMS_PER_CONNECTION + 5 }, (_, n) => `room-${n}`);
    const outcomes = await Promise.all(rooms.map((room) => store.join(alice, room, 0)));
    const joined = rooms.filter((_, n) => outcomes[n] === 'joined');
    expect(joined).toHaveLength(ROOMS_PER_CONNECTION - 1);
    expect(await roomsOf(store, alice)).toEqual(['lobby', ...joined].sort());
    for (const [n, room] of rooms.entries()) {
      expect(await ids(store, room)).toEqual(outcomes[n] === 'joined' ? [alice.id] : []);
    }
    expect(await store.join(alice, 'lobby', 0)).toBe('joined');
    expect(await store.join(alice, 'one more', 0)).toBe('full');
    await store.leave(alice, 'lobby');
    expect(await store.join(alice, 'one more', 0)).toBe('joined');
  });

  test('ends with a connection in a room, or not, however joins and leaves race', async () => {
    const alice = connection();
    const store = await storeOf(alice);
    for (let round = 0; round < 10; round++) {
      const room = `room-${round}`;
      await Promise.all([
        store.join(alice, room, 0),
        store.leave(alice, room),
        store.join(alice, room, 0),
        store.leave(alice, room),
        store.join(alice, room, 0),
      ]);
      const isThere = (await store.find(alice.id, NOW))?.rooms.has(room);
      expect(await ids(store, room)).toEqual(isThere ? [alice.id] : []);
      await store.leave(alice, room);
      expect(await ids(store, room)).toEqual([]);
    }
  });

  test('takes a connection out of the shard that it is in', async () => {
    const store = await storeOf(connection());
    await store.join(connection(), 'music', 4);
    const alice = await store.find(connection().id, NOW);
    if (!alice) throw new Error('The connection is gone.');
    await store.leave(alice, 'music');
    expect(await ids(store, 'music', NOW, 4)).toEqual([]);
    await store.remove(alice.id);
    expect(await ids(store, 'lobby')).toEqual([]);
  });

  test.each(['__proto__', 'constructor', 'toString', 'rooms.a[0]', '0', ...HOSTILE_NAMES])(
    'takes a room named %j for a room like any other',
    async (room) => {
      const alice = connection({ homeRoom: room, rooms: new Map([[room, 1]]) });
      const bob = connection({ id: 'bob=', userId: 'bob', homeRoom: 'other' });
      const store = await storeOf(alice, bob);
      await store.join(bob, room, 1);
      expect(await ids(store, room, NOW, 1)).toEqual([bob.id, alice.id].sort());
      expect((await store.find(alice.id, NOW))?.rooms).toEqual(new Map([[room, 1]]));
      expect(await roomsOf(store, bob)).toEqual(['other', room].sort());
      await store.leave(alice, room);
      expect(await ids(store, room, NOW, 1)).toEqual([bob.id]);
      expect((await store.find(alice.id, NOW))?.rooms).toEqual(new Map());
      await store.remove(bob.id);
      expect(await ids(store, room, NOW, 1)).toEqual([]);
    },
  );
}

function tokens(storeOf: StoreOf): void {
  const MINUTE = 60_000;
  const until = NOW + 5 * MINUTE;
  const later = until + 5 * MINUTE;

  test('lists a connection in the minute in which its token expires', async () => {
    const minute = Math.floor(until / MINUTE) * MINUTE;
    const store = await storeOf(
      connection({ id: 'first', authUntil: minute }),
      connection({ id: 'last', authUntil: minute + MINUTE - 1 }),
      connection({ id: 'next', authUntil: minute + MINUTE }),
      connection({ id: 'before', authUntil: minute - 1 }),
    );
    for (const at of [minute, minute + 1_234, minute + MINUTE - 1]) {
      expect(await expiring(store, at)).toEqual(['first', 'last']);
    }
    expect(await expiring(store, minute + MINUTE)).toEqual(['next']);
    expect(await expiring(store, minute - 1)).toEqual(['before']);
    expect(await expiring(store, minute - 2 * MINUTE)).toEqual([]);
  });

  test('does not list a connection that acts for as long as it lives', async () => {
    const store = await storeOf(connection({ authUntil: LATER }));
    expect(await expiring(store, LATER)).toEqual([]);
  });

  test('lists more in one minute than one page holds', async () => {
    const names = Array.from({ length: 30 }, (_, n) => `c${n}`).sort();
    const store = await storeOf(
      ...names.map((id) => connection({ id, userId: id, authUntil: until })),
    );
    expect(await expiring(store, until)).toEqual(names);
  });

  test('lets a connection act until its new time, in every room, and lists it there', async () => {
    const alice = connection({ authUntil: until });
    const bob = connection({ id: 'bob=', userId: 'bob', authUntil: until });
    const store = await storeOf(alice, bob);
    await store.join(alice, 'music', 3);
    await store.renew(alice, later);
    expect(await store.find(alice.id, NOW)).toMatchObject({ authUntil: later });
    expect(await store.touch(alice.id, NOW)).toMatchObject({ authUntil: later });
    const [inLobby] = (await presences(store, 'lobby')).filter(({ connectionId }) =>
      connectionId.startsWith(alice.id),
    );
    expect(inLobby).toEqual({
      connectionId: alice.id,
      dialect: 'v1',
      connectedAt: NOW,
      authUntil: later,
    });
    expect(await presences(store, 'music', NOW, 3)).toMatchObject([{ authUntil: later }]);
    expect(await expiring(store, later)).toEqual([alice.id]);
    expect(await store.find(bob.id, NOW)).toEqual(bob);
  });

  test('knows by which login a connection was renewed last, as long as that says so', async () => {
    const alice = connection({ authUntil: until });
    const store = await storeOf(alice);
    await store.renew(alice, later, 's2');
    expect(await store.find(alice.id, NOW)).toEqual({
      ...alice,
      authUntil: later,
      sessionId: 's2',
    });
    await store.renew(alice, later - 1_000, 's3');
    await store.renew(alice, later + 1_000);
    expect(await store.find(alice.id, NOW)).toMatchObject({ sessionId: 's2' });
  });

  test('keeps the time of a connection that renews when it joins a room thereafter', async () => {
    const alice = connection({ authUntil: until });
    const store = await storeOf(alice);
    await store.renew(alice, later);
    // As it was read before it was renewed: its frames may be worked on side by side.
    await store.join(alice, 'music', 0);
    expect(await presences(store, 'music')).toMatchObject([{ authUntil: later }]);
  });

  test('never goes back in time, should two renewals race', async () => {
    const alice = connection({ authUntil: until });
    const store = await storeOf(alice);
    await store.renew(alice, later);
    await store.renew(alice, later - 1_000);
    expect(await store.find(alice.id, NOW)).toMatchObject({ authUntil: later });
    expect(await presences(store, 'lobby')).toMatchObject([{ authUntil: later }]);
  });

  test('puts a connection that renews into no room that it has left', async () => {
    const alice = connection({ authUntil: until });
    const store = await storeOf(alice);
    await store.leave(alice, 'lobby');
    await store.renew(alice, later);
    expect(await ids(store, 'lobby')).toEqual([]);
    expect(await roomsOf(store, alice)).toEqual([]);
  });

  test('renews no connection that has ended', async () => {
    const alice = connection({ authUntil: until });
    const store = await storeOf(alice);
    await store.remove(alice.id);
    await expect(store.renew(alice, later)).rejects.toMatchObject({ code: 'connection_gone' });
    expect(await store.find(alice.id, NOW)).toBeUndefined();
    expect(await ids(store, 'lobby')).toEqual([]);
  });

  test('finds a connection as it is, without counting a frame, until it has expired', async () => {
    const alice = connection();
    const store = await storeOf(alice);
    for (let looks = 0; looks <= RATE.burst; looks++) {
      expect(await store.find(alice.id, NOW)).toEqual(alice);
    }
    expect(await store.touch(alice.id, NOW)).toEqual(alice);
    expect(await store.find(alice.id, LATER - 1)).toEqual(alice);
    expect(await store.find(alice.id, LATER)).toBeUndefined();
    expect(await store.find('nobody', NOW)).toBeUndefined();
  });
}

function rate(storeOf: StoreOf): void {
  test('lets a connection send a burst, and then as many frames a second as the rate says', async () => {
    const alice = connection();
    const store = await storeOf(alice);
    const outcomes = async (frames: number, at: number) => {
      let taken = 0;
      while (taken < frames && (await store.touch(alice.id, at)) !== 'limited') taken++;
      return taken;
    };
    expect(await outcomes(RATE.burst + 1, NOW)).toBe(RATE.burst);
    // What is refused doesn't count.
    expect(await store.touch(alice.id, NOW + DROP_MS - 1)).toBe('limited');
    expect(await outcomes(2, NOW + DROP_MS)).toBe(1);
    expect(await outcomes(6, NOW + 6 * DROP_MS)).toBe(5);
    // A pause fills the budget, and no more than that.
    expect(await outcomes(RATE.burst + 1, NOW + 1_000_000)).toBe(RATE.burst);
  });

  test('never stops a connection that keeps to the rate', async () => {
    const alice = connection();
    const store = await storeOf(alice);
    for (let frame = 0; frame < 3 * RATE.burst; frame++) {
      const at = NOW + frame * DROP_MS;
      expect(await store.touch(alice.id, at)).toMatchObject({ id: alice.id });
    }
  });

  test('bounds what a user sends over all connections, and no other user', async () => {
    const all = Array.from({ length: 12 }, (_, n) => connection({ id: `alice-${n}=` }));
    const bob = connection({ id: 'bob=', userId: 'bob' });
    const store = await storeOf(...all, bob);
    const ROUNDS = 60;
    let sent = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const at = NOW + round * DROP_MS;
      for (const { id } of all) if ((await store.touch(id, at)) !== 'limited') sent++;
      expect(await store.touch(bob.id, at)).toMatchObject({ id: bob.id });
    }
    const budget = CONNECTIONS_AT_FULL_RATE * (RATE.burst + ROUNDS);
    // Each may go twenty beyond before it is drawn.
    expect(sent).toBeLessThanOrEqual(budget + 20 * all.length);
    expect(sent).toBeGreaterThan(budget - 20);
    expect(sent).toBeLessThan(all.length * ROUNDS);
  });

  test('stops no frame of a burst because others of it came at once', async () => {
    const alice = connection();
    const store = await storeOf(alice);
    const at = (round: number) => NOW + round * RATE.burst * DROP_MS;
    for (let round = 0; round < 12; round++) {
      const frames = Array.from({ length: RATE.burst }, () => store.touch(alice.id, at(round)));
      expect(await Promise.all(frames)).not.toContain('limited');
    }
  });

  test('counts frames that come at once, and each connection for itself', async () => {
    const alice = connection();
    const bob = connection({ id: 'bob=', userId: 'bob' });
    const store = await storeOf(alice, bob);
    const outcomes = await Promise.all(
      Array.from({ length: RATE.burst + 3 }, () => store.touch(alice.id, NOW)),
    );
    expect(outcomes.filter((outcome) => outcome === 'limited')).toHaveLength(3);
    expect(await store.touch(bob.id, NOW)).toMatchObject({ id: bob.id });
  });
}

function expiry(storeOf: StoreOf): void {
  test('does not know a connection that has expired, though its rows are there', async () => {
    const alice = connection();
    const store = await storeOf(alice);
    expect(await ids(store, 'lobby', LATER - 1)).toEqual([alice.id]);
    expect(await store.ofUser('alice', LATER - 1)).toHaveLength(1);
    expect(await store.touch(alice.id, LATER - 1)).toMatchObject({ id: alice.id });

    expect(await ids(store, 'lobby', LATER)).toEqual([]);
    expect(await store.ofUser('alice', LATER)).toEqual([]);
    expect(await store.touch(alice.id, LATER)).toBe('gone');
  });

  test('calls a connection that sent too much gone, not limited, once it has expired', async () => {
    const alice = connection();
    const store = await storeOf(alice);
    for (let frame = 0; frame < RATE.burst; frame++) await store.touch(alice.id, LATER - 1);
    expect(await store.touch(alice.id, LATER - 1)).toBe('limited');
    expect(await store.touch(alice.id, LATER)).toBe('gone');
  });

  test('ends nothing before its time, though databases count in seconds', async () => {
    const alice = connection({ expiresAt: LATER + 1 });
    const store = await storeOf(alice);
    expect(await store.touch(alice.id, LATER)).toMatchObject({ id: alice.id });
    expect(await ids(store, 'lobby', LATER)).toEqual([alice.id]);
  });

  test('removes what has expired like anything else', async () => {
    const alice = connection({ expiresAt: NOW - 1_000_000 });
    const store = await storeOf(alice);
    await store.remove(alice.id);
    expect(await ids(store, 'lobby', NOW - 2_000_000)).toEqual([]);
    expect(await store.ofUser('alice', NOW - 2_000_000)).toEqual([]);
  });
}

function removal(storeOf: StoreOf): void {
  test('removes every row of a connection, and of no other', async () => {
    const phone = connection({ id: 'phone=' });
    const laptop = connection({ id: 'laptop=' });
    const store = await storeOf(phone, laptop);
    for (const each of [phone, laptop]) await store.join(each, 'music', 0);

    await store.remove(phone.id);
    expect(await store.touch(phone.id, NOW)).toBe('gone');
    expect(await store.touch(laptop.id, NOW)).toMatchObject({ id: laptop.id });
    expect(await ids(store, 'lobby')).toEqual([laptop.id]);
    expect(await ids(store, 'music')).toEqual([laptop.id]);
    expect(await store.ofUser('alice', NOW)).toMatchObject([{ connectionId: laptop.id }]);
  });

  test('removes nothing twice, and nobody who never came', async () => {
    const alice = connection();
    const store = await storeOf(alice);
    await store.remove('nobody');
    await store.remove('nobody', { room: 'lobby', shard: 0 });
    expect(await ids(store, 'lobby')).toEqual([alice.id]);
    await store.remove(alice.id);
    await store.remove(alice.id);
    expect(await ids(store, 'lobby')).toEqual([]);
  });

  test('removes a presence of which nothing else is left, where it was seen', async () => {
    const store = await storeOf(
      connection({ homeRoom: 'old' }),
      // The same id again: the first one's presence is nobody's now.
      connection({ homeRoom: 'new' }),
      connection({ id: 'other', userId: 'bob', homeRoom: 'old' }),
    );
    await store.remove(connection().id);
    expect(await ids(store, 'new')).toEqual([]);
    expect(await ids(store, 'old')).toEqual([connection().id, 'other']);
    await store.remove(connection().id, { room: 'old', shard: 1 });
    expect(await ids(store, 'old')).toEqual([connection().id, 'other']);
    await store.remove(connection().id, { room: 'old', shard: 0 });
    expect(await ids(store, 'old')).toEqual(['other']);
  });
}

function size(storeOf: StoreOf): void {
  test('finds everyone in a room whose presences take more than one page', async () => {
    // 2 KB a row, where a page of DynamoDB ends at 1 MB.
    const homeRoom = '🙂'.repeat(250);
    const store = await storeOf();
    const expected = Array.from({ length: 600 }, (_, n) => `${String(n).padStart(3, '0')}`);
    const idOf = (number: string) => number + 'x'.repeat(950);
    await forEachParallel(expected, 20, async (number) => {
      await store.add(connection({ id: idOf(number), userId: number, homeRoom }));
    });
    expect(await ids(store, homeRoom)).toEqual(expected.map(idOf));
  });
}

async function presences(
  store: ConnectionStore,
  room: string,
  now = NOW,
  shard = 0,
): Promise<Presence[]> {
  const all: Presence[] = [];
  for await (const page of store.inShard(room, shard, now)) all.push(...page);
  return all;
}

async function ids(store: ConnectionStore, room: string, now = NOW, shard = 0): Promise<string[]> {
  return (await presences(store, room, now, shard)).map(({ connectionId }) => connectionId).sort();
}

/** Ids in the list of a minute. */
async function expiring(store: ConnectionStore, at: number): Promise<string[]> {
  const all: string[] = [];
  for await (const page of store.expiringAt(at)) all.push(...page);
  return all.sort();
}

async function roomsOf(store: ConnectionStore, { id }: Connection): Promise<string[]> {
  const found = await store.find(id, NOW);
  return found ? [...found.rooms.keys()].sort() : ['gone'];
}
