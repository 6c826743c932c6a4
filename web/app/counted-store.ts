import type { OutboxEntry, Store } from '../../client/store.ts';

export interface CountedStore {
  readonly store: Store;
  /** How many messages of this tab wait in it: on their way, for a connection, or refused. */
  readonly unsent: () => number;
}

/** A store of which one can ask what would be lost with it. */
export function countedStore(store: Store): CountedStore {
  const waiting = new Set<string>();
  const keyOf = ({ room, clientId }: Pick<OutboxEntry, 'room' | 'clientId'>) =>
    `${room}:${clientId}`;
  const counted: Store = {
    async adoptOutbox() {
      const entries = await store.adoptOutbox();
      for (const entry of entries) waiting.add(keyOf(entry));
      return entries;
    },
    putOutbox(entry) {
      waiting.add(keyOf(entry));
      return store.putOutbox(entry);
    },
    removeOutbox(room, clientId) {
      waiting.delete(keyOf({ room, clientId }));
      return store.removeOutbox(room, clientId);
    },
    loadRoom: (room) => store.loadRoom(room),
    saveRoom: (room, cached) => store.saveRoom(room, cached),
    forgetRoom: (room) => store.forgetRoom(room),
    clear: () => store.clear(),
    close: () => store.close(),
  };
  return { store: counted, unsent: () => waiting.size };
}
