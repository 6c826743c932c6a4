import { ParlorClientError } from './errors.ts';
import type { Store } from './store.ts';
import { storeFailed } from './store-failed.ts';

/**
 * A store whose failures are told and then bridged: the client goes on from memory, and what it
 * keeps is lost when it ends. One that does not answer has failed.
 *
 * @param inTime fails when an answer takes too long
 */
export function safeStore(
  store: Store,
  inTime: <T>(answer: Promise<T>) => Promise<T>,
  failed: (error: ParlorClientError) => void,
): Store {
  async function attempt<T>(action: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await inTime(action());
    } catch (error) {
      failed(error instanceof ParlorClientError ? error : storeFailed(error));
      return otherwise;
    }
  }
  return {
    adoptOutbox: () => attempt(() => store.adoptOutbox(), []),
    putOutbox: (entry) => attempt(() => store.putOutbox(entry), undefined),
    removeOutbox: (room, clientId) => attempt(() => store.removeOutbox(room, clientId), undefined),
    loadRoom: (room) => attempt(() => store.loadRoom(room), undefined),
    saveRoom: (room, cached) => attempt(() => store.saveRoom(room, cached), undefined),
    forgetRoom: (room) => attempt(() => store.forgetRoom(room), undefined),
    clear: () => attempt(() => store.clear(), undefined),
    close: () => attempt(() => store.close(), undefined),
  };
}
