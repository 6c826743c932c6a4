import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { exportSPKI, generateKeyPair, importJWK, SignJWT, UnsecuredJWT } from 'jose';
import { outsideIssuers } from '../../../lambdas/auth/outside-issuers.ts';
import { readOutsideToken } from '../../../lambdas/auth/outside-token.ts';
import { parseIssuers } from '../../../lambdas/auth/parse-issuers.ts';
import { tokenKeys } from '../../../lambdas/auth/token-keys.ts';
import { hmacTokens } from '../../../lambdas/auth/tokens.ts';
import { fakeClock } from '../../fakes/fake-clock.ts';
import { fakeRandom } from '../../fakes/fake-random.ts';
import { memoryTokenSecret } from '../../fakes/memory-token-secret.ts';
import { type OidcProvider, openOidcProvider } from '../../fakes/oidc-provider.ts';
import { OUTSIDE_SECRET, TOKEN_SECRET } from '../../fakes/services.ts';
import { djangoToken, issuersOf, times } from './outside-tokens.ts';

const clock = fakeClock();
const ISS = 'https://id.example.com/realms/corp';
const OTHER_ISS = 'https://id.example.com/realms/other';

let corp: OidcProvider;
let other: OidcProvider;
beforeAll(async () => {
  corp = await openOidcProvider('RS256');
  other = await openOidcProvider('ES256');
});
afterAll(() => Promise.all([corp.close(), other.close()]));

const claims = () => ({ iss: ISS, aud: 'chat', sub: 'alice', ...times(clock) });
const corpSettings = (more: object = {}) => ({
  issuer: ISS,
  jwks: `${corp.url}/certs`,
  audience: 'chat',
  ...more,
});
const issuers = (more: object = {}) => issuersOf({ corp: corpSettings(more) }, clock);
const allIssuers = () =>
  issuersOf(
    {
      corp: corpSettings(),
      other: { issuer: OTHER_ISS, jwks: `${other.url}/certs`, audience: 'chat' },
      django: { secret: { file: 'secret' } },
    },
    clock,
  );
const secret = memoryTokenSecret(TOKEN_SECRET).store;
const tokens = hmacTokens(tokenKeys(secret, clock), { clock, random: fakeRandom() });
const ours = (token: string) => tokens.verify(token, 'access');

const invalid = { code: 'token_not_valid', message: 'Token is invalid' };
const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a forged token is refused', () => {
  const read = (token: string) => allIssuers().read(token, ours);

  test('without a signature', async () => {
    await expect(read(new UnsecuredJWT(claims()).encode())).rejects.toMatchObject(invalid);
    const [, , signature] = (await corp.sign(claims())).split('.');
    for (const alg of ['none', 'None', 'NONE', '']) {
      const forged = `${base64({ alg, kid: corp.key.kid })}.${base64(claims())}.`;
      await expect(read(forged)).rejects.toMatchObject(invalid);
      await expect(read(forged + signature)).rejects.toMatchObject(invalid);
    }
  });

  test('with the public key for a secret', async () => {
    const pem = await exportSPKI((await importJWK(corp.key.public, 'RS256')) as CryptoKey);
    for (const secret of [pem, pem.trim(), JSON.stringify(corp.key.public)]) {
      const forged = await new SignJWT(claims())
        .setProtectedHeader({ alg: 'HS256', kid: corp.key.kid })
        .sign(new TextEncoder().encode(secret));
      await expect(read(forged)).rejects.toMatchObject(invalid);
    }
  });

  test('with a key, or the address of one, that it brings itself', async () => {
    const mallory = await openOidcProvider('RS256');
    const jwk = { ...mallory.key.public, kid: corp.key.kid };
    for (const header of [{ jwk }, { jku: `${mallory.url}/certs` }, { x5u: mallory.url }]) {
      const forged = await mallory.sign(claims(), { ...header, kid: corp.key.kid });
      await expect(read(forged)).rejects.toMatchObject(invalid);
    }
    expect(mallory.asked).toBe(0);
    await mallory.close();
  });

  test('with an issuer that was not named, and nobody is asked', async () => {
    const mallory = await openOidcProvider('RS256');
    for (const iss of [mallory.url, `${ISS}/`, 'corp', '', '__proto__', 'constructor']) {
      await expect(read(await mallory.sign({ ...claims(), iss }))).rejects.toMatchObject(invalid);
    }
    for (const iss of [null, 7, [ISS], { toString: ISS }]) {
      const forged = `${base64({ alg: 'RS256' })}.${base64({ ...claims(), iss })}.c2ln`;
      await expect(read(forged)).rejects.toMatchObject(invalid);
    }
    expect(mallory.asked).toBe(0);
    await mallory.close();
  });

  test.each([
    '../../../dev/null',
    '/etc/passwd',
    "' OR 1=1",
    'http://169.254.169.254/',
    '__proto__',
  ])('with %j for the name of a key, which is compared and nothing else', async (kid) => {
    const forged = await other.sign({ ...claims(), iss: OTHER_ISS }, { kid });
    await expect(read(forged)).rejects.toMatchObject(invalid);
  });

  test("with another issuer's good signature", async () => {
    const pretended = await other.sign(claims(), { kid: corp.key.kid });
    await expect(read(pretended)).rejects.toMatchObject(invalid);
    const samePair = await new SignJWT({ ...claims(), iss: OTHER_ISS })
      .setProtectedHeader({ alg: 'RS256', kid: corp.key.kid })
      .sign(corp.key.private);
    await expect(read(samePair)).rejects.toMatchObject(invalid);
    await expect(read(await djangoToken(clock, claims()))).rejects.toMatchObject(invalid);
  });

  test('with what no token is made of', async () => {
    const good = await corp.sign(claims());
    for (const token of [
      '',
      'x',
      'a.b',
      `${good} `,
      `${good}=`,
      `${good}\n`,
      `${good}.x`,
      '..',
      'e30.e30.',
    ]) {
      await expect(read(token)).rejects.toMatchObject(invalid);
    }
    const list = `${base64({ alg: 'RS256' })}.${base64([claims()])}.c2ln`;
    await expect(read(list)).rejects.toMatchObject(invalid);
  });

  test('with an algorithm that was not chosen', async () => {
    const pinned = issuers({ algorithms: 'ES256' });
    await expect(pinned.read(await corp.sign(claims()))).rejects.toMatchObject(invalid);
  });
});

