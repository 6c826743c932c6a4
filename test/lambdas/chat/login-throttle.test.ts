import { describe, expect, test } from '@jest/globals';
import { dynamoLoginAttemptStore } from '../../../lambdas/aws/account-store.ts';
import { countAttempt, forgive, type LoginAttempt } from '../../../lambdas/chat/login-throttle.ts';
import type { LoginAttemptStore } from '../../../lambdas/chat/ports/account-store.ts';
import { memoryTable } from '../../../local/database.ts';
import { ParlorError } from '../../../protocol/errors.ts';
import { fakeClock, turn } from '../../fakes/fake-clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const ports = () => ({ attempts: dynamoLoginAttemptStore(memoryTable()), clock: fakeClock() });
type Ports = ReturnType<typeof ports>;

const ALICE: LoginAttempt = { userId: 'alice', network: '192.0.2.7' };
const network = (n: number): LoginAttempt => ({ userId: 'alice', network: `198.51.100.${n}` });

/** Seconds to wait, or 0 when the attempt was let through. */
async function attempt(on: Ports, by = ALICE): Promise<number> {
  try {
    await countAttempt(on, by);
    return 0;
  } catch (error) {
    if (error instanceof ParlorError && error.code === 'login_throttled') {
      return error.details.retryAfter ?? Number.NaN;
    }
    throw error;
  }
}

/** All try as fast as they are let, for so long. @returns when one was let through */
async function attack(on: Ports, forMs: number, attackers: LoginAttempt[]): Promise<number[]> {
  const times: number[] = [];
  const next = attackers.map(() => 0);
  const end = on.clock.now() + forMs;
  while (on.clock.now() < end) {
    for (const [index, by] of attackers.entries()) {
      if ((next[index] ?? 0) > on.clock.now()) continue;
      const wait = await attempt(on, by);
      if (wait === 0) times.push(on.clock.now());
      next[index] = on.clock.now() + wait * 1_000;
    }
    on.clock.advance(500);
  }
  return times;
}

function mostInAnHour(times: number[]): number {
  const counts = times.map(
    (start) => times.filter((time) => time >= start && time < start + HOUR).length,
  );
  return Math.max(...counts);
}

