import type { Session, SessionStore } from '../../lambdas/chat/ports/session-store.ts';

/** Sessions in memory. Nothing is deleted because it has expired. */
export function memorySessionStore(): SessionStore {
  const sessions = new Map<string, Session>();
  function keep(session: Session): Session {
    // The table's expiry counts in seconds, rounded up.
    const kept = { ...session, expiresAt: Math.ceil(session.expiresAt / 1_000) * 1_000 };
    sessions.set(session.id, kept);
    return { ...kept };
  }
  async function find(id: string, now: number): Promise<Session | undefined> {
    const session = sessions.get(id);
    return session && session.expiresAt > now ? { ...session } : undefined;
  }
  return {
    async open(session) {
      keep(session);
    },
    find,
    async rotate(id, from, to, expiresAt, now) {
      const session = sessions.get(id);
      if (session?.current !== from || session.expiresAt <= now) return await find(id, now);
      return keep({ ...session, current: to, previous: from, rotatedAt: now, expiresAt });
    },
    async end(id) {
      sessions.delete(id);
    },
  };
}
