import { describe, expect, test } from '@jest/globals';
import type { SourceBudget } from '../../lambdas/chat/ports/source-budget.ts';

const NOW = Date.UTC(2026, 10, 30);
const BUDGET = { burst: 3, perSecond: 0.5 };

/** @param open an empty one for each test */
export function sourceBudgetContract(name: string, open: () => Promise<SourceBudget>): void {
  describe(`a source budget ${name}`, () => {
    test('gives so many at once, then one each time that one has leaked out', async () => {
      const sources = await open();
      const take = (now: number) => sources.take('192.0.2.7', 'login', BUDGET, now);
      for (let n = 0; n < 3; n++) expect(await take(NOW)).toBe('taken');
      expect(await take(NOW)).toBe('spent');
      expect(await take(NOW + 1_999)).toBe('spent');
      expect(await take(NOW + 2_000)).toBe('taken');
      expect(await take(NOW + 2_000)).toBe('spent');
      expect(await take(NOW + 60_000)).toBe('taken');
    });

    test('gives no more to many who ask at once', async () => {
      const sources = await open();
      const taken = await Promise.all(
        Array.from({ length: 12 }, () => sources.take('192.0.2.7', 'login', BUDGET, NOW)),
      );
      expect(taken.filter((each) => each === 'taken')).toHaveLength(3);
    });

    test('counts each network and each kind by itself', async () => {
      const sources = await open();
      const one = { burst: 1, perSecond: 1 };
      for (const network of ['192.0.2.7', '2001:db8:0:1::/64', 'unknown']) {
        for (const kind of ['login', 'registration'] as const) {
          expect(await sources.take(network, kind, one, NOW)).toBe('taken');
          expect(await sources.take(network, kind, one, NOW)).toBe('spent');
        }
      }
    });
  });
}
