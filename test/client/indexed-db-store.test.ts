import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { forceCloseDatabase, IDBFactory } from 'fake-indexeddb';
import { answerOf } from '../../client/indexed-db.ts';
import { indexedDbStore } from '../../client/indexed-db-store.ts';
import type { Store } from '../../client/store.ts';
import {
  anEnd,
  anEntry,
  clientStoreContract,
  type SharedPlace,
  sharedStoreContract,
} from '../contracts/client-store.contract.ts';
import { FakeLocks } from './fake-locks.ts';

function browser(indexedDB = new IDBFactory()): SharedPlace {
  const locks = new FakeLocks();
  return {
    open: () => indexedDbStore('chat', { indexedDB, locks: locks.tab() }),
    async crash(entries) {
      const tab = locks.tab();
      const store = indexedDbStore('chat', { indexedDB, locks: tab });
      for (const entry of entries) await store.putOutbox(entry);
      tab.crash();
    },
  };
}

clientStoreContract('in IndexedDB', browser);
sharedStoreContract('in IndexedDB', browser);

/** A browser or page without Web Locks; Node has them. */
function withoutLocks(): () => Store {
  jest.replaceProperty(globalThis, 'navigator', {} as Navigator);
  const indexedDB = new IDBFactory();
  return () => indexedDbStore('chat', { indexedDB });
}

const storeIn = (indexedDB: IDBFactory) =>
  indexedDbStore('chat', { indexedDB, locks: new FakeLocks().tab() });

/** The databases that are opened, in this order. */
function watched() {
  const indexedDB = new IDBFactory();
  const open = indexedDB.open.bind(indexedDB);
  const databases: IDBDatabase[] = [];
  jest.spyOn(indexedDB, 'open').mockImplementation((...given) => {
    const request = open(...given);
    request.addEventListener('success', () => databases.push(request.result));
    return request;
  });
  return { indexedDB, databases };
}

