import { describe, expect, test } from '@jest/globals';
import { callerOf } from '../../../lambdas/auth/caller.ts';
import {
  logIn,
  logOut,
  refreshSession,
  type TokenPair,
  verifyToken,
} from '../../../lambdas/auth/sessions.ts';
import { turn } from '../../fakes/fake-clock.ts';
import { aConnection, anAccount } from '../../fakes/samples.ts';
import { type FakeServices, fakeServices } from '../../fakes/services.ts';

const MINUTE = 60 * 1_000;
const DAY = 24 * 60 * MINUTE;
const BLACKLISTED = { code: 'token_not_valid', message: 'Token is blacklisted' };
const WRONG_TYPE = { code: 'token_not_valid', message: 'Token has wrong type' };
const EXPIRED = { code: 'token_not_valid', message: 'Token is expired' };
const INVALID = { code: 'token_not_valid', message: 'Token is invalid' };

async function loggedIn(
  settings: Parameters<typeof fakeServices>[0] = {},
): Promise<FakeServices & TokenPair> {
  const services = fakeServices(settings);
  await services.accounts.create(anAccount());
  return { ...services, ...(await logIn(services, anAccount())) };
}

describe('a login', () => {
  test('gives a token of each type', async () => {
    const { tokens, access, refresh } = await loggedIn();
    expect(await tokens.verify(access, 'access')).toMatchObject({ userId: 'alice' });
    expect(await tokens.verify(refresh, 'refresh')).toMatchObject({ userId: 'alice' });
  });

  test('is a session of its own, whatever becomes of the others', async () => {
    const services = await loggedIn();
    const other = await logIn(services, anAccount());
    await logOut(services, services.refresh);
    expect(await refreshSession(services, other.refresh)).toMatchObject({
      access: expect.any(String),
    });
  });
});

describe('a refresh', () => {
  test('gives new tokens, which work', async () => {
    const services = await loggedIn();
    const renewed = await refreshSession(services, services.refresh);
    expect(await services.tokens.verify(renewed.access, 'access')).toMatchObject({
      userId: 'alice',
    });
    const again = await refreshSession(services, renewed.refresh ?? '');
    const all = [services.refresh, renewed.refresh, again.refresh];
    expect(new Set(all).size).toBe(3);
  });

  test('keeps a session alive for a day from each', async () => {
    const services = await loggedIn();
    let { refresh } = services;
    for (let round = 0; round < 3; round++) {
      services.clock.advance(DAY - 2_000);
      refresh = (await refreshSession(services, refresh)).refresh ?? '';
    }
    services.clock.advance(DAY);
    await expect(refreshSession(services, refresh)).rejects.toMatchObject(EXPIRED);
  });

  test('keeps it alive for as long as the operator says', async () => {
    const tokenLifetimes = { access: 300, refresh: (30 * DAY) / 1_000 };
    const services = await loggedIn({ tokenLifetimes });
    services.clock.advance(30 * DAY - 1_000);
    const { refresh = '' } = await refreshSession(services, services.refresh);
    services.clock.advance(30 * DAY - 1_000);
    expect(await refreshSession(services, refresh)).toMatchObject({ access: expect.any(String) });
  });

  test('wants a refresh token', async () => {
    const services = await loggedIn();
    await expect(refreshSession(services, services.access)).rejects.toMatchObject(WRONG_TYPE);
    await expect(refreshSession(services, 'garbage')).rejects.toMatchObject(INVALID);
  });

  test('wants a token of a session', async () => {
    const services = await loggedIn();
    const foreign = await services.tokens.refresh('alice', 'no session', 'j');
    await expect(refreshSession(services, foreign)).rejects.toMatchObject(BLACKLISTED);
    const without = await services.tokens.refresh('alice', undefined as unknown as string, 'j');
    await expect(refreshSession(services, without)).rejects.toMatchObject(INVALID);
  });

  test('is refused for accounts that are disabled or gone', async () => {
    const services = await loggedIn();
    const { refresh } = services;
    services.accounts.find = async () => anAccount({ disabled: true });
    await expect(refreshSession(services, refresh)).rejects.toMatchObject({
      code: 'user_inactive',
    });
    services.accounts.find = async () => undefined;
    await expect(refreshSession(services, refresh)).rejects.toMatchObject({
      code: 'user_not_found',
    });
    // The token was not used up by that.
    services.accounts.find = async () => anAccount();
    expect(await refreshSession(services, refresh)).toHaveProperty('refresh');
  });
});

