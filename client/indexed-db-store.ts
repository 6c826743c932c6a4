import { answerOf, Database } from './indexed-db.ts';
import { type OwnedEntry, parseCachedRoom, parseOwnedEntry } from './kept.ts';
import { randomId } from './random-id.ts';
import { SignOfLife } from './sign-of-life.ts';
import type { CachedRoom, OutboxEntry, Store } from './store.ts';

export interface IndexedDbOptions {
  /** Default: the browser's own. */
  indexedDB?: IDBFactory;
  /** Default: the browser's own; pages without TLS have none. */
  locks?: LockManager;
}

/**
 * Keeps everything in the browser's IndexedDB. All tabs of a person may share it: each has the
 * entries that were written in it, and adopts those of tabs that ended.
 *
 * That a tab lives is known by a Web Lock that it holds. Where there are no Web Locks, entries are
 * adopted from living tabs as well: both then send a message, which the server stores once, for it
 * has one `clientId`.
 *
 * Every method throws ParlorClientError `store_failed` when the browser refuses; the next call
 * opens the database again. Calls take effect in the order in which they are made. A store that
 * was closed may be used by the next client.
 *
 * @param name of the database: one for each person and chat
 */
export function indexedDbStore(name: string, options: IndexedDbOptions = {}): Store {
  return new IndexedDbStore(name, options);
}

class IndexedDbStore implements Store {
  readonly #database: Database;
  readonly #newLife: () => SignOfLife;
  #life: SignOfLife;

  constructor(name: string, { indexedDB, locks }: IndexedDbOptions) {
    this.#database = new Database(name, [OUTBOX, ROOMS], () => indexedDB ?? globalThis.indexedDB);
    this.#newLife = () => new SignOfLife(`${name}:`, randomId(), locks ?? browserLocks());
    this.#life = this.#newLife();
  }

  async adoptOutbox(): Promise<OutboxEntry[]> {
    const life = this.#life;
    const kept = await this.#transaction('readonly', (outbox) => readOutbox(outbox));
    // Asked for after the entries were read: an owner writes only while it lives, and dies for good.
    const dead = await life.deadOf(kept.map(({ owner }) => owner));
    if (dead.size === 0) return [];
    return await this.#transaction('readwrite', async (outbox) => {
      // Of those whom somebody else adopted meanwhile, the owner is another one now.
      const orphans = (await readOutbox(outbox)).filter(({ owner }) => dead.has(owner));
      for (const { entry } of orphans) write(outbox, { owner: life.owner, entry });
      return orphans.map(({ entry }) => entry);
    });
  }

  async putOutbox(entry: OutboxEntry): Promise<void> {
    const { owner } = this.#life;
    await this.#transaction('readwrite', (outbox) => write(outbox, { owner, entry }));
  }

  async removeOutbox(room: string, clientId: string): Promise<void> {
    await this.#transaction('readwrite', (outbox) => void outbox.delete([room, clientId]));
  }

  async loadRoom(room: string): Promise<CachedRoom | undefined> {
    return await this.#transaction('readonly', (_outbox, rooms) => readRoom(rooms, room));
  }

  async saveRoom(room: string, cached: CachedRoom): Promise<void> {
    await this.#transaction('readwrite', async (_outbox, rooms) => {
      const kept = await readRoom(rooms, room);
      if (cached.upTo >= (kept?.upTo ?? 0)) rooms.put(cached, room);
    });
  }

  async forgetRoom(room: string): Promise<void> {
    await this.#transaction('readwrite', (_outbox, rooms) => void rooms.delete(room));
  }

  async clear(): Promise<void> {
    await this.#transaction('readwrite', (outbox, rooms) => {
      outbox.clear();
      rooms.clear();
    });
  }

  async close(): Promise<void> {
    const life = this.#life;
    this.#life = this.#newLife();
    await life.begun;
    await this.#database.close();
    life.end();
  }

  async #transaction<T>(
    mode: IDBTransactionMode,
    work: (outbox: IDBObjectStore, rooms: IDBObjectStore) => Promise<T> | T,
  ): Promise<T> {
    await this.#life.begin();
    return await this.#database.transaction(mode, (transaction) =>
      work(transaction.objectStore(OUTBOX), transaction.objectStore(ROOMS)),
    );
  }
}

const OUTBOX = 'outbox';
const ROOMS = 'rooms';

/** Undefined in pages without TLS, whatever the types say. */
const browserLocks = (): LockManager | undefined => {
  const locks: Partial<LockManager> | undefined = globalThis.navigator?.locks;
  return locks?.request && locks.query ? (locks as LockManager) : undefined;
};

async function readOutbox(outbox: IDBObjectStore): Promise<OwnedEntry[]> {
  const values = await answerOf<unknown[]>(outbox.getAll());
  return values.flatMap((value) => parseOwnedEntry(value) ?? []);
}

function write(outbox: IDBObjectStore, owned: OwnedEntry): void {
  outbox.put(owned, [owned.entry.room, owned.entry.clientId]);
}

async function readRoom(rooms: IDBObjectStore, room: string): Promise<CachedRoom | undefined> {
  return parseCachedRoom(await answerOf<unknown>(rooms.get(room)));
}