describe('the age of a token', () => {
  const now = () => Math.floor(clock.now() / 1_000);
  const signed = (given: Record<string, unknown>) => corp.sign({ ...claims(), ...given });

  test.each([
    ['an exp that is past all time', { exp: 1e30 }],
    ['an exp that is a text', { exp: '9999999999' }],
    ['no exp', { exp: undefined }],
    ['no iat', { iat: undefined }],
    ['an iat that is a text', { iat: '1' }],
    ['an iat of the future', { iat: now() + 61 }],
    ['an iat before all time', { iat: -1e30 }],
    ['an nbf of the future', { nbf: now() + 61 }],
    ['more than an hour to live', { exp: now() + 3_601 }],
  ])('is refused with %s', async (_, given) => {
    await expect(issuers().read(await signed(given))).rejects.toMatchObject(invalid);
  });

  test('that is too much is told to the operator, with what to do', async () => {
    const day = await signed({ exp: now() + 86_400 });
    await expect(issuers().read(day)).rejects.toMatchObject({
      ...invalid,
      cause: {
        message:
          'A token of corp is good for 86400 seconds; maxLifetime is 3600. Let the issuer make shorter ones, or raise maxLifetime.',
      },
    });
    expect(await issuers().read(await signed({ exp: now() + 3_600 }))).toBeDefined();
  });

  test('may be as much as the operator says', async () => {
    const week = 7 * 86_400;
    const token = await signed({ exp: now() + week });
    expect(await issuers({ maxLifetime: week }).read(token)).toMatchObject({
      expiresAt: (now() + week) * 1_000,
    });
    await expect(issuers({ maxLifetime: week - 1 }).read(token)).rejects.toMatchObject(invalid);
  });

  test('ends at exp to the second, whatever the skew that is forgiven at its beginning', async () => {
    expect(await issuers().read(await signed({ iat: now() + 59, nbf: now() + 59 }))).toBeDefined();
    const ended = { code: 'token_not_valid', message: 'Token is expired' };
    for (const exp of [now(), now() - 1, now() - 59, now() - 3_600, 0, -1]) {
      await expect(issuers().read(await signed({ exp }))).rejects.toMatchObject(ended);
    }
  });
});

