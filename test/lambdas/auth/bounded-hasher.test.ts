import { describe, expect, test } from '@jest/globals';
import { boundedHasher } from '../../../lambdas/auth/bounded-hasher.ts';
import type { PasswordHasher } from '../../../lambdas/chat/ports/password.ts';
import { turn } from '../../fakes/fake-clock.ts';

/** Hashes until it is told to end, and counts how many do so. */
function slowHasher() {
  const ends: ((error?: Error) => void)[] = [];
  const started: string[] = [];
  const hasher: PasswordHasher = {
    async hash(password) {
      started.push(password);
      await new Promise<void>((resolve, reject) => {
        ends.push((error) => (error ? reject(error) : resolve()));
      });
      return `hash of ${password}`;
    },
    verify: async () => true,
    isOutdated: () => false,
  };
  return { hasher, ends, started };
}

const BOUND = { atOnce: 2, waiting: 1, longestWaitMs: 60_000 };

describe('a bounded hasher', () => {
  test('hashes so many at once, has so many wait, and refuses more', async () => {
    const { hasher, ends, started } = slowHasher();
    const bounded = boundedHasher(hasher, BOUND);
    const hashes = ['a', 'b', 'c'].map((password) => bounded.hash(password));
    for (const refused of [bounded.hash('d'), bounded.verify('d', undefined)]) {
      await expect(refused).rejects.toMatchObject({
        code: 'rate_limited',
        details: { retryAfter: 5 },
      });
    }
    expect(started).toEqual(['a', 'b']);
    ends[1]?.();
    expect(await hashes[1]).toBe('hash of b');
    await turn();
    expect(started).toEqual(['a', 'b', 'c']);
    for (const end of ends) end();
    expect(await Promise.all(hashes)).toEqual(['hash of a', 'hash of b', 'hash of c']);
  });

  test('has nobody wait for longer than told, and gives nobody the place of who left', async () => {
    const { hasher, ends, started } = slowHasher();
    const bounded = boundedHasher(hasher, { atOnce: 1, waiting: 2, longestWaitMs: 5 });
    const first = bounded.hash('a');
    await expect(bounded.hash('too late')).rejects.toMatchObject({ code: 'rate_limited' });
    const next = bounded.hash('b');
    ends[0]?.();
    expect(await first).toBe('hash of a');
    await turn();
    expect(started).toEqual(['a', 'b']);
    ends[1]?.();
    expect(await next).toBe('hash of b');
  });

  test('goes on after one has failed', async () => {
    const { hasher, ends } = slowHasher();
    const bounded = boundedHasher(hasher, { ...BOUND, atOnce: 1 });
    const failed = bounded.hash('a');
    const next = bounded.hash('b');
    ends[0]?.(new Error('Out of memory.'));
    await expect(failed).rejects.toThrow('Out of memory.');
    await turn();
    ends[1]?.();
    expect(await next).toBe('hash of b');
    expect(await bounded.verify('c', undefined)).toBe(true);
  });
});