describe('a refresh token that was used', () => {
  test('gets the same new one again, for its answer may have been lost', async () => {
    const services = await loggedIn();
    const first = await refreshSession(services, services.refresh);
    services.clock.advance(MINUTE - 1);
    const again = await refreshSession(services, services.refresh);
    expect(again.refresh).toBe(first.refresh);
    expect(await callerOf(services, again.access)).toMatchObject({ account: { id: 'alice' } });
    await verifyToken(services, services.refresh);
    expect(await refreshSession(services, first.refresh ?? '')).toHaveProperty('refresh');
  });

  test('ends the login after a minute, for it may have been stolen', async () => {
    const services = await loggedIn();
    const { refresh = '' } = await refreshSession(services, services.refresh);
    services.clock.advance(MINUTE);
    await expect(verifyToken(services, services.refresh)).rejects.toMatchObject(BLACKLISTED);
    await verifyToken(services, refresh);
    await expect(refreshSession(services, services.refresh)).rejects.toMatchObject(BLACKLISTED);
    await expect(refreshSession(services, refresh)).rejects.toMatchObject(BLACKLISTED);
  });

  test('ends the login as soon as its successor was used, for two go on with it', async () => {
    const services = await loggedIn();
    const second = await refreshSession(services, services.refresh);
    const third = await refreshSession(services, second.refresh ?? '');
    await expect(refreshSession(services, services.refresh)).rejects.toMatchObject(BLACKLISTED);
    for (const { refresh = '' } of [second, third]) {
      await expect(refreshSession(services, refresh)).rejects.toMatchObject(BLACKLISTED);
    }
  });

  test('does not live longer by being used again', async () => {
    const services = await loggedIn();
    await refreshSession(services, services.refresh);
    services.clock.advance(40_000);
    await refreshSession(services, services.refresh);
    services.clock.advance(40_000);
    await expect(refreshSession(services, services.refresh)).rejects.toMatchObject(BLACKLISTED);
  });

  test('gets the same new one as all who race with it', async () => {
    const services = await loggedIn();
    const { rotate } = services.sessions;
    services.sessions.rotate = async (...args) => {
      await turn();
      return await rotate(...args);
    };
    const pairs = await Promise.all(
      Array.from({ length: 10 }, () => refreshSession(services, services.refresh)),
    );
    const [refresh = '', ...others] = new Set(pairs.map((pair) => pair.refresh));
    expect(others).toEqual([]);
    expect(await refreshSession(services, refresh)).toHaveProperty('refresh');
  });

  test('is of no use once its account is disabled', async () => {
    const services = await loggedIn();
    await refreshSession(services, services.refresh);
    services.accounts.find = async () => anAccount({ disabled: true });
    await expect(refreshSession(services, services.refresh)).rejects.toMatchObject({
      code: 'user_inactive',
    });
  });

  test('is not kept: the store has ids, of which nobody can make a token', async () => {
    const services = await loggedIn();
    const { refresh = '' } = await refreshSession(services, services.refresh);
    const { sessionId = '' } = await services.tokens.verify(refresh);
    const kept = await services.sessions.find(sessionId, services.clock.now());
    expect(Object.values(kept ?? {}).filter((value) => `${value}`.includes('.'))).toEqual([]);
  });
});

describe('where refresh tokens do not rotate', () => {
  test('one is good until it expires, and no new one is given', async () => {
    const services = await loggedIn({ rotateRefreshTokens: false });
    for (let round = 0; round < 3; round++) {
      expect(await refreshSession(services, services.refresh)).toEqual({
        access: expect.any(String),
      });
    }
    services.clock.advance(DAY);
    await expect(refreshSession(services, services.refresh)).rejects.toMatchObject(EXPIRED);
  });

  test('one is good until its session ends', async () => {
    const services = await loggedIn({ rotateRefreshTokens: false });
    await logOut(services, services.refresh);
    await expect(refreshSession(services, services.refresh)).rejects.toMatchObject(BLACKLISTED);
  });
});