describe('a store in IndexedDB', () => {
  afterEach(() => {
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  test('adopts all but its own entries where there are no Web Locks', async () => {
    const open = withoutLocks();
    const [first, second] = [open(), open()];
    await first.putOutbox(anEntry());
    await second.putOutbox(anEntry({ clientId: 'c-2' }));
    expect(await second.adoptOutbox()).toEqual([anEntry()]);
    expect(await second.adoptOutbox()).toEqual([]);
    expect(await first.adoptOutbox()).toHaveLength(2);
  });

  test('says store_failed where there is no IndexedDB', async () => {
    const store = indexedDbStore('chat', { locks: new FakeLocks().tab() });
    const calls = [
      store.adoptOutbox(),
      store.putOutbox(anEntry()),
      store.removeOutbox('lobby', 'c-1'),
      store.loadRoom('lobby'),
      store.saveRoom('lobby', anEnd(3)),
      store.forgetRoom('lobby'),
      store.clear(),
    ];
    for (const call of calls) await expect(call).rejects.toMatchObject({ code: 'store_failed' });
    await expect(store.close()).resolves.toBeUndefined();
  });

  test('says store_failed where it may not hold a lock, and takes one when it may', async () => {
    const locks = new FakeLocks().tab();
    jest.spyOn(locks, 'request').mockRejectedValueOnce(new Error('SecurityError'));
    const store = indexedDbStore('chat', { indexedDB: new IDBFactory(), locks });
    await expect(store.putOutbox(anEntry())).rejects.toMatchObject({ code: 'store_failed' });
    await expect(store.putOutbox(anEntry())).resolves.toBeUndefined();
  });

  test('says store_failed while another page blocks it, and works when that has gone', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask'] });
    const indexedDB = new IDBFactory();
    // A page that does not let go when it is asked to.
    const other = await answerOf(indexedDB.open('chat', 1));
    const deletion = indexedDB.deleteDatabase('chat');
    await new Promise((blocked) => {
      deletion.onblocked = blocked;
    });
    const store = storeIn(indexedDB);
    const put = store.putOutbox(anEntry());
    const refused = expect(put).rejects.toMatchObject({ code: 'store_failed' });
    await jest.advanceTimersByTimeAsync(5_000);
    await refused;

    other.close();
    await answerOf(deletion);
    await store.putOutbox(anEntry());
    await store.close();
    expect(await storeIn(indexedDB).adoptOutbox()).toEqual([anEntry()]);
    // What was opened too late was closed: nobody blocks a deletion any more.
    await answerOf(indexedDB.deleteDatabase('chat'));
  });

  test('makes room for another page that deletes the database, and opens it anew', async () => {
    const indexedDB = new IDBFactory();
    const store = storeIn(indexedDB);
    await store.saveRoom('lobby', anEnd(5));
    await answerOf(indexedDB.deleteDatabase('chat'));
    expect(await store.loadRoom('lobby')).toBeUndefined();
    await store.saveRoom('lobby', anEnd(3));
    expect(await store.loadRoom('lobby')).toEqual(anEnd(3));
  });

  test('says store_failed beside a newer version of itself', async () => {
    const indexedDB = new IDBFactory();
    (await answerOf(indexedDB.open('chat', 2))).close();
    const load = storeIn(indexedDB).loadRoom('lobby');
    await expect(load).rejects.toMatchObject({
      code: 'store_failed',
      cause: { name: 'VersionError' },
    });
  });

  test('has let go of the database when it is closed, also if it was just asked for', async () => {
    const { databases, indexedDB } = watched();
    const store = storeIn(indexedDB);
    const put = store.putOutbox(anEntry());
    await store.close();
    await put;
    expect(databases).toHaveLength(1);
    expect(() => databases[0]?.transaction('outbox')).toThrow();
  });

  test('opens the database anew after the browser closed it', async () => {
    const { databases, indexedDB } = watched();
    const store = storeIn(indexedDB);
    await store.saveRoom('lobby', anEnd(5));
    // Its types ask for the class instead of an instance.
    forceCloseDatabase(databases[0] as never);
    expect(await store.loadRoom('lobby')).toEqual(anEnd(5));
    expect(databases).toHaveLength(2);

    // Without a word, as Safari does behind the lock screen.
    databases[1]?.close();
    const load = store.loadRoom('lobby');
    await expect(load).rejects.toMatchObject({ code: 'store_failed' });
    expect(await store.loadRoom('lobby')).toEqual(anEnd(5));
  });

  test('says store_failed when the disk turns out to be full, and goes on after', async () => {
    const { databases, indexedDB } = watched();
    const store = storeIn(indexedDB);
    await store.saveRoom('lobby', anEnd(5));
    const [database] = databases;
    const begin = database?.transaction.bind(database);
    if (!database || !begin) throw new Error('The database was not opened.');
    jest.spyOn(database, 'transaction').mockImplementationOnce((...given) => {
      const transaction = begin(...given);
      // All requests succeed; what they changed can't be written.
      queueMicrotask(() => queueMicrotask(() => transaction.abort()));
      return transaction;
    });
    const put = store.putOutbox(anEntry());
    await expect(put).rejects.toMatchObject({ code: 'store_failed' });
    await store.putOutbox(anEntry({ clientId: 'c-2' }));
    await store.close();
    expect(await storeIn(indexedDB).adoptOutbox()).toEqual([anEntry({ clientId: 'c-2' })]);
  });

  test('skips what it can’t read', async () => {
    const indexedDB = new IDBFactory();
    const { open, crash } = browser(indexedDB);
    await crash([anEntry()]);
    await open().saveRoom('garden', anEnd(4));
    const database = await answerOf(indexedDB.open('chat', 1));
    const transaction = database.transaction(['outbox', 'rooms'], 'readwrite');
    const outbox = transaction.objectStore('outbox');
    for (const [n, value] of [7, 'x', {}, { owner: 'y', entry: { room: 'lobby' } }].entries())
      outbox.put(value, `unreadable ${n}`);
    transaction.objectStore('rooms').put({ upTo: 3, messages: [{ seq: 3 }] }, 'lobby');
    database.close();
    expect(await open().adoptOutbox()).toEqual([anEntry()]);
    expect(await open().loadRoom('lobby')).toBeUndefined();
    expect(await open().loadRoom('garden')).toEqual(anEnd(4));
  });
});
