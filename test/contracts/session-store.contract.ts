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

    test('keeps the epoch that a login began in', async () => {
      const store = await opened();
      await store.open({ ...session, id: 'later', epoch: 3 });
      expect(await store.find('later', NOW)).toMatchObject({ epoch: 3 });
      expect(await store.rotate('later', 'a', 'b', LATER, NOW)).toMatchObject({ epoch: 3 });
    });

    test('finds a session by its id', async () => {
      const store = await opened();
      expect(await store.find('s', NOW)).toEqual(session);
      expect(await store.find('no session', NOW)).toBeUndefined();
    });

    test('makes the next token the newest, and remembers which it replaced, and when', async () => {
      const store = await opened();
      const rotated = { ...session, current: 'b', previous: 'a', rotatedAt: NOW + 1 };
      expect(await store.rotate('s', 'a', 'b', LATER, NOW + 1)).toEqual(rotated);
      expect(await store.find('s', NOW)).toEqual(rotated);
      const again = { ...session, current: 'c', previous: 'b', rotatedAt: NOW + 2 };
      expect(await store.rotate('s', 'b', 'c', LATER, NOW + 2)).toEqual(again);
    });

    test('leaves a session as it is for a token that is not the newest, and tells how it is', async () => {
      const store = await opened();
      const rotated = await store.rotate('s', 'a', 'b', LATER, NOW);
      expect(await store.rotate('s', 'a', 'c', LATER + 60_000, NOW + 1)).toEqual(rotated);
      expect(await store.rotate('no session', 'a', 'c', LATER, NOW)).toBeUndefined();
      expect(await store.find('s', NOW)).toEqual(rotated);
    });

    test('lets one of fifty rotate who try at once, and tells all of that one', async () => {
      const store = await opened();
      const outcomes = await Promise.all(
        Array.from({ length: 50 }, (_, n) => store.rotate('s', 'a', `b${n}`, LATER, NOW + n)),
      );
      const session = await store.find('s', NOW);
      expect(session).toMatchObject({ previous: 'a', current: expect.stringMatching(/^b\d+$/) });
      for (const outcome of outcomes) expect(outcome).toEqual(session);
    });

    test('ends a session at its time, though its row is there', async () => {
      const store = await opened();
      expect(await store.find('s', LATER - 1)).toBeDefined();
      expect(await store.find('s', LATER)).toBeUndefined();
      expect(await store.rotate('s', 'a', 'b', LATER + 60_000, LATER)).toBeUndefined();
      expect(await store.find('s', LATER - 1)).toEqual(session);
    });

    test('lives on to the time that a rotation gives it', async () => {
      const store = await opened();
      await store.rotate('s', 'a', 'b', LATER + 60_000, LATER - 1);
      expect(await store.find('s', LATER + 59_999)).toBeDefined();
      expect(await store.find('s', LATER + 60_000)).toBeUndefined();
    });

    test('ends one session and no other', async () => {
      const store = await opened();
      await store.open({ ...session, id: 'other' });
      await store.end('s');
      await store.end('s');
      expect(await store.find('s', NOW)).toBeUndefined();
      expect(await store.rotate('s', 'a', 'b', LATER, NOW)).toBeUndefined();
      expect(await store.find('s', NOW)).toBeUndefined();
      expect(await store.find('other', NOW)).toMatchObject({ current: 'a' });
    });
  });
}
