import { describe, expect, test } from '@jest/globals';
import type { CachedRoom, OutboxEntry, Store } from '../../client/store.ts';
import type { Message } from '../../client/types.ts';

/** Where a store keeps things: a database, a folder. */
export interface StorePlace {
  /** For one client. Stores of one place share what they keep. */
  open(): Store;
}

/** A place that several clients can use at the same time. */
export interface SharedPlace extends StorePlace {
  /** A client keeps these, and ends without a word. */
  crash(entries: OutboxEntry[]): Promise<void>;
}

export const anEntry = (given: Partial<OutboxEntry> = {}): OutboxEntry => ({
  room: 'lobby',
  clientId: 'c-1',
  content: 'hello',
  after: undefined,
  createdAt: 1_763_800_000_000,
  order: 0,
  ...given,
});

const aMessage = (seq: number): Message => ({
  seq,
  id: `id-${seq}`,
  clientId: `c-${seq}`,
  sender: 'alice',
  content: `message ${seq} 👋 \u2028 "quoted"`,
  timestamp: '2026-11-22T14:14:49.614000Z',
});

export const anEnd = (upTo: number): CachedRoom => ({
  upTo,
  messages: [aMessage(upTo - 1), aMessage(upTo)],
});

/** Rooms that differ by case alone, are as long as may be, or look like something else. */
const ROOMS = ['lobby', 'Lobby', 'große_halle', '__proto__', '部'.repeat(100)];

const byId = (entries: readonly OutboxEntry[]) =>
  entries.toSorted((a, b) => (a.clientId < b.clientId ? -1 : 1));

/** @param place an empty one for each test */
export function clientStoreContract(name: string, place: () => StorePlace): void {
  describe(`a client's store ${name}`, () => {
    outbox(place);
    rooms(place);
  });
}

