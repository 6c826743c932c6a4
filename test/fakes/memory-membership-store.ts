import type { MembershipStore } from '../../lambdas/chat/ports/membership-store.ts';

/** A user's visits of rooms, up to where he read them, and those that he was removed from. */
interface Memberships {
  visits: Map<string, number>;
  reads: Map<string, number>;
  removed: Set<string>;
}

/** Memberships in memory. */
export function memoryMembershipStore(): MembershipStore {
  const users = new Map<string, Memberships>();

  function of(userId: string): Memberships {
    const memberships = users.get(userId) ?? {
      visits: new Map(),
      reads: new Map(),
      removed: new Set(),
    };
    users.set(userId, memberships);
    return memberships;
  }

  return {
    async visit(userId, room, at) {
      const { visits, removed } = of(userId);
      if (removed.has(room)) return 'removed';
      visits.set(room, Math.max(visits.get(room) ?? at, at));
      return 'visited';
    },

    async visitFirst(userId, room, at) {
      const { visits, removed } = of(userId);
      if (removed.has(room)) return 'removed';
      visits.set(room, visits.get(room) ?? at);
      return 'visited';
    },

    async find(userId, room) {
      const { reads, removed } = of(userId);
      return { read: reads.get(room) ?? 0, removed: removed.has(room) };
    },

    async markRead(userId, room, seq, at) {
      const { visits, reads, removed } = of(userId);
      if (removed.has(room)) return 'removed';
      const read = Math.max(reads.get(room) ?? seq, seq);
      reads.set(room, read);
      visits.set(room, visits.get(room) ?? at);
      return read;
    },

    async forget(userId, room) {
      const { visits, reads } = of(userId);
      visits.delete(room);
      reads.delete(room);
    },

    async isRemoved(userId, room) {
      return of(userId).removed.has(room);
    },

    async setRemoved(userId, room, isRemoved) {
      const { removed } = of(userId);
      if (isRemoved) removed.add(room);
      else removed.delete(room);
    },

    async visits(userId, limit, after) {
      const sorted = [...of(userId).visits]
        .map(([room, at]) => ({ room, at }))
        .sort((a, b) => b.at - a.at || (a.room < b.room ? -1 : 1));
      const rest = sorted.filter(
        ({ room, at }) => !after || at < after.at || (at === after.at && room > after.room),
      );
      return rest.slice(0, limit);
    },
  };
}
