import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fakeClock } from '../../fakes/fake-clock.ts';
import { type OidcProvider, openOidcProvider } from '../../fakes/oidc-provider.ts';
import { djangoToken, issuersOf, times } from './outside-tokens.ts';

const clock = fakeClock();
let provider: OidcProvider;
beforeAll(async () => {
  provider = await openOidcProvider();
});
afterAll(() => provider.close());

const SUB = '4f8e1a2b-9d3c-4a5e-8f70-1b2c3d4e5f60';
const expiresAt = times(clock).exp * 1_000;

const without = (claims: Record<string, unknown>, name: string) =>
  Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));

const refused = { code: 'token_not_valid', message: 'Token is invalid' };

describe("Cognito's access tokens", () => {
  const iss = 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEf123';
  const claims = {
    sub: SUB,
    iss,
    client_id: '6abcdefghijklmnopqrstuvwxy',
    origin_jti: '7a1f',
    event_id: '9d2c',
    token_use: 'access',
    scope: 'openid profile',
    auth_time: times(clock).iat,
    jti: '5e3b',
    username: 'alice',
    'cognito:groups': ['moderators'],
    ...times(clock),
  };
  const issuers = () =>
    issuersOf(
      {
        cognito: {
          issuer: iss,
          jwks: `${provider.url}/.well-known/jwks.json`,
          require: { client_id: ['6abcdefghijklmnopqrstuvwxy', 'another'], token_use: 'access' },
          displayName: 'username',
          uniqueNames: true,
          superusers: { claim: 'cognito:groups', value: 'moderators' },
        },
      },
      clock,
    );

  test('are taken, without an audience', async () => {
    expect(await issuers().read(await provider.sign(claims))).toEqual({
      userId: `cognito:${SUB}`,
      username: 'alice (cognito)',
      superuser: true,
      strictExpiry: true,
      expiresAt,
    });
  });

  test.each([
    ['an ID token', { ...without(claims, 'client_id'), token_use: 'id', aud: claims.client_id }],
    ['of another app', { ...claims, client_id: '7other' }],
    ['with no app', without(claims, 'client_id')],
    ['of another pool', { ...claims, iss: `${iss}4` }],
    ['for an audience that was not named', { ...claims, aud: 'https://api.example.com' }],
    ['without a subject', without(claims, 'sub')],
  ])('are refused: %s', async (_, given) => {
    await expect(issuers().read(await provider.sign(given))).rejects.toMatchObject(refused);
  });
});

