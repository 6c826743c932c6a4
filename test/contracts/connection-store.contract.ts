import { describe, expect, test } from '@jest/globals';
import type { Connection, Presence } from '../../lambdas/chat/connection.ts';
import { forEachParallel } from '../../lambdas/chat/parallel.ts';
import type { ConnectionStore } from '../../lambdas/chat/ports/connection-store.ts';
import { RATE_FRAMES, RATE_WINDOW } from '../../protocol/limits.ts';
import { aConnection } from '../fakes/samples.ts';
import { HOSTILE_NAMES } from './hostile-names.ts';

/** Whole seconds, in which databases count expiry. */
const NOW = Date.UTC(2026, 10, 22, 10, 54, 1);
const LATER = NOW + 7_500_000;
const WINDOW_MS = RATE_WINDOW * 1_000;

const connection = (given: Partial<Connection> = {}) =>
  aConnection({ connectedAt: NOW, authUntil: NOW + 300_000, expiresAt: LATER, ...given });

/** @param open an empty store for each test */
export function connectionStoreContract(name: string, open: () => Promise<ConnectionStore>): void {
  describe(`a connection store ${name}`, () => {
    async function storeOf(...connections: Connection[]): Promise<ConnectionStore> {
      const store = await open();
      for (const each of connections) await store.add(each);
      return store;
    }

    comingAndGoing(storeOf);
    rate(storeOf);
    expiry(storeOf);
    removal(storeOf);
    size(storeOf);
  });
}

type StoreOf = (...connections: Connection[]) => Promise<ConnectionStore>;

function comingAndGoing(storeOf: StoreOf): void {
  test('finds a connection by itself, by its room and by its user', async () => {
    const alice = connection({ authUntil: NOW + 123_456 });
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
    await store.join(alice, 'music');
    await store.join(alice, 'music');
    expect(await ids(store, 'music')).toEqual([alice.id]);
    expect(await presences(store, 'music')).toEqual(await presences(store, 'lobby'));
    expect(await roomsOf(store, alice)).toEqual(['lobby', 'music']);
  });

  test('takes a connection out of a room, and leaving again is harmless', async () => {
    const alice = connection();
    const bob = connection({ id: 'bob=', userId: 'bob' });
    const store = await storeOf(alice, bob);
    await store.leave(alice.id, 'lobby');
    await store.leave(alice.id, 'lobby');
    await store.leave(alice.id, 'never there');
    await store.leave('nobody', 'lobby');
    expect(await ids(store, 'lobby')).toEqual([bob.id]);
    expect(await roomsOf(store, alice)).toEqual([]);
    expect(await roomsOf(store, bob)).toEqual(['lobby']);
    await store.join(alice, 'music');
    expect(await roomsOf(store, alice)).toEqual(['music']);
  });

  test('refuses a room to a connection that has ended', async () => {
    const store = await storeOf();
    const joining = store.join(connection(), 'music');
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

function rate(storeOf: StoreOf): void {
  test('lets a connection send as many frames in any ten seconds as the limit says', async () => {
    const alice = connection();
    const store = await storeOf(alice);
    for (let frame = 0; frame < RATE_FRAMES; frame++) {
      expect(await store.touch(alice.id, NOW + frame * 100)).toMatchObject({ id: alice.id });
    }
    expect(await store.touch(alice.id, NOW + 1_900)).toBe('limited');
    expect(await store.touch(alice.id, NOW + WINDOW_MS - 1)).toBe('limited');
    // The first frame leaves the window, then the second: what was refused didn't count.
    expect(await store.touch(alice.id, NOW + WINDOW_MS)).toMatchObject({ id: alice.id });
    expect(await store.touch(alice.id, NOW + WINDOW_MS + 99)).toBe('limited');
    expect(await store.touch(alice.id, NOW + WINDOW_MS + 100)).toMatchObject({ id: alice.id });
  });

  test('counts frames that come at once, and each connection for itself', async () => {
    const alice = connection();
    const bob = connection({ id: 'bob=', userId: 'bob' });
    const store = await storeOf(alice, bob);
    const outcomes = await Promise.all(
      Array.from({ length: RATE_FRAMES + 10 }, () => store.touch(alice.id, NOW)),
    );
    expect(outcomes.filter((outcome) => outcome === 'limited')).toHaveLength(10);
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
    for (let frame = 0; frame < RATE_FRAMES; frame++) await store.touch(alice.id, LATER - 1);
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
    for (const each of [phone, laptop]) await store.join(each, 'music');

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
    await store.remove('nobody', 'lobby');
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
    await store.remove(connection().id, 'old');
    expect(await ids(store, 'old')).toEqual(['other']);
  });
}

function size(storeOf: StoreOf): void {
  test('finds everyone in a room whose presences take more than one page', async () => {
    // 2 KB a row, where a page of DynamoDB ends at 1 MB.
    const homeRoom = '🙂'.repeat(80);
    const store = await storeOf();
    const expected = Array.from({ length: 600 }, (_, n) => `${String(n).padStart(3, '0')}`);
    const idOf = (number: string) => number + 'x'.repeat(950);
    await forEachParallel(expected, 50, async (number) => {
      await store.add(connection({ id: idOf(number), userId: number, homeRoom }));
    });
    expect(await ids(store, homeRoom)).toEqual(expected.map(idOf));
  });
}

async function presences(store: ConnectionStore, room: string, now = NOW): Promise<Presence[]> {
  const all: Presence[] = [];
  for await (const page of store.inRoom(room, now)) all.push(...page);
  return all;
}

async function ids(store: ConnectionStore, room: string, now = NOW): Promise<string[]> {
  return (await presences(store, room, now)).map(({ connectionId }) => connectionId).sort();
}

async function roomsOf(store: ConnectionStore, { id }: Connection): Promise<string[]> {
  const touched = await store.touch(id, NOW);
  return typeof touched === 'string' ? [touched] : [...touched.rooms].sort();
}