describe('attempts to log in', () => {
  test('are free five times, then each doubles the wait', async () => {
    const on = ports();
    for (let n = 0; n < 5; n++) expect(await attempt(on)).toBe(0);
    const waits: number[] = [];
    for (let n = 0; n < 11; n++) {
      const wait = await attempt(on);
      waits.push(wait);
      on.clock.advance(wait * 1_000 - 1);
      expect(await attempt(on)).toBe(1);
      on.clock.advance(1);
      expect(await attempt(on)).toBe(0);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
  });

  test.each([1, 2, 3, 40, 200])(
    'from %i networks are at most a hundred in any hour',
    async (count) => {
      const times = await attack(
        ports(),
        3 * HOUR,
        Array.from({ length: count }, (_, n) => network(n)),
      );
      expect(mostInAnHour(times)).toBeLessThanOrEqual(100);
    },
  );

  test('of turns that were saved up are not more, either', async () => {
    const on = ports();
    for (let minute = 0; minute < 300; minute++) {
      for (let n = 0; n < 2; n++) await attempt(on, network(minute * 2 + n));
      on.clock.advance(MINUTE);
    }
    const times: number[] = [];
    for (let n = 0; n < 600; n++) {
      if ((await attempt(on, network(n))) === 0) times.push(on.clock.now());
    }
    expect(times.length).toBeLessThanOrEqual(100);
  });

  test('say how long to wait', async () => {
    const on = ports();
    for (let n = 0; n < 5; n++) await attempt(on);
    await expect(countAttempt(on, ALICE)).rejects.toThrow(
      'Request was throttled. Expected available in 1 second.',
    );
    on.clock.advance(1_000);
    await attempt(on);
    await expect(countAttempt(on, ALICE)).rejects.toThrow('available in 2 seconds.');
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
    expect(await attempt(on, { ...ALICE, userId: 'bob' })).toBe(0);
  });

  test('are forgotten when the owner came, and after a day', async () => {
    const on = ports();
    for (let n = 0; n < 5; n++) await attempt(on);
    await forgive(on, ALICE);
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
    expect(await attempts.find({ userId: 'alice', of: 'all' })).toMatchObject({ failures: 5 });
  });
});

describe('somebody whose name is attacked', () => {
  test.each([1, 2])('from %i networks waits for nothing elsewhere', async (count) => {
    const on = ports();
    const attackers = Array.from({ length: count }, (_, n) => network(n));
    for (let hour = 0; hour < 6; hour++) {
      await attack(on, HOUR, attackers);
      expect(await attempt(on)).toBe(0);
    }
  });

  test('from more waits a minute for each at most, and then has his turn', async () => {
    const on = ports();
    const attackers = Array.from({ length: 30 }, (_, n) => network(n));
    await attack(on, HOUR, attackers);
    const wait = await attempt(on);
    expect(wait).toBeLessThanOrEqual(30 * 60);
    await attack(on, wait * 1_000, attackers);
    expect(await attempt(on)).toBe(0);
  });

  test('from a thousand asks again each minute, for the queue is an hour long', async () => {
    const on = ports();
    for (let n = 0; n < 1_000; n++) await attempt(on, { ...ALICE, network: `10.0.0.${n}` });
    expect(await attempt(on)).toBe(60);
    on.clock.advance(MINUTE);
    expect(await attempt(on)).toBeGreaterThan(60);
  });

  test('waits for nothing on a device that has logged in before', async () => {
    const on = ports();
    await attack(
      on,
      HOUR,
      Array.from({ length: 200 }, (_, n) => network(n)),
    );
    expect(await attempt(on, { ...network(0), device: 'laptop' })).toBe(0);
  });

  test('is waited for when he comes late, but not for long', async () => {
    for (const [late, through] of [
      [2 * MINUTE - 1_000, true],
      [2 * MINUTE, false],
    ] as const) {
      const on = ports();
      const attackers = Array.from({ length: 60 }, (_, n) => network(n));
      for (const by of attackers) await attempt(on, by);
      const wait = await attempt(on);
      on.clock.advance(wait * 1_000 + late);
      // Others have taken what was left meanwhile.
      for (let n = 100; n < 200; n++) await attempt(on, network(n));
      expect((await attempt(on)) === 0).toBe(through);
    }
  });

  test('gives back what he used, when he comes in', async () => {
    const on = ports();
    for (let n = 0; n < 500; n++) {
      expect(await attempt(on)).toBe(0);
      await forgive(on, ALICE);
    }
  });
});

describe('a device that has logged in before', () => {
  const laptop: LoginAttempt = { ...ALICE, device: 'laptop' };

  test('has as few attempts as a network, wherever it is', async () => {
    const on = ports();
    const times: number[] = [];
    for (let n = 0; n < 3 * 3_600; n++) {
      if ((await attempt(on, { ...laptop, network: `10.0.0.${n}` })) === 0) {
        times.push(on.clock.now());
      }
      on.clock.advance(1_000);
    }
    expect(mostInAnHour(times)).toBeLessThanOrEqual(25);
  });

  test('begins anew when its owner came, and takes nothing from others', async () => {
    const on = ports();
    for (let n = 0; n < 5; n++) await attempt(on, laptop);
    expect(await attempt(on, laptop)).toBe(1);
    expect(await attempt(on, { ...laptop, device: 'phone' })).toBe(0);
    await forgive(on, laptop);
    expect(await attempt(on, laptop)).toBe(0);
    expect(await on.attempts.find({ userId: 'alice', of: 'all' })).toBeUndefined();
  });
});
