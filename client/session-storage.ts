import type { Unsubscribe } from './emitter.ts';

/** Where a session's login is kept, for all tabs of a browser. */
export interface SessionStorageArea {
  get(): string | undefined;
  set(text: string): void;
  remove(): void;
  /** Tells of changes by others: other tabs. */
  onChange(listener: () => void): Unsubscribe;
  /** Runs one action at a time, over all tabs. */
  lock<T>(action: () => Promise<T>): Promise<T>;
}

/**
 * The browser's localStorage, and a Web Lock of the same name. Where the browser keeps nothing
 * (it is told not to, or its disk is full), the login lasts as long as the page. Where it has no
 * Web Locks (pages without TLS), only the actions of one tab wait for each other: two tabs may then
 * refresh at once, which the server answers with the same tokens.
 */
export function browserSessionStorage(key = 'parlor.session'): SessionStorageArea {
  /** What could not be kept. */
  let unkept: string | undefined;
  let last: Promise<unknown> = Promise.resolve();
  return {
    get() {
      return unkept ?? attempt(() => localStorage.getItem(key) ?? undefined);
    },
    set(text) {
      const kept = attempt(() => {
        localStorage.setItem(key, text);
        return true;
      });
      unkept = kept ? undefined : text;
    },
    remove() {
      unkept = undefined;
      attempt(() => localStorage.removeItem(key));
    },
    onChange(listener) {
      const changed = (event: StorageEvent) => {
        // No key: somebody cleared all of it.
        if (event.key === key || event.key === null) listener();
      };
      globalThis.addEventListener?.('storage', changed);
      return () => globalThis.removeEventListener?.('storage', changed);
    },
    async lock(action) {
      const locks: Partial<LockManager> | undefined = globalThis.navigator?.locks;
      if (locks?.request) return await locks.request(key, action);
      const turn = last.then(action);
      // Whoever asked is told; the next one goes on.
      last = turn.catch(() => {});
      return await turn;
    },
  };
}

/** @returns undefined where the browser refuses */
function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
