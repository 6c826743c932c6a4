import type { Inbox, LeftDraft } from '../../lambdas/chat/ports/inbox.ts';

/** Inboxes in memory. */
export function memoryInbox(): Inbox {
  const rooms = new Map<string, Map<string, LeftDraft>>();
  const draftsOf = (room: string) => rooms.get(room) ?? new Map<string, LeftDraft>();

  return {
    async leave(draft) {
      rooms.set(draft.room, draftsOf(draft.room).set(draft.id, { ...draft }));
    },

    async read(room, limit) {
      return [...draftsOf(room).values()]
        .sort((a, b) => a.leftAt - b.leftAt)
        .slice(0, limit)
        .map((draft) => ({ ...draft }));
    },

    async remove(drafts) {
      for (const { room, id } of drafts) draftsOf(room).delete(id);
    },
  };
}
