import { describe, expect, test } from '@jest/globals';
import type { LoginAttemptStore } from '../../lambdas/chat/ports/account-store.ts';
import { HOSTILE_NAMES } from './hostile-names.ts';

const EXPIRES = Date.UTC(2026, 10, 23);
const ALICE = { userId: 'alice', of: 'from 192.0.2.7' };

/** @param open an empty store for each test */
export function loginAttemptStoreContract(
  name: string,
  open: () => Promise<LoginAttemptStore>,
): void {
  describe(`a login attempt store ${name}`, () => {
    test('knows what was written last', async () => {
      const store = await open();
      expect(await store.find(ALICE)).toBeUndefined();
      const first = { failures: 1, blockedUntil: 10 };
      const second = { failures: 2, blockedUntil: 20 };
      expect(await store.replace(ALICE, undefined, first, EXPIRES)).toBe('written');
      expect(await store.find(ALICE)).toEqual(first);
      expect(await store.replace(ALICE, first, second, EXPIRES)).toBe('written');
      expect(await store.find(ALICE)).toEqual(second);
    });

    test('refuses a write that is based on what has changed since', async () => {
      const store = await open();
      const first = { failures: 1, blockedUntil: 10 };
      const next = { failures: 2, blockedUntil: 20 };
      expect(await store.replace(ALICE, first, next, EXPIRES)).toBe('raced');
      await store.replace(ALICE, undefined, first, EXPIRES);
      expect(await store.replace(ALICE, undefined, next, EXPIRES)).toBe('raced');
      const other = { failures: 1, blockedUntil: 11 };
      expect(await store.replace(ALICE, other, next, EXPIRES)).toBe('raced');
      const another = { failures: 3, blockedUntil: 10 };
      expect(await store.replace(ALICE, another, next, EXPIRES)).toBe('raced');
      expect(await store.find(ALICE)).toEqual(first);
    });

    test('lets one of twenty through who write at once, twice', async () => {
      const store = await open();
      let seen: { failures: number; blockedUntil: number } | undefined;
      for (const failures of [1, 2]) {
        const outcomes = await Promise.all(
          Array.from({ length: 20 }, (_, n) =>
            store.replace(ALICE, seen, { failures, blockedUntil: n }, EXPIRES),
          ),
        );
        expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1);
        seen = await store.find(ALICE);
        expect(seen).toEqual({ failures, blockedUntil: outcomes.indexOf('written') });
      }
    });

    test('forgets one counter and no other', async () => {
      const store = await open();
      const attempts = { failures: 1, blockedUntil: 10 };
      const counters = HOSTILE_NAMES.flatMap((userId) => [
        { userId, of: 'all' },
        { userId, of: 'from 2001:db8:0:1::/64' },
      ]);
      for (const counter of counters) {
        expect(await store.replace(counter, undefined, attempts, EXPIRES)).toBe('written');
      }
      const forgotten = { userId: 'a#b', of: 'all' };
      await store.clear(forgotten);
      await store.clear({ userId: 'nobody', of: 'all' });
      for (const counter of counters) {
        const isForgotten = counter.userId === 'a#b' && counter.of === 'all';
        expect(await store.find(counter)).toEqual(isForgotten ? undefined : attempts);
      }
      expect(await store.replace(forgotten, undefined, attempts, EXPIRES)).toBe('written');
    });

    test('keeps whose turn it is, and forgets it with the next attempt', async () => {
      const store = await open();
      const waiting = { failures: 1, blockedUntil: 10, hasTurn: true };
      const next = { failures: 2, blockedUntil: 20 };
      await store.replace(ALICE, undefined, waiting, EXPIRES);
      expect(await store.find(ALICE)).toEqual(waiting);
      await store.replace(ALICE, waiting, next, EXPIRES);
      expect(await store.find(ALICE)).toEqual(next);
    });
  });
}