describe("Auth0's access tokens", () => {
  const iss = 'https://parlor.eu.auth0.com/';
  const claims = {
    'https://example.com/name': 'Alice Smith',
    iss,
    sub: 'auth0|64f1c2d3e4',
    aud: ['https://chat.example.com', `${iss}userinfo`],
    azp: 'SpaClientId',
    scope: 'openid profile',
    ...times(clock),
  };
  const issuers = () =>
    issuersOf(
      {
        auth0: {
          issuer: iss,
          jwks: `${provider.url}/.well-known/jwks.json`,
          audience: 'https://chat.example.com',
          displayName: 'https://example.com/name',
        },
      },
      clock,
    );

  test('are taken, for one of their audiences and by a claim with dots and slashes in its name', async () => {
    expect(await issuers().read(await provider.sign(claims))).toEqual({
      userId: 'auth0:auth0|64f1c2d3e4',
      username: expect.stringMatching(/^Alice Smith #[0-9a-f]{8} \(auth0\)$/),
      superuser: undefined,
      strictExpiry: true,
      expiresAt,
    });
  });

  test('have no name unless somebody adds it: then the sign of the id stands alone', async () => {
    const token = await provider.sign(without(claims, 'https://example.com/name'));
    expect(await issuers().read(token)).toMatchObject({
      username: expect.stringMatching(/^user #[0-9a-f]{8} \(auth0\)$/),
    });
  });

  test.each([
    ['for other audiences', { ...claims, aud: [`${iss}userinfo`] }],
    ['for an audience that only begins alike', { ...claims, aud: 'https://chat.example.com/' }],
    ['without an audience', without(claims, 'aud')],
    ['without the slash at the end of the issuer', { ...claims, iss: iss.slice(0, -1) }],
  ])('are refused: %s', async (_, given) => {
    await expect(issuers().read(await provider.sign(given))).rejects.toMatchObject(refused);
  });
});

describe("Keycloak's access tokens", () => {
  const iss = 'https://id.example.com/realms/corp';
  const claims = {
    ...times(clock),
    jti: 'onrtro:1f2e',
    iss,
    aud: ['chat', 'account'],
    sub: SUB,
    typ: 'Bearer',
    azp: 'chat-web',
    sid: 'b3c1',
    realm_access: { roles: ['offline_access', 'chat-admin'] },
    preferred_username: 'alice',
    name: 'Alice Smith',
  };
  const issuers = () =>
    issuersOf(
      {
        corp: {
          issuer: iss,
          jwks: `${provider.url}/realms/corp/protocol/openid-connect/certs`,
          audience: 'chat',
          require: { typ: 'Bearer', azp: ['chat-web', 'chat-app'] },
          displayName: 'preferred_username',
          uniqueNames: true,
          superusers: { claim: ['realm_access', 'roles'], value: 'chat-admin' },
        },
      },
      clock,
    );

  test('are taken, with a role that stands further in', async () => {
    expect(await issuers().read(await provider.sign(claims))).toEqual({
      userId: `corp:${SUB}`,
      username: 'alice (corp)',
      superuser: true,
      strictExpiry: true,
      expiresAt,
    });
  });

  test('make nobody a superuser by a role that is only called alike', async () => {
    for (const realm_access of [undefined, {}, { roles: ['chat-admins'] }, { roles: {} }, 7]) {
      const outsider = await issuers().read(await provider.sign({ ...claims, realm_access }));
      expect(outsider).toMatchObject({ superuser: false });
    }
  });

  test.each([
    ['an ID token', { ...claims, typ: 'ID' }],
    ['of another client', { ...claims, azp: 'chat-cli' }],
    ['of another realm', { ...claims, iss: 'https://id.example.com/realms/master' }],
  ])('are refused: %s', async (_, given) => {
    await expect(issuers().read(await provider.sign(given))).rejects.toMatchObject(refused);
  });
});

describe("simplejwt's access tokens", () => {
  const issuers = (more: object = {}) =>
    issuersOf({ django: { secret: { file: 'django-secret' }, ...more } }, clock);

  test.each([[7], ['7']])('are taken for the user %j', async (user_id) => {
    expect(await issuers().read(await djangoToken(clock, { user_id }))).toEqual({
      userId: 'django:7',
      username: '7 (django)',
      superuser: undefined,
      strictExpiry: true,
      expiresAt,
    });
  });

  test('show a name, where the backend adds one', async () => {
    const token = await djangoToken(clock, { user_id: 7, username: 'alice' });
    const named = { displayName: 'username', uniqueNames: true };
    expect(await issuers(named).read(token)).toMatchObject({ username: 'alice (django)' });
    expect(await issuers({ ...named, label: 'Shop' }).read(token)).toMatchObject({
      username: 'alice (Shop)',
    });
  });

  test('of a stock simplejwt show what they have: the user, also by the claim of that name', async () => {
    for (const user_id of [7, '7']) {
      const token = await djangoToken(clock, { user_id });
      const named = issuers({ displayName: 'user_id', uniqueNames: true });
      expect(await named.read(token)).toMatchObject({ username: '7 (django)' });
    }
  });

  test('make a superuser by a claim that is true, and by nothing like it', async () => {
    const staff = issuers({ superusers: { claim: 'is_staff', value: true } });
    const read = async (is_staff: unknown) =>
      await staff.read(await djangoToken(clock, { user_id: 7, is_staff }));
    expect(await read(true)).toMatchObject({ superuser: true });
    for (const other of [false, 'true', 1, {}, undefined, null]) {
      expect(await read(other)).toMatchObject({ superuser: false });
    }
    const text = issuers({ superusers: { claim: 'is_staff', value: 'true' } });
    const token = await djangoToken(clock, { user_id: 7, is_staff: true });
    expect(await text.read(token)).toMatchObject({ superuser: false });
  });

  test('may name an issuer and an audience', async () => {
    const strict = issuers({ issuer: 'shop', audience: 'chat' });
    const claims = { user_id: 7, iss: 'shop', aud: 'chat' };
    expect(await strict.read(await djangoToken(clock, claims))).toMatchObject({
      userId: 'django:7',
    });
    for (const given of [{ ...claims, iss: 'cart' }, { ...claims, aud: 'mail' }, { user_id: 7 }]) {
      const token = await djangoToken(clock, given);
      await expect(strict.read(token)).rejects.toMatchObject(refused);
    }
  });

  test.each([
    ['a refresh token', { user_id: 7, token_type: 'refresh' }],
    ['without a type', { user_id: 7, token_type: undefined }],
    ['without a user', {}],
    ['a user who is not a whole number', { user_id: 7.5 }],
    ['a user too large to be exact', { user_id: 2 ** 53 }],
    ['a user who is nothing', { user_id: '' }],
    ['a user who is a list', { user_id: [7] }],
    ['a user with a line break', { user_id: '7\n8' }],
    ['a user with half a character', { user_id: '7\ud800' }],
    ['a user who fills more than a key', { user_id: 'ü'.repeat(128) }],
    ['for an audience that was not named', { user_id: 7, aud: 'chat' }],
  ])('are refused: %s', async (_, claims) => {
    await expect(issuers().read(await djangoToken(clock, claims))).rejects.toMatchObject(refused);
  });

  test('are refused when another has signed them', async () => {
    const other = new TextEncoder().encode('another-secret-of-thirty-two-bytes');
    const token = await djangoToken(clock, { user_id: 7 }, other);
    await expect(issuers().read(token)).rejects.toMatchObject(refused);
  });
});
