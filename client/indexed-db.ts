import { storeFailed } from './store-failed.ts';

/** Milliseconds after which a database that does not open has failed. */
const PATIENCE = 5_000;

/** An IndexedDB database that is opened when it is needed, and anew after it failed. */
export class Database {
  readonly #name: string;
  readonly #stores: readonly string[];
  readonly #factory: () => IDBFactory;
  #opening: Promise<IDBDatabase> | undefined;

  /** @param stores made in a new database: they have no keys of their own */
  constructor(name: string, stores: readonly string[], factory: () => IDBFactory) {
    this.#name = name;
    this.#stores = stores;
    this.#factory = factory;
  }

  /**
   * One transaction over all stores. Transactions run in the order of the calls.
   *
   * @param work makes requests, and waits for nothing else
   * @returns what `work` returned, once all of it is kept
   * @throws ParlorClientError `store_failed`
   */
  async transaction<T>(
    mode: IDBTransactionMode,
    work: (transaction: IDBTransaction) => Promise<T> | T,
  ): Promise<T> {
    this.#opening ??= this.#open();
    const opening = this.#opening;
    try {
      const transaction = (await opening).transaction(this.#stores, mode);
      const [result] = await Promise.all([work(transaction), kept(transaction)]);
      return result;
    } catch (error) {
      this.#forget(opening);
      throw storeFailed(error);
    }
  }

  /** What was begun is finished; the next transaction opens the database again. */
  async close(): Promise<void> {
    const opening = this.#opening;
    if (!opening) return;
    // Whoever came before waits for the same promise, and goes first.
    await opening.catch(() => {});
    this.#forget(opening);
  }

  #forget(opening: Promise<IDBDatabase>): void {
    if (this.#opening === opening) this.#opening = undefined;
    opening.then(
      (database) => database.close(),
      // It was never open; who asked for it has been told.
      () => {},
    );
  }

  #open(): Promise<IDBDatabase> {
    const opening = new Promise<IDBDatabase>((resolve, reject) => {
      const request = this.#factory().open(this.#name, 1);
      // Another page may hold the database and not let go; some browsers forget to answer.
      const patience = setTimeout(() => {
        reject(new Error(`The database did not open within ${PATIENCE} ms.`));
        // It may come in the end, when nobody waits for it.
        request.onsuccess = () => request.result.close();
      }, PATIENCE);
      request.onupgradeneeded = () => {
        for (const store of this.#stores) request.result.createObjectStore(store);
      };
      request.onerror = () => {
        clearTimeout(patience);
        reject(request.error);
      };
      request.onsuccess = () => {
        clearTimeout(patience);
        const database = request.result;
        // Somebody wants to delete or upgrade it: whoever holds it open would block them.
        database.onversionchange = () => this.#forget(opening);
        // The browser closed it: the site's data was deleted, or the disk failed.
        database.onclose = () => this.#forget(opening);
        resolve(database);
      };
    });
    return opening;
  }
}

/** What a request of a transaction gave. */
export function answerOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function kept(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    // Its requests may all have succeeded: that the disk is full may show at the end.
    transaction.onabort = () => reject(transaction.error);
  });
}
