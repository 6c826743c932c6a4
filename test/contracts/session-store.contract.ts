import { describe, expect, test } from '@jest/globals';
import type { SessionStore } from '../../lambdas/chat/ports/session-store.ts';

/** Whole seconds, in which databases count expiry. */
const NOW = Date.UTC(2026, 10, 22, 10, 54, 1);
const LATER = NOW + 60_000;
const session = { id: 's', userId: 'alice', current: 'a', expiresAt: LATER };

/** @param open an empty store for each test */
export function sessionStoreContract(name: string, open: () => Promise<SessionStore>): void {
  describe(`a session store ${name}`, () => {
    async function opened(): Promise<SessionStore> {
      const store = await open();
      await store.open(session);
      return store;
    }

    test('knows the one token that is good', async () => {
      const store = await opened();
      expect(await store.isCurrent('s', 'a', NOW)).toBe(true);
      expect(await store.isCurrent('s', 'b', NOW)).toBe(false);
      expect(await store.isCurrent('no session', 'a', NOW)).toBe(false);
    });

    test('knows whether a session is open, whichever its token', async () => {
      const store = await opened();
      expect(await store.openUntil('s', LATER - 1)).toBe(LATER);
      expect(await store.openUntil('s', LATER)).toBeUndefined();
      expect(await store.openUntil('no session', NOW)).toBeUndefined();
      await store.rotate('s', 'a', 'b', LATER, NOW);
      expect(await store.openUntil('s', NOW)).toBe(LATER);
      await store.end('s');
      expect(await store.openUntil('s', NOW)).toBeUndefined();
    });

    test('makes the next token the good one', async () => {
      const store = await opened();
      expect(await store.rotate('s', 'a', 'b', LATER, NOW)).toBe('rotated');
      expect(await store.isCurrent('s', 'a', NOW)).toBe(false);
      expect(await store.isCurrent('s', 'b', NOW)).toBe(true);
    });

    test('refuses a token that is not the good one', async () => {
      const store = await opened();
      await store.rotate('s', 'a', 'b', LATER, NOW);
      expect(await store.rotate('s', 'a', 'c', LATER, NOW)).toBe('stale');
      expect(await store.rotate('no session', 'a', 'c', LATER, NOW)).toBe('stale');
      expect(await store.isCurrent('s', 'b', NOW)).toBe(true);
    });

    test('lets one of fifty rotate who try at once', async () => {
      const store = await opened();
      const outcomes = await Promise.all(
        Array.from({ length: 50 }, (_, n) => store.rotate('s', 'a', `b${n}`, LATER, NOW)),
      );
      expect(outcomes.filter((outcome) => outcome === 'rotated')).toHaveLength(1);
      expect(await store.isCurrent('s', `b${outcomes.indexOf('rotated')}`, NOW)).toBe(true);
    });

    test('answers a rotation that is tried again like the first', async () => {
      const store = await opened();
      await store.rotate('s', 'a', 'b', LATER, NOW);
      expect(await store.rotate('s', 'a', 'b', LATER, NOW)).toBe('rotated');
    });

    test('ends a session at its time, though its row is there', async () => {
      const store = await opened();
      expect(await store.isCurrent('s', 'a', LATER - 1)).toBe(true);
      expect(await store.isCurrent('s', 'a', LATER)).toBe(false);
      expect(await store.rotate('s', 'a', 'b', LATER + 60_000, LATER)).toBe('stale');
      expect(await store.isCurrent('s', 'a', LATER - 1)).toBe(true);
    });

    test('lives on to the time that a rotation gives it', async () => {
      const store = await opened();
      await store.rotate('s', 'a', 'b', LATER + 60_000, LATER - 1);
      expect(await store.isCurrent('s', 'b', LATER + 59_999)).toBe(true);
      expect(await store.isCurrent('s', 'b', LATER + 60_000)).toBe(false);
    });

    test('ends one session and no other', async () => {
      const store = await opened();
      await store.open({ ...session, id: 'other' });
      await store.end('s');
      await store.end('s');
      expect(await store.isCurrent('s', 'a', NOW)).toBe(false);
      expect(await store.rotate('s', 'a', 'b', LATER, NOW)).toBe('stale');
      expect(await store.isCurrent('s', 'b', NOW)).toBe(false);
      expect(await store.isCurrent('other', 'a', NOW)).toBe(true);
    });
  });
}
