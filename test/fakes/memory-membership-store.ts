import type { MembershipStore } from '../../lambdas/chat/ports/membership-store.ts';

/** A user's visits of rooms, and the rooms that he was removed from. */
interface Memberships {
  visits: Map<string, number>;
  removed: Set<string>;
}

/** Memberships in memory. */
export function memoryMembershipStore(): MembershipStore {
  const users = new Map<string, Memberships>();

  function of(userId: string): Memberships {
    const memberships = users.get(userId) ?? { visits: new Map(), removed: new Set() };
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
