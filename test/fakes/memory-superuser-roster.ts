import type { SuperuserRoster } from '../../lambdas/chat/ports/superuser-roster.ts';

/** Superusers in memory. */
export function memorySuperuserRoster(): SuperuserRoster {
  const ids = new Set<string>();
  return {
    async enlist(id) {
      ids.add(id);
    },
    async retire(id) {
      if (ids.has(id) && ids.size === 1) return 'last';
      ids.delete(id);
      return 'retired';
    },
  };
}