function outbox(place: () => StorePlace): void {
  test('has nothing in the beginning', async () => {
    const store = place().open();
    expect(await store.adoptOutbox()).toEqual([]);
    expect(await store.loadRoom('lobby')).toBeUndefined();
  });

  test('gives the next client what the one before left', async () => {
    const { open } = place();
    const entries = ROOMS.map((room, n) =>
      anEntry({ room, clientId: `c-${n}`, after: n || undefined, content: 'a\n"b" 👋\u2029' }),
    );
    const first = open();
    for (const entry of entries) await first.putOutbox(entry);
    await first.close();
    expect(byId(await open().adoptOutbox())).toEqual(entries);
  });

  test('keeps its own entries to itself', async () => {
    const store = place().open();
    await store.putOutbox(anEntry());
    expect(await store.adoptOutbox()).toEqual([]);
  });

  test('gives an adopted entry once, and again when its new owner has let go of it', async () => {
    const { open } = place();
    const first = open();
    await first.putOutbox(anEntry());
    await first.close();
    const second = open();
    expect(await second.adoptOutbox()).toEqual([anEntry()]);
    expect(await second.adoptOutbox()).toEqual([]);
    await second.close();
    expect(await open().adoptOutbox()).toEqual([anEntry()]);
  });

  test('changes an entry that it has', async () => {
    const { open } = place();
    const store = open();
    await store.putOutbox(anEntry());
    await store.putOutbox(anEntry({ after: 7 }));
    await store.close();
    expect(await open().adoptOutbox()).toEqual([anEntry({ after: 7 })]);
  });

  test('changes an entry that was adopted', async () => {
    const { open } = place();
    const first = open();
    await first.putOutbox(anEntry());
    await first.close();
    const second = open();
    await second.adoptOutbox();
    await second.putOutbox(anEntry({ after: 9 }));
    expect(await second.adoptOutbox()).toEqual([]);
    await second.close();
    expect(await open().adoptOutbox()).toEqual([anEntry({ after: 9 })]);
  });

  test('removes one entry and leaves its neighbours', async () => {
    const { open } = place();
    const store = open();
    const others = [anEntry({ room: 'Lobby' }), anEntry({ clientId: 'c-2' })];
    for (const entry of [anEntry(), ...others]) await store.putOutbox(entry);
    await store.removeOutbox('lobby', 'c-1');
    await store.close();
    expect(byId(await open().adoptOutbox())).toEqual(others);
  });

  test('removes an entry that was adopted', async () => {
    const { open } = place();
    const first = open();
    await first.putOutbox(anEntry());
    await first.close();
    const second = open();
    await second.adoptOutbox();
    await second.removeOutbox('lobby', 'c-1');
    await second.close();
    expect(await open().adoptOutbox()).toEqual([]);
  });

  test('takes the removal of what is not there', async () => {
    await expect(place().open().removeOutbox('lobby', 'nothing')).resolves.toBeUndefined();
  });

  test('does what it is asked in the order of asking, without being waited for', async () => {
    const { open } = place();
    const store = open();
    const calls = [
      store.putOutbox(anEntry()),
      store.putOutbox(anEntry({ clientId: 'c-2' })),
      store.removeOutbox('lobby', 'c-1'),
      store.putOutbox(anEntry({ clientId: 'c-2', after: 3 })),
      store.saveRoom('lobby', anEnd(9)),
      store.forgetRoom('lobby'),
      store.saveRoom('lobby', anEnd(4)),
      store.close(),
    ];
    await Promise.all(calls);
    const next = open();
    expect(await next.adoptOutbox()).toEqual([anEntry({ clientId: 'c-2', after: 3 })]);
    expect(await next.loadRoom('lobby')).toEqual(anEnd(4));
  });

  test('has kept what it was asked to keep when it is closed', async () => {
    const { open } = place();
    const store = open();
    const put = store.putOutbox(anEntry());
    await store.close();
    expect(await open().adoptOutbox()).toEqual([anEntry()]);
    await put;
  });

  test('keeps what orders two hundred entries', async () => {
    const { open } = place();
    const store = open();
    const entries = Array.from({ length: 200 }, (_, n) =>
      anEntry({
        clientId: `c-${String((n * 77) % 200).padStart(3, '0')}`,
        content: String(n),
        createdAt: 1_763_800_000_000 + Math.floor(n / 10),
        order: n % 10,
      }),
    );
    await Promise.all(entries.map((entry) => store.putOutbox(entry)));
    await store.close();
    const adopted = await open().adoptOutbox();
    const inOrder = adopted.toSorted((a, b) => a.createdAt - b.createdAt || a.order - b.order);
    expect(inOrder).toEqual(entries);
  });
}

function rooms(place: () => StorePlace): void {
  test('gives a room’s end back as it was saved, each room its own', async () => {
    const { open } = place();
    const store = open();
    for (const [n, room] of ROOMS.entries()) await store.saveRoom(room, anEnd(n + 10));
    await store.close();
    const next = open();
    for (const [n, room] of ROOMS.entries())
      expect(await next.loadRoom(room)).toEqual(anEnd(n + 10));
  });

  test('keeps an end without messages', async () => {
    const store = place().open();
    await store.saveRoom('lobby', { upTo: 0, messages: [] });
    expect(await store.loadRoom('lobby')).toEqual({ upTo: 0, messages: [] });
  });

  test('never goes back to an earlier end', async () => {
    const store = place().open();
    await store.saveRoom('lobby', anEnd(10));
    await store.saveRoom('lobby', anEnd(9));
    expect(await store.loadRoom('lobby')).toEqual(anEnd(10));
    await store.saveRoom('lobby', anEnd(11));
    expect(await store.loadRoom('lobby')).toEqual(anEnd(11));
  });

  test('replaces an end by one that reaches as far', async () => {
    const store = place().open();
    await store.saveRoom('lobby', { upTo: 10, messages: [] });
    await store.saveRoom('lobby', anEnd(10));
    expect(await store.loadRoom('lobby')).toEqual(anEnd(10));
  });

  test('begins anew in a room that was forgotten, and only there', async () => {
    const store = place().open();
    for (const room of ['lobby', 'garden']) await store.saveRoom(room, anEnd(10));
    await store.forgetRoom('lobby');
    await store.forgetRoom('never-seen');
    expect(await store.loadRoom('lobby')).toBeUndefined();
    expect(await store.loadRoom('garden')).toEqual(anEnd(10));
    await store.saveRoom('lobby', anEnd(5));
    expect(await store.loadRoom('lobby')).toEqual(anEnd(5));
  });

  test('forgets everything when it is cleared, and goes on', async () => {
    const { open } = place();
    const before = open();
    await before.putOutbox(anEntry());
    await before.close();
    const store = open();
    await store.putOutbox(anEntry({ clientId: 'c-2' }));
    await store.saveRoom('lobby', anEnd(10));
    await store.clear();
    expect(await store.loadRoom('lobby')).toBeUndefined();
    expect(await store.adoptOutbox()).toEqual([]);
    await store.putOutbox(anEntry({ clientId: 'c-3' }));
    await store.close();
    expect(await open().adoptOutbox()).toEqual([anEntry({ clientId: 'c-3' })]);
  });

  test('may be used again after it was closed, as another client', async () => {
    const store = place().open();
    await store.saveRoom('lobby', anEnd(10));
    await store.putOutbox(anEntry());
    await store.close();
    await store.close();
    expect(await store.loadRoom('lobby')).toEqual(anEnd(10));
    expect(await store.adoptOutbox()).toEqual([anEntry()]);
  });
}

