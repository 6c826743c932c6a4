import { describe, expect, jest, test } from '@jest/globals';
import type { Connection } from '../../../lambdas/chat/connection.ts';
import { openConnection } from '../../../lambdas/chat/connections.ts';
import { renewToken, sweepExpiringTokens } from '../../../lambdas/chat/token-expiry.ts';
import { aConnection, anAccount } from '../../fakes/samples.ts';
import { type FakeServices, fakeServices } from '../../fakes/services.ts';

const MINUTE = 60_000;
/** A full minute, at which the sweep is called. */
const NOON = Date.UTC(2026, 10, 22, 12);
const UNTIL = NOON + 5 * MINUTE;

/** Connections whose tokens expire at these times; the clock shows noon. */
async function openUntil(...times: number[]): Promise<FakeServices> {
  const services = fakeServices();
  services.clock.set(NOON);
  for (const [index, authUntil] of times.entries()) {
    const given = { id: `c${index + 1}`, authUntil, expiresAt: NOON + 125 * MINUTE };
    await services.connections.add(aConnection(given));
  }
  return services;
}

async function sweepAt(services: FakeServices, at: number) {
  services.clock.set(at);
  return await sweepExpiringTokens(services);
}

const codesTo = ({ gateway }: FakeServices, id: string): string[] =>
  gateway.framesTo(id).map((text) => JSON.parse(text).code);

const none = { told: 0, closed: 0, failed: 0 };

const connectionOf = async ({ connections, clock }: FakeServices, id: string) => {
  const connection = await connections.find(id, clock.now());
  if (!connection) throw new Error('There is no such connection.');
  return connection;
};

describe('a connection whose token runs out', () => {
  test('is told within two minutes of its end, and no earlier', async () => {
    const services = await openUntil(UNTIL);
    expect(await sweepAt(services, UNTIL - 2 * MINUTE)).toEqual(none);
    expect(await sweepAt(services, UNTIL - MINUTE)).toEqual({ ...none, told: 1 });
    expect(JSON.parse(services.gateway.framesTo('c1')[0] ?? '')).toMatchObject({
      type: 'error',
      code: 'token_expiring',
      retryable: false,
      message: expect.stringContaining('"auth"'),
    });
    expect(services.gateway.closed).toEqual([]);
  });

  test.each([1, 20_000, 59_999, 60_000])(
    'is told at least a minute before, and closed at most a minute after, %i ms into a minute',
    async (offset) => {
      const until = UNTIL + offset;
      const services = await openUntil(until);
      let told = Number.POSITIVE_INFINITY;
      let closed = Number.POSITIVE_INFINITY;
      for (let at = NOON; at < NOON + 10 * MINUTE; at += MINUTE) {
        const report = await sweepAt(services, at);
        if (report.told > 0) told = Math.min(told, at);
        if (report.closed > 0) closed = at;
      }
      expect(until - told).toBeGreaterThanOrEqual(MINUTE);
      expect(closed - until).toBeGreaterThanOrEqual(0);
      expect(closed - until).toBeLessThanOrEqual(MINUTE);
    },
  );

  test('is told why, closed, and nothing is left of it', async () => {
    const services = await openUntil(UNTIL);
    expect(await sweepAt(services, UNTIL)).toEqual({ ...none, closed: 1 });
    expect(codesTo(services, 'c1')).toEqual(['token_expired']);
    expect(services.gateway.closed).toEqual(['c1']);
    expect(await services.connections.find('c1', UNTIL)).toBeUndefined();
    expect(await sweepAt(services, UNTIL + MINUTE)).toEqual(none);
  });

  test('is closed also when a sweep or two were missed', async () => {
    const services = await openUntil(UNTIL);
    expect(await sweepAt(services, UNTIL + 2 * MINUTE)).toEqual({ ...none, closed: 1 });
  });

  test('harms no other when it fails, and has its next turn', async () => {
    const services = await openUntil(UNTIL, UNTIL, UNTIL);
    services.gateway.next('c2', new Error('The gateway answered 500.'));
    const fault = new Error('The gateway answered 500.');
    expect(await sweepAt(services, UNTIL)).toEqual({ told: 0, closed: 2, failed: 1, fault });
    expect(services.gateway.closed.toSorted()).toEqual(['c1', 'c3']);
    expect(await sweepAt(services, UNTIL + MINUTE)).toEqual({ ...none, closed: 1 });
  });

  test('has ended meanwhile, and nothing happens', async () => {
    const services = await openUntil(UNTIL);
    await services.connections.remove('c1');
    expect(await sweepAt(services, UNTIL)).toEqual(none);
    expect(services.gateway.posted).toEqual([]);
  });
});

