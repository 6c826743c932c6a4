import { describe, expect, test } from '@jest/globals';
import { countAttempt, forgive } from '../../../lambdas/chat/login-throttle.ts';
import type { LoginAttemptStore } from '../../../lambdas/chat/ports/account-store.ts';
import { ParlorError } from '../../../protocol/errors.ts';
import { fakeClock, turn } from '../../fakes/fake-clock.ts';
import { memoryLoginAttemptStore } from '../../fakes/memory-account-store.ts';

const HOUR = 60 * 60 * 1_000;
const DAY = 24 * HOUR;

const ports = () => ({ attempts: memoryLoginAttemptStore(), clock: fakeClock() });
type Ports = ReturnType<typeof ports>;

/** Seconds to wait, or 0 when the attempt was let through. */
async function attempt(on: Ports, id = 'alice'): Promise<number> {
  try {
    await countAttempt(on, id);
    return 0;
  } catch (error) {
    if (error instanceof ParlorError && error.code === 'login_throttled') {
      return error.details.retryAfter ?? Number.NaN;
    }
    throw error;
  }
}

/** Tries as fast as it is let, for so long. @returns when it was let through */
async function attack(on: Ports, forMs: number): Promise<number[]> {
  const times: number[] = [];
  const end = on.clock.now() + forMs;
  while (on.clock.now() < end) {
    const wait = await attempt(on);
    if (wait === 0) times.push(on.clock.now());
    else on.clock.advance(250);
  }
  return times;
}

describe('attempts to log in', () => {
  test('are free five times, then each doubles the wait', async () => {
    const on = ports();
    for (let n = 0; n < 5; n++) expect(await attempt(on)).toBe(0);
    const waits: number[] = [];
    for (let n = 0; n < 8; n++) {
      const wait = await attempt(on);
      waits.push(wait);
      on.clock.advance(wait * 1_000 - 1);
      expect(await attempt(on)).toBe(1);
      on.clock.advance(1);
      expect(await attempt(on)).toBe(0);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 40, 40]);
  });

  test('are at most a hundred in any hour', async () => {
    const times = await attack(ports(), 5 * HOUR);
    for (const start of times) {
      const inTheHour = times.filter((time) => time >= start && time < start + HOUR);
      expect(inTheHour.length).toBeLessThanOrEqual(100);
    }
    // And not far fewer, or anyone could lock anyone out.
    expect(times.length).toBeGreaterThan(400);
  });

  test('say how long to wait', async () => {
    const on = ports();
    for (let n = 0; n < 5; n++) await attempt(on);
    await expect(countAttempt(on, 'alice')).rejects.toThrow(
      'Request was throttled. Expected available in 1 second.',
    );
    on.clock.advance(1_000);
    await attempt(on);
    await expect(countAttempt(on, 'alice')).rejects.toThrow('available in 2 seconds.');
  });

  test('that are refused do not lengthen the wait', async () => {
    const on = ports();
    for (let n = 0; n < 5; n++) await attempt(on);
    for (let n = 0; n < 100; n++) expect(await attempt(on)).toBe(1);
    on.clock.advance(1_000);
    expect(await attempt(on)).toBe(0);
  });

  test('count for one name only', async () => {
    const on = ports();
    for (let n = 0; n < 5; n++) await attempt(on);
    expect(await attempt(on)).toBe(1);
    expect(await attempt(on, 'bob')).toBe(0);
  });

  test('are forgotten when the owner came, and after a day', async () => {
    const on = ports();
    for (let n = 0; n < 5; n++) await attempt(on);
    await forgive(on, 'alice');
    for (let n = 0; n < 5; n++) expect(await attempt(on)).toBe(0);
    on.clock.advance(1_000 + DAY - 1);
    expect(await attempt(on)).toBe(0);
    expect(await attempt(on)).toBe(2);
    on.clock.advance(2_000 + DAY);
    for (let n = 0; n < 5; n++) expect(await attempt(on)).toBe(0);
  });

  test('do not slip through together', async () => {
    const { attempts, clock } = ports();
    const pausing: LoginAttemptStore = {
      ...attempts,
      async find(id) {
        const found = await attempts.find(id);
        await turn();
        return found;
      },
    };
    const on = { attempts: pausing, clock };
    const waits = await Promise.all(Array.from({ length: 100 }, () => attempt(on)));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(5);
    expect(await attempts.find('alice')).toMatchObject({ failures: 5 });
  });
});