/** @param place an empty one for each test */
export function sharedStoreContract(name: string, place: () => SharedPlace): void {
  describe(`a client's store ${name}, shared`, () => {
    test('leaves a living client what it has', async () => {
      const { open } = place();
      const [first, second] = [open(), open()];
      await first.putOutbox(anEntry());
      expect(await second.adoptOutbox()).toEqual([]);
      await first.putOutbox(anEntry({ after: 3 }));
      await first.close();
      expect(await second.adoptOutbox()).toEqual([anEntry({ after: 3 })]);
    });

    test('leaves a living client what that one adopted', async () => {
      const { open, crash } = place();
      await crash([anEntry()]);
      const [first, second] = [open(), open()];
      expect(await first.adoptOutbox()).toEqual([anEntry()]);
      expect(await second.adoptOutbox()).toEqual([]);
    });

    test('gives what a crashed client left', async () => {
      const { open, crash } = place();
      const entries = [anEntry(), anEntry({ clientId: 'c-2' }), anEntry({ room: 'x', after: 4 })];
      await crash(entries.slice(0, 2));
      await crash(entries.slice(2));
      const adopted = await open().adoptOutbox();
      expect(adopted).toHaveLength(3);
      expect(adopted).toEqual(expect.arrayContaining(entries));
    });

    test('gives each entry to one of several clients who ask at once', async () => {
      const { open, crash } = place();
      const entries = Array.from({ length: 40 }, (_, n) => anEntry({ clientId: `c-${n + 10}` }));
      await crash(entries);
      const adopted = await Promise.all(
        Array.from({ length: 5 }, async () => {
          const store = open();
          const given = await store.adoptOutbox();
          // What is written while others still ask is not theirs either.
          await store.putOutbox(anEntry({ clientId: `own-${crypto.randomUUID()}` }));
          return [...given, ...(await store.adoptOutbox())];
        }),
      );
      expect(byId(adopted.flat())).toEqual(entries);
    });

    test('of ends that are saved at once keeps the furthest', async () => {
      const { open } = place();
      const stores = [open(), open(), open()];
      const ends = Array.from({ length: 30 }, (_, n) => anEnd(((n * 7) % 30) + 2));
      await Promise.all(ends.map((end, n) => stores[n % stores.length]?.saveRoom('lobby', end)));
      for (const store of [...stores, open()])
        expect(await store.loadRoom('lobby')).toEqual(anEnd(31));
    });

    test('clears what others have, too', async () => {
      const { open } = place();
      const [first, second] = [open(), open()];
      await first.putOutbox(anEntry());
      await first.saveRoom('lobby', anEnd(5));
      await second.clear();
      await first.close();
      expect(await second.adoptOutbox()).toEqual([]);
      expect(await second.loadRoom('lobby')).toBeUndefined();
    });
  });
}
