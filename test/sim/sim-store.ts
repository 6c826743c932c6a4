import type { CachedRoom, OutboxEntry, Store } from '../../client/store.ts';
import { strikes, type World } from './world.ts';

/** The longest that one write takes. */
export const WRITE_MS = 5;

/**
 * What a tab keeps on its disk. A write takes a moment; whoever is reloaded before it is done has
 * not written.
 */
export class SimStore {
  readonly #world: World;
  readonly #outbox = new Map<string, OutboxEntry>();
  readonly #rooms = new Map<string, CachedRoom>();

  constructor(world: World) {
    this.#world = world;
  }

  roomUpTo(room: string): number {
    return this.#rooms.get(room)?.upTo ?? 0;
  }

  /** The store, as one life of the page has it. */
  forLife(alive: () => boolean): Store {
    const outbox = this.#outbox;
    const rooms = this.#rooms;
    let last: Promise<unknown> = Promise.resolve();
    // One after the other, as in a database.
    const after = <T>(action: () => T): Promise<T> => {
      const done = last.then(() => this.#later(alive, action));
      last = done.catch(() => undefined);
      return done;
    };
    return {
      adoptOutbox: () => after(() => [...outbox.values()]),
      putOutbox: (entry) => after(() => void outbox.set(entry.clientId, entry)),
      removeOutbox: (_, clientId) =>
        after(() => {
          // A disk may fail: then a message that is stored is taken for one that is not.
          if (strikes(this.#world, 0.05)) throw new Error('The disk failed.');
          outbox.delete(clientId);
        }),
      loadRoom: (room) => after(() => rooms.get(room)),
      saveRoom: (room, cached) =>
        after(() => {
          if ((rooms.get(room)?.upTo ?? -1) < cached.upTo) rooms.set(room, cached);
        }),
      forgetRoom: (room) => after(() => void rooms.delete(room)),
      clear: () => after(() => outbox.clear()),
      close: async () => undefined,
    };
  }

  #later<T>(alive: () => boolean, action: () => T): Promise<T> {
    const { timeline, random } = this.#world;
    return new Promise((resolve, reject) => {
      timeline.in(random.between(0, WRITE_MS), () => {
        if (!alive()) return;
        try {
          resolve(action());
        } catch (failure) {
          reject(failure);
        }
      });
    });
  }
}
