import { beforeEach, describe, expect, test } from '@jest/globals';
import { parseIssuers } from '../../../lambdas/auth/parse-issuers.ts';
import { connectHandler } from '../../../lambdas/edge/socket/connect.ts';
import { anAccount } from '../../fakes/samples.ts';
import { type FakeServices, fakeServices, OUTSIDE_SECRET } from '../../fakes/services.ts';
import { djangoToken } from '../auth/outside-tokens.ts';
import { aContext } from './context.ts';
import { ask } from './http/asking.ts';
import { speak } from './socket/speaking.ts';

const DJANGO = {
  secret: { file: 'django-secret' },
  displayName: 'username',
  uniqueNames: true,
  superusers: { claim: 'role', value: 'staff' },
};
const withIssuers = (settings: object) =>
  fakeServices({ issuers: parseIssuers(settings, 'PARLOR_ISSUERS', 'local') });

let services: FakeServices;
beforeEach(() => {
  services = withIssuers({ django: DJANGO });
});

const tokenOf = (id: number, claims: object = {}) =>
  djangoToken(services.clock, { user_id: id, username: `user${id}`, ...claims });

async function connect(token: string, connectionId = 'c1'): Promise<number> {
  return await arrive(connectionId, { 'Sec-WebSocket-Protocol': `parlor.v1, ${token}` }, {});
}

/** As clients of the old chat do: without a subprotocol. */
const connectOld = (connectionId: string, query: { token: string } | { ticket: string }) =>
  arrive(connectionId, {}, query);

async function arrive(
  connectionId: string,
  headers: Record<string, string>,
  query: Record<string, string>,
): Promise<number> {
  const event = {
    requestContext: { connectionId },
    headers,
    queryStringParameters: { room: 'lobby', ...query },
  };
  const answer = await connectHandler(services)(event, aContext());
  return (answer as { statusCode: number }).statusCode;
}

describe("another issuer's user", () => {
  test('connects and is shown with the issuer', async () => {
    expect(await connect(await tokenOf(7))).toBe(200);
    await speak(services, 'send', { action: 'sendMessage', room: 'lobby', content: 'hi' });
    expect(await services.log.readForward('lobby', 0, 10)).toMatchObject([
      { sender: 'user7 (django)', userId: 'django:7', payload: { content: 'hi' } },
    ]);
  });

  test('uses the REST API, tickets among it', async () => {
    const token = await tokenOf(7);
    const body = { content: 'hi' };
    const sent = await ask(services, 'POST', '/api/rooms/lobby/messages/', { token, body });
    expect(sent.body).toMatchObject({ sender: 'user7 (django)' });
    const me = await ask(services, 'GET', '/api/me/', { token });
    expect(me.body).toEqual({ username: 'user7 (django)', userId: 'django:7' });
    const { body: held } = await ask(services, 'POST', '/api/tickets/', { token });
    expect(await connect(held.ticket)).toBe(200);
    expect(await services.connections.find('c1', services.clock.now())).toMatchObject({
      userId: 'django:7',
      username: 'user7 (django)',
    });
  });

  test('is bound to the end of his token, and renews it with another of his own', async () => {
    await connect(await tokenOf(7));
    const end = services.clock.now() + 300_000;
    const before = await services.connections.find('c1', services.clock.now());
    expect(Math.abs((before?.authUntil ?? 0) - end)).toBeLessThan(1_000);

    services.clock.advance(200_000);
    const auth = (token: string) => speak(services, 'room', { action: 'auth', token });
    expect(await auth(await tokenOf(7))).toMatchObject({ type: 'authenticated' });
    const after = await services.connections.find('c1', services.clock.now());
    expect(after?.authUntil).toBe((before?.authUntil ?? 0) + 200_000);

    expect(await auth(await tokenOf(8))).toMatchObject({ code: 'wrong_user' });
    await services.accounts.create(anAccount({ id: '7', username: '7' }));
    expect(await auth(await services.tokens.access('7'))).toMatchObject({ code: 'wrong_user' });
  });

  test.each([
    { said: {}, outcome: 'ends with his token' },
    { said: { strictExpiry: false }, outcome: 'goes on, where the operator says so' },
  ])('by an old client $outcome', async ({ said }) => {
    services = withIssuers({ django: { ...DJANGO, ...said } });
    const token = await tokenOf(7);
    const end = services.clock.now() + 300_000;
    const { body } = await ask(services, 'POST', '/api/tickets/', { token });
    expect(await connectOld('c1', { token })).toBe(200);
    expect(await connectOld('c2', { ticket: body.ticket })).toBe(200);
    for (const id of ['c1', 'c2']) {
      const { authUntil = 0 } = (await services.connections.find(id, services.clock.now())) ?? {};
      expect(authUntil <= end).toBe(!('strictExpiry' in said));
    }
  });

  test('is removed from a room and disabled by the name that everybody sees', async () => {
    const root = await tokenOf(1, { role: 'staff' });
    const token = await tokenOf(7);
    await connect(token);
    const username = 'user7 (django)';
    const removal = await ask(services, 'POST', '/api/rooms/lobby/members/', {
      token: root,
      body: { username, removed: true },
    });
    expect(removal.status).toBe(200);
    expect(await connect(token, 'c2')).toBe(403);

    const body = { username, disabled: true };
    expect((await ask(services, 'POST', '/api/accounts/', { token: root, body })).status).toBe(200);
    const refused = await ask(services, 'GET', '/api/rooms/', { token });
    expect([refused.status, refused.body.code]).toEqual([401, 'user_inactive']);
    expect(await connect(token, 'c3')).toBe(401);
  });

  test('moderates if his token says so, and not by his name', async () => {
    const body = { username: 'user7 (django)', disabled: true };
    for (const claims of [{}, { role: 'staffer' }, { username: 'root', is_superuser: true }]) {
      const token = await tokenOf(8, claims);
      const { status } = await ask(services, 'POST', '/api/accounts/', { token, body });
      expect(status).toBe(403);
    }
  });

  test('is refused over REST in the words that the old chat had', async () => {
    const token = await djangoToken(services.clock, { user_id: 7, exp: 1 });
    const { status, body } = await ask(services, 'GET', '/api/rooms/', { token });
    expect(status).toBe(401);
    expect(body).toMatchObject({
      code: 'token_not_valid',
      messages: [{ message: 'Token is expired' }],
    });
  });
});

