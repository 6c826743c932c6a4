import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { pacer } from '../../../lambdas/chat/pacer.ts';
import { fakeClock } from '../../fakes/fake-clock.ts';
import { virtualClock } from '../../fakes/virtual-clock.ts';

describe('a pacer', () => {
  test('lets through what is within the rate, and a tenth of a second more at once', async () => {
    const clock = virtualClock();
    const start = clock.now();
    const pace = pacer(clock, 100);
    const times: number[] = [];
    await Promise.all(
      Array.from({ length: 300 }, async () => {
        await pace();
        times.push(clock.now() - start);
      }),
    );
    for (const [index, time] of times.entries()) {
      expect(time).toBeGreaterThanOrEqual((index - 10) * 10 - 1);
      expect(time).toBeLessThanOrEqual((index + 1) * 10);
    }
  });

  test('holds to the rate in any stretch of time, whoever calls when', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 10_000 }),
        fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 60 }),
        async (perSecond, gaps) => {
          const clock = virtualClock();
          const pace = pacer(clock, perSecond);
          const times: number[] = [];
          for (const gap of gaps) {
            if (gap > 200) await clock.sleep(gap);
            await pace();
            times.push(clock.now());
          }
          for (const [first, from] of times.entries()) {
            for (const [last, to] of times.entries()) {
              if (last < first) continue;
              // Times are cut to whole milliseconds, and the first call is not held back.
              const most = ((to - from + 1 + 100) * perSecond) / 1_000 + 1;
              expect(last - first + 1).toBeLessThanOrEqual(most + 1e-6);
            }
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  test('gives back what was not used, but no more than a tenth of a second of it', async () => {
    const clock = fakeClock();
    const pace = pacer(clock, 100);
    clock.advance(60_000);
    for (let call = 0; call < 10; call++) await pace();
    expect(clock.sleeps).toEqual([]);
    await pace();
    expect(clock.sleeps).toEqual([10]);
  });

  test('without a limit holds nobody back', async () => {
    const clock = fakeClock();
    const pace = pacer(clock, Number.POSITIVE_INFINITY);
    for (let call = 0; call < 1_000; call++) await pace();
    expect(clock.sleeps).toEqual([]);
  });
});