describe.each<[string, (services: FakeServices) => Promise<unknown>]>([
  [
    'is disabled and enabled again',
    async ({ accounts }) => {
      await accounts.setDisabled('alice', true);
      await accounts.setDisabled('alice', false);
    },
  ],
  ['gets another password', ({ accounts }) => accounts.setPassword('alice', 'another hash')],
])('once an account %s', (_, change) => {
  test.each([true, false])(
    'the tokens of its logins are dead for good (rotating: %s)',
    async (rotateRefreshTokens) => {
      const services = await loggedIn({ rotateRefreshTokens });
      await change(services);
      await expect(callerOf(services, services.access)).rejects.toMatchObject(BLACKLISTED);
      await expect(verifyToken(services, services.access)).rejects.toMatchObject(BLACKLISTED);
      await expect(verifyToken(services, services.refresh)).rejects.toMatchObject(BLACKLISTED);
      await expect(refreshSession(services, services.refresh)).rejects.toMatchObject(BLACKLISTED);
    },
  );

  test('a login is dead that was under way meanwhile', async () => {
    const services = await loggedIn();
    const asItWas = await services.accounts.find('alice');
    await change(services);
    const { access } = await logIn(services, asItWas ?? anAccount());
    await expect(callerOf(services, access)).rejects.toMatchObject(BLACKLISTED);
  });

  test('its owner logs in again', async () => {
    const services = await loggedIn();
    await change(services);
    const { access, refresh } = await logIn(
      services,
      (await services.accounts.find('alice')) ?? anAccount(),
    );
    expect(await callerOf(services, access)).toMatchObject({ account: { id: 'alice' } });
    expect(await refreshSession(services, refresh)).toHaveProperty('refresh');
  });
});

describe('a logout', () => {
  test('ends the session, and is of no use again', async () => {
    const services = await loggedIn();
    await logOut(services, services.refresh);
    await expect(logOut(services, services.refresh)).rejects.toMatchObject(BLACKLISTED);
    await expect(refreshSession(services, services.refresh)).rejects.toMatchObject(BLACKLISTED);
    await expect(verifyToken(services, services.refresh)).rejects.toMatchObject(BLACKLISTED);
  });

  test('ends the connections of that login, and no others', async () => {
    const services = await loggedIn();
    const { sessionId } = await services.tokens.verify(services.access);
    const other = await logIn(services, anAccount());
    const { sessionId: otherId } = await services.tokens.verify(other.access);
    await services.connections.add(aConnection({ id: 'c1', sessionId }));
    await services.connections.add(aConnection({ id: 'c2', sessionId: otherId }));
    await services.connections.add(aConnection({ id: 'c3' }));
    await logOut(services, services.refresh);
    const open = await services.connections.ofUser('alice', services.clock.now());
    expect(open.map(({ connectionId }) => connectionId)).toEqual(['c2', 'c3']);
    expect(services.gateway.closed).toEqual(['c1']);
  });

  test('makes the login’s access tokens worth nothing, refreshed ones too', async () => {
    const services = await loggedIn();
    const renewed = await refreshSession(services, services.refresh);
    for (const access of [services.access, renewed.access]) await verifyToken(services, access);
    await logOut(services, renewed.refresh ?? '');
    for (const access of [services.access, renewed.access]) {
      await expect(verifyToken(services, access)).rejects.toMatchObject(BLACKLISTED);
      await expect(callerOf(services, access)).rejects.toMatchObject(BLACKLISTED);
    }
  });

  test('happens by itself where a refresh token comes again later', async () => {
    const services = await loggedIn();
    const { sessionId } = await services.tokens.verify(services.access);
    await services.connections.add(aConnection({ id: 'c1', sessionId }));
    await refreshSession(services, services.refresh);
    services.clock.advance(MINUTE);
    await expect(refreshSession(services, services.refresh)).rejects.toMatchObject(BLACKLISTED);
    expect(services.gateway.closed).toEqual(['c1']);
  });

  test('wants a refresh token', async () => {
    const services = await loggedIn();
    await expect(logOut(services, services.access)).rejects.toMatchObject(WRONG_TYPE);
  });
});

describe('a token is good', () => {
  test('of either type, while it lasts', async () => {
    const services = await loggedIn();
    await verifyToken(services, services.access);
    await verifyToken(services, services.refresh);
    services.clock.advance(5 * 60 * 1_000);
    await expect(verifyToken(services, services.access)).rejects.toMatchObject(EXPIRED);
    await verifyToken(services, services.refresh);
    services.clock.advance(DAY);
    await expect(verifyToken(services, services.refresh)).rejects.toMatchObject(EXPIRED);
  });

  test('until it is used up, if it is for refreshing; asking does not use it', async () => {
    const services = await loggedIn();
    await verifyToken(services, services.refresh);
    const renewed = await refreshSession(services, services.refresh);
    await refreshSession(services, renewed.refresh ?? '');
    await expect(verifyToken(services, services.refresh)).rejects.toMatchObject(BLACKLISTED);
  });
});
