import type { MembershipStore } from '../../lambdas/chat/ports/membership-store.ts';

/** Visits in memory. */
export function memoryMembershipStore(): MembershipStore {
  const users = new Map<string, Map<string, number>>();
  const visitsOf = (userId: string) => users.get(userId) ?? new Map<string, number>();

  return {
    async visit(userId, room, at) {
      const visits = visitsOf(userId);
      if ((visits.get(room) ?? -1) < at) users.set(userId, visits.set(room, at));
    },

    async visitFirst(userId, room, at) {
      const visits = visitsOf(userId);
      if (!visits.has(room)) users.set(userId, visits.set(room, at));
    },

    async visits(userId, limit, after) {
      const sorted = [...visitsOf(userId)]
        .map(([room, at]) => ({ room, at }))
        .sort((a, b) => b.at - a.at || (a.room < b.room ? -1 : 1));
      const rest = sorted.filter(
        ({ room, at }) => !after || at < after.at || (at === after.at && room > after.room),
      );
      return rest.slice(0, limit);
    },
  };
}
