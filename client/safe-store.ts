import { ParlorClientError } from './errors.ts';
import type { Store } from './store.ts';

/**
 * A store whose failures are told and then bridged: the client goes on from memory, and what it
 * keeps is lost when it ends.
 */
export function safeStore(store: Store, failed: (error: ParlorClientError) => void): Store {
  async function attempt<T>(action: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await action();
    } catch (error) {
      failed(
        error instanceof ParlorClientError
          ? error
          : new ParlorClientError(
              'store_failed',
              'What waits to be sent can’t be kept on this device. Don’t close the page before it is sent.',
              { cause: error },
            ),
      );
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