describe('while an issuer can not be reached', () => {
  beforeEach(() => {
    services.outside = {
      async read() {
        const { kept } = await import('../../../lambdas/auth/kept.ts');
        const failing = async () => {
          throw new Error('no such host');
        };
        await kept('the keys of corp', failing, services.clock).current();
        throw new Error('not reached');
      },
    };
  });

  test('its users are told to try again, and the operator why', async () => {
    const token = await tokenOf(7);
    const { status, headers, body } = await ask(services, 'GET', '/api/rooms/', { token });
    expect([status, headers['retry-after'], body.code]).toEqual([503, '5', 'issuer_unavailable']);
    expect(JSON.stringify(body)).not.toContain('no such host');
    expect(services.entries.at(-1)).toMatchObject({
      result: 'failed',
      code: 'issuer_unavailable',
      error: expect.stringContaining("Can't read the keys of corp: no such host"),
    });
    expect(await connect(token)).toBe(503);
  });

  test('a socket stays open and may bring the same token again', async () => {
    const { outside } = services;
    services.outside = undefined;
    await services.accounts.create(anAccount());
    await connect(await services.tokens.access('alice'));
    services.outside = outside;
    expect(await speak(services, 'room', { action: 'auth', token: 'x' })).toMatchObject({
      code: 'issuer_unavailable',
      retryable: true,
      retryAfter: 5,
    });
  });
});

describe('without the built-in accounts', () => {
  beforeEach(() => {
    services = withIssuers({ accounts: false, django: { ...DJANGO, label: '' } });
  });

  test.each([
    '/accounts/registration/',
    '/accounts/login/',
    '/api/token/',
    '/api/token/refresh/',
    '/api/token/verify/',
    '/api/token/blacklist/',
  ])('%s says that there are none, whatever it is asked', async (path) => {
    for (const body of [{ username: 'alice', password: 'correct-horse-9' }, '', '{']) {
      const answer = await ask(services, 'POST', path, { body });
      expect([answer.status, answer.body.code]).toEqual([403, 'accounts_off']);
    }
    expect((await ask(services, 'GET', path)).status).toBe(405);
  });

  test('their tokens are of no use', async () => {
    await services.accounts.create(anAccount());
    const token = await services.tokens.access('alice');
    expect((await ask(services, 'GET', '/api/rooms/', { token })).status).toBe(401);
    expect(await connect(token)).toBe(401);
  });

  test('the only issuer’s users may be shown by their names alone', async () => {
    expect(await connect(await tokenOf(7))).toBe(200);
    expect(await services.connections.find('c1', services.clock.now())).toMatchObject({
      username: 'user7',
    });
  });
});

test("the shared secret doesn't sign tokens of ours", async () => {
  await services.accounts.create(anAccount());
  const forged = await djangoToken(services.clock, { user_id: 'alice' }, OUTSIDE_SECRET);
  const me = await ask(services, 'GET', '/api/me/', { token: forged });
  expect(me.body).toMatchObject({ userId: 'django:alice' });
});