describe('several issuers at once', () => {
  test('are told apart by iss, and ours by the signature', async () => {
    const all = allIssuers();
    const read = (token: string) => all.read(token, ours);
    expect(await read(await corp.sign(claims()))).toMatchObject({ userId: 'corp:alice' });
    expect(await read(await other.sign({ ...claims(), iss: OTHER_ISS }))).toMatchObject({
      userId: 'other:alice',
    });
    expect(await read(await djangoToken(clock, { user_id: 'alice' }))).toMatchObject({
      userId: 'django:alice',
    });
    expect(await read(await tokens.access('alice'))).toMatchObject({ userId: 'alice' });
  });

  test("leave a refusal of ours in our words, where it isn't another's", async () => {
    const wrongType = await tokens.refresh('alice', 's', 'j');
    await expect(allIssuers().read(wrongType, ours)).rejects.toThrow('Token has wrong type');
    const old = await tokens.access('alice');
    const later = fakeClock(clock.now() + 300_000);
    const then = hmacTokens(tokenKeys(secret, later), { clock: later, random: fakeRandom() });
    const settings = { django: { secret: { file: 'secret' } } };
    const read = issuersOf(settings, later).read(old, (token) => then.verify(token, 'access'));
    await expect(read).rejects.toThrow('Token is expired');
  });

  test('take a token for the issuer that it names, though it were signed by us', async () => {
    const all = allIssuers();
    for (const iss of [ISS, 'parlor']) {
      const signed = { iss, token_type: 'access', user_id: 'alice', jti: 'j', ...times(clock) };
      const token = await djangoToken(clock, signed, TOKEN_SECRET);
      await expect(all.read(token, ours)).rejects.toMatchObject(invalid);
    }
  });

  test("end another's token without iss at its exp, too", async () => {
    const { iat } = times(clock);
    const token = await djangoToken(clock, { user_id: 7, iat: iat - 60, exp: iat - 30 });
    await expect(allIssuers().read(token, ours)).rejects.toThrow('Token is expired');
  });

  test('take none of ours where the built-in accounts are off', async () => {
    await expect(allIssuers().read(await tokens.access('alice'))).rejects.toMatchObject(invalid);
    const alone = issuers();
    await expect(alone.read(await tokens.access('alice'))).rejects.toMatchObject(invalid);
  });

  test('do us no harm while a shared secret can not be read', async () => {
    let broken = true;
    const { outside } = parseIssuers({ django: { secret: { file: 'x' } } }, 'x', 'local');
    const all = outsideIssuers(outside, {
      clock,
      readSecret: async () => {
        if (broken) throw new Error('Secrets Manager answered 500 instead of the token secret.');
        return OUTSIDE_SECRET;
      },
    });
    expect(await all.read(await tokens.access('alice'), ours)).toMatchObject({ userId: 'alice' });
    const django = await djangoToken(clock, { user_id: 7 });
    await expect(all.read(django, ours)).rejects.toMatchObject({
      code: 'issuer_unavailable',
      cause: {
        message: expect.stringMatching(/the secret of django: Secrets Manager answered 500/),
      },
    });
    broken = false;
    clock.advance(5_000);
    expect(await all.read(django, ours)).toMatchObject({ userId: 'django:7' });
  });

  test('refuse a shared secret that could be guessed', async () => {
    const { outside } = parseIssuers({ django: { secret: { file: 'x' } } }, 'x', 'local');
    const short = new Uint8Array(31).fill(97);
    const all = outsideIssuers(outside, { clock, readSecret: async () => short });
    const token = await djangoToken(clock, { user_id: 7 }, short);
    await expect(all.read(token)).rejects.toMatchObject({
      code: 'issuer_unavailable',
      cause: { message: expect.stringContaining('must have at least 32 bytes') },
    });
  });
});

test('the signed iss counts, whoever chose the issuer to check it', async () => {
  const [issuer] = parseIssuers({ corp: corpSettings() }, 'x', 'local').outside;
  const read = async (iss: string) =>
    issuer &&
    readOutsideToken(
      issuer,
      async () => corp.key.public,
      await corp.sign({ ...claims(), iss }),
      clock,
    );
  expect(await read(ISS)).toMatchObject({ userId: 'corp:alice' });
  await expect(read(OTHER_ISS)).rejects.toMatchObject(invalid);
});

test('what every object has is no claim', async () => {
  const named = issuers({ superusers: { claim: ['constructor', 'name'], value: 'Object' } });
  expect(await named.read(await corp.sign(claims()))).toMatchObject({ superuser: false });
  const byThat = issuers({ id: ['constructor', 'name'] });
  await expect(byThat.read(await corp.sign(claims()))).rejects.toMatchObject(invalid);
});

test('a key of each kind that is taken works', async () => {
  for (const alg of ['RS256', 'ES256', 'EdDSA'] as const) {
    const provider = await openOidcProvider(alg);
    const token = await provider.sign(claims());
    const read = issuers({ jwks: `${provider.url}/certs` }).read(token);
    expect(await read).toMatchObject({ userId: 'corp:alice' });
    await provider.close();
  }
});

test('a secret among public keys signs nothing', async () => {
  const { privateKey } = await generateKeyPair('RS256');
  const forged = await new SignJWT(claims()).setProtectedHeader({ alg: 'RS256' }).sign(privateKey);
  const provider = await openOidcProvider('RS256');
  Object.assign(provider.key.public, {
    kty: 'oct',
    k: Buffer.from('x'.repeat(32)).toString('base64url'),
  });
  const hmac = await new SignJWT(claims())
    .setProtectedHeader({ alg: 'HS256', kid: provider.key.kid })
    .sign(new TextEncoder().encode('x'.repeat(32)));
  const strict = issuers({ jwks: `${provider.url}/certs` });
  for (const token of [forged, hmac]) {
    await expect(strict.read(token)).rejects.toMatchObject(invalid);
  }
  await provider.close();
});
