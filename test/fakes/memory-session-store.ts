import type { Session, SessionStore } from '../../lambdas/chat/ports/session-store.ts';

/** Sessions in memory. Nothing is deleted because it has expired. */
export function memorySessionStore(): SessionStore {
  const sessions = new Map<string, Session>();
  return {
    async open(session) {
      sessions.set(session.id, { ...session });
    },
    async openUntil(id, now) {
      const session = sessions.get(id);
      return session && ends(session) > now ? ends(session) : undefined;
    },
    async isCurrent(id, current, now) {
      const session = sessions.get(id);
      return session?.current === current && ends(session) > now;
    },
    async rotate(id, from, to, expiresAt, now) {
      const session = sessions.get(id);
      if (session?.current === from && ends(session) > now) {
        sessions.set(id, { ...session, current: to, expiresAt });
        return 'rotated';
      }
      // The same write, tried again, is the one that won.
      return session?.current === to ? 'rotated' : 'stale';
    },
    async end(id) {
      sessions.delete(id);
    },
  };
}

/** The table's expiry counts in seconds, rounded up. */
const ends = ({ expiresAt }: Session) => Math.ceil(expiresAt / 1_000) * 1_000;
