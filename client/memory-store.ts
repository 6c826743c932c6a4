import type { CachedRoom, OutboxEntry, Store } from './store.ts';

/**
 * Keeps everything in memory: what was not sent when the page or process ends is lost. A store
 * that was closed may be used by the next client, which adopts what the one before left.
 */
export function memoryStore(): Store {
  const outbox = new Map<string, OutboxEntry>();
  const rooms = new Map<string, CachedRoom>();
  /** Keys of the entries of clients that let go of them. */
  const left = new Set<string>();

  return {
    async adoptOutbox() {
      const adopted = [...outbox].flatMap(([key, entry]) => (left.has(key) ? [entry] : []));
      left.clear();
      return adopted;
    },
    async putOutbox(entry) {
      outbox.set(keyOf(entry.room, entry.clientId), entry);
    },
    async removeOutbox(room, clientId) {
      outbox.delete(keyOf(room, clientId));
    },
    async loadRoom(room) {
      return rooms.get(room);
    },
    async saveRoom(room, cached) {
      if (cached.upTo >= (rooms.get(room)?.upTo ?? 0)) rooms.set(room, cached);
    },
    async forgetRoom(room) {
      rooms.delete(room);
    },
    async clear() {
      outbox.clear();
      left.clear();
      rooms.clear();
    },
    async close() {
      for (const key of outbox.keys()) left.add(key);
    },
  };
}

const keyOf = (room: string, clientId: string) => JSON.stringify([room, clientId]);
