import { describe, expect, test } from '@jest/globals';
import type { LoginAttemptStore } from '../../lambdas/chat/ports/account-store.ts';
import { HOSTILE_NAMES } from './hostile-names.ts';

const EXPIRES = Date.UTC(2026, 10, 23);

/** @param open an empty store for each test */
export function loginAttemptStoreContract(
  name: string,
  open: () => Promise<LoginAttemptStore>,
): void {
  describe(`a login attempt store ${name}`, () => {
    test('knows what was written last', async () => {
      const store = await open();
      expect(await store.find('alice')).toBeUndefined();
      const first = { failures: 1, blockedUntil: 10 };
      const second = { failures: 2, blockedUntil: 20 };
      expect(await store.replace('alice', undefined, first, EXPIRES)).toBe('written');
      expect(await store.find('alice')).toEqual(first);
      expect(await store.replace('alice', first, second, EXPIRES)).toBe('written');
      expect(await store.find('alice')).toEqual(second);
    });

    test('refuses a write that is based on what has changed since', async () => {
      const store = await open();
      const first = { failures: 1, blockedUntil: 10 };
      const next = { failures: 2, blockedUntil: 20 };
      expect(await store.replace('alice', first, next, EXPIRES)).toBe('raced');
      await store.replace('alice', undefined, first, EXPIRES);
      expect(await store.replace('alice', undefined, next, EXPIRES)).toBe('raced');
      const other = { failures: 1, blockedUntil: 11 };
      expect(await store.replace('alice', other, next, EXPIRES)).toBe('raced');
      const another = { failures: 3, blockedUntil: 10 };
      expect(await store.replace('alice', another, next, EXPIRES)).toBe('raced');
      expect(await store.find('alice')).toEqual(first);
    });

    test('lets one of twenty through who write at once, twice', async () => {
      const store = await open();
      let seen: { failures: number; blockedUntil: number } | undefined;
      for (const failures of [1, 2]) {
        const outcomes = await Promise.all(
          Array.from({ length: 20 }, (_, n) =>
            store.replace('alice', seen, { failures, blockedUntil: n }, EXPIRES),
          ),
        );
        expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1);
        seen = await store.find('alice');
        expect(seen).toEqual({ failures, blockedUntil: outcomes.indexOf('written') });
      }
    });

    test('forgets one name and no other', async () => {
      const store = await open();
      const attempts = { failures: 1, blockedUntil: 10 };
      for (const id of HOSTILE_NAMES) {
        expect(await store.replace(id, undefined, attempts, EXPIRES)).toBe('written');
      }
      await store.clear('a#b');
      await store.clear('nobody');
      for (const id of HOSTILE_NAMES) {
        expect(await store.find(id)).toEqual(id === 'a#b' ? undefined : attempts);
      }
      expect(await store.replace('a#b', undefined, attempts, EXPIRES)).toBe('written');
    });
  });
}
