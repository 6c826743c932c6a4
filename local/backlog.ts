import type { Inbox, QueuedDraft } from '../lambdas/chat/ports/inbox.ts';

/** Drafts are put in the log within a fraction of this, where there is time for it. */
const LATE_MS = 1_000;

/**
 * The messages that wait in rooms' inboxes: answered with `waiting`, their calls have ended, and the
 * work is yet to be done. Where it is late, no more than a trickle is to come, which keeps it going.
 */
export class Backlog {
  readonly #now: () => number;
  /** By room: when each was left, the oldest first. */
  readonly #left = new Map<string, Map<string, number>>();

  /** @param now milliseconds since 1970 */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  isLate(room: string): boolean {
    const [oldest] = this.#left.get(room)?.values() ?? [];
    return oldest !== undefined && this.#now() - oldest > LATE_MS;
  }

  /** Services whose drafts are counted. */
  watch<Services extends { inbox: Inbox }>(services: Services): Services {
    const { inbox } = services;
    return {
      ...services,
      inbox: {
        ...inbox,
        enqueue: async (draft) => {
          await inbox.enqueue(draft);
          this.#add(draft);
        },
        remove: async (drafts) => {
          await inbox.remove(drafts);
          for (const draft of drafts) this.#remove(draft);
        },
      },
    };
  }

  #add({ room, id, leftAt }: QueuedDraft): void {
    const left = this.#left.get(room) ?? new Map<string, number>();
    this.#left.set(room, left.set(id, leftAt));
  }

  #remove({ room, id }: QueuedDraft): void {
    const left = this.#left.get(room);
    left?.delete(id);
    if (left?.size === 0) this.#left.delete(room);
  }
}
