import { ParlorClientError } from './errors.ts';
import { inTime } from './in-time.ts';
import type { Surroundings } from './options.ts';
import type { Store } from './store.ts';
import { storeFailed } from './store-failed.ts';

/**
 * Asks something of the store. Where that fails, it is told, and bridged: the client goes on from
 * memory, and what it keeps is lost when it ends.
 *
 * @returns undefined when it failed
 */
export type WithStore = <T>(ask: (store: Store) => Promise<T>) => Promise<T | undefined>;

/** A store that does not answer in time has failed. */
export function withStore(
  store: Store,
  surroundings: Surroundings,
  failed: (error: ParlorClientError) => void,
): WithStore {
  return async (ask) => {
    try {
      return await inTime(surroundings, ask(store));
    } catch (error) {
      failed(error instanceof ParlorClientError ? error : storeFailed(error));
      return undefined;
    }
  };
}