describe('a new token', () => {
  test('brought in time keeps the connection, until that one runs out', async () => {
    const services = await openUntil(UNTIL);
    const connection = await connectionOf(services, 'c1');
    await renewToken(services.connections, connection, 'alice', UNTIL + 5 * MINUTE);
    for (let at = NOON; at <= UNTIL + 2 * MINUTE; at += MINUTE) {
      expect(await sweepAt(services, at)).toEqual(none);
    }
    expect(await sweepAt(services, UNTIL + 5 * MINUTE)).toEqual({ ...none, closed: 1 });
  });

  test('of another user is refused, and changes nothing', async () => {
    const services = await openUntil(UNTIL);
    const connection = await connectionOf(services, 'c1');
    const renewing = renewToken(services.connections, connection, 'bob', UNTIL + MINUTE);
    await expect(renewing).rejects.toMatchObject({ code: 'wrong_user' });
    expect(await connectionOf(services, 'c1')).toMatchObject({ authUntil: UNTIL });
  });

  test('of the login that the connection belongs to writes nothing', async () => {
    const services = await openUntil(UNTIL);
    const connection = { ...(await connectionOf(services, 'c1')), sessionId: 'login' };
    const renew = jest.spyOn(services.connections, 'renew');
    const until = await renewToken(services.connections, connection, 'alice', UNTIL, 'login');
    expect(until).toBe(UNTIL);
    expect(renew).not.toHaveBeenCalled();
  });

  test('of another login takes the connection there', async () => {
    const services = await openUntil(UNTIL);
    const connection = await connectionOf(services, 'c1');
    await renewToken(services.connections, connection, 'alice', UNTIL, 'another');
    expect(await connectionOf(services, 'c1')).toMatchObject({ sessionId: 'another' });
  });

  test('lets a connection act no longer than it lasts', async () => {
    const services = await openUntil(UNTIL);
    const connection = await connectionOf(services, 'c1');
    const until = await renewToken(services.connections, connection, 'alice', UNTIL + 1e9, 'login');
    expect(until).toBe(connection.expiresAt);
  });

  test('that ends before the old one changes nothing', async () => {
    const services = await openUntil(UNTIL);
    await renewToken(services.connections, await connectionOf(services, 'c1'), 'alice', UNTIL - 1);
    expect(await connectionOf(services, 'c1')).toMatchObject({ authUntil: UNTIL });
  });

  test('for a connection that has ended is refused', async () => {
    const services = await openUntil(UNTIL);
    const connection = await connectionOf(services, 'c1');
    await services.connections.remove('c1');
    const renewing = renewToken(services.connections, connection, 'alice', UNTIL + MINUTE);
    await expect(renewing).rejects.toMatchObject({ code: 'connection_gone' });
  });
});

describe('an old client, who can’t renew,', () => {
  const opened = async (strictExpiry: boolean): Promise<FakeServices> => {
    const services = fakeServices();
    services.clock.set(NOON);
    const dialect: Connection['dialect'] = 'legacy';
    const arrival = { connectionId: 'c1', account: anAccount(), room: 'lobby', dialect };
    await openConnection(services, { ...arrival, authUntil: UNTIL, strictExpiry });
    return services;
  };

  test('is neither told nor closed', async () => {
    const services = await opened(false);
    for (let at = NOON; at <= UNTIL + 3 * MINUTE; at += MINUTE) {
      expect(await sweepAt(services, at)).toEqual(none);
    }
  });

  test('is closed where the operator wants it strict', async () => {
    const services = await opened(true);
    expect(await sweepAt(services, UNTIL)).toEqual({ ...none, closed: 1 });
  });
});
