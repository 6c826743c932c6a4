import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { JWK } from 'jose';
import { weaknessOf } from '../../../lambdas/auth/weak-keys.ts';
import { fakeClock } from '../../fakes/fake-clock.ts';
import { openOidcProvider } from '../../fakes/oidc-provider.ts';
import { issuersOf, times } from './outside-tokens.ts';

const ISS = 'https://id.example.com/';
const clock = fakeClock();
const TOO_WEAK = {
  code: 'token_not_valid',
  message: 'Token is signed by a key that is too weak',
};

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** What is to be signed, by a key of this name. */
const unsigned = (kid?: string) =>
  `${base64({ alg: 'RS256', kid })}.${base64({ iss: ISS, aud: 'a', sub: 'alice', ...times(clock) })}`;

const pairOf = (bits: number) => generateKeyPairSync('rsa', { modulusLength: bits });

/** PKCS #1: what a signature with e = 1 has to be, for anybody who looks at the public key. */
function forgedFor(text: string, bytes: number): string {
  const algorithm = Buffer.from('3031300d060960864801650304020105000420', 'hex');
  const digest = Buffer.concat([algorithm, createHash('sha256').update(text).digest()]);
  const filling = Buffer.alloc(bytes - digest.length - 3, 0xff);
  return Buffer.concat([Buffer.of(0, 1), filling, Buffer.of(0), digest]).toString('base64url');
}

/** An issuer that shows these keys. */
async function issuerWith(keys: readonly JWK[]) {
  const provider = await openOidcProvider('RS256');
  const { public: shown } = provider.key;
  for (const name of Object.keys(shown)) delete (shown as Record<string, unknown>)[name];
  const [first, ...others] = keys;
  Object.assign(shown, first);
  expect(others).toEqual([]);
  return {
    issuers: issuersOf(
      { corp: { issuer: ISS, jwks: `${provider.url}/certs`, audience: 'a' } },
      clock,
    ),
    close: () => provider.close(),
  };
}

describe('a weak key of an issuer', () => {
  test.each([['weak'], [undefined]])('is refused for its size (kid: %s)', async (kid) => {
    const { privateKey, publicKey } = pairOf(1_024);
    const jwk = { ...(publicKey.export({ format: 'jwk' }) as JWK), kid: 'weak', alg: 'RS256' };
    const { issuers, close } = await issuerWith([jwk]);
    const signature = sign('sha256', Buffer.from(unsigned(kid)), privateKey).toString('base64url');
    await expect(issuers.read(`${unsigned(kid)}.${signature}`)).rejects.toMatchObject({
      ...TOO_WEAK,
      cause: {
        message:
          'The key "weak" of corp has 1024 bits. Let the issuer sign with RSA of 2,048 bits or more and e = 65537, or with ES256, and show that key.',
      },
    });
    await close();
  });

  test('is refused for an exponent with which anybody can sign', async () => {
    const { n } = pairOf(2_048).publicKey.export({ format: 'jwk' }) as JWK;
    const { issuers, close } = await issuerWith([
      { kty: 'RSA', n: n ?? '', e: 'AQ', kid: 'one', alg: 'RS256' },
    ]);
    const text = unsigned('one');
    await expect(issuers.read(`${text}.${forgedFor(text, 256)}`)).rejects.toMatchObject({
      ...TOO_WEAK,
      cause: { message: expect.stringContaining('The key "one" of corp has the exponent 1.') },
    });
    await close();
  });
});

describe('the weakness of a key', () => {
  const strong = pairOf(2_048).publicKey.export({ format: 'jwk' }) as JWK;

  test('is none for RSA of 2,048 bits with e of 3 and more, and for other kinds', () => {
    expect(weaknessOf(strong)).toBeUndefined();
    expect(weaknessOf({ ...strong, e: 'Aw' })).toBeUndefined();
    expect(weaknessOf({ kty: 'EC', crv: 'P-256' })).toBeUndefined();
  });

  test.each([
    [{ e: 'AQ' }, 'has the exponent 1'],
    [{ e: 'Ag' }, 'has the exponent 2'],
    [{ e: 'AAAB' }, 'has the exponent 1'],
    [{ e: '' }, 'has the exponent 0'],
    [{ n: 'AQ' }, 'has 1 bits'],
    [{ n: `AAAA${Buffer.alloc(255, 0x7f).toString('base64url')}` }, 'has 2039 bits'],
    [{ n: undefined }, 'has 0 bits'],
  ])('is told: %j', (given, weakness) => {
    expect(weaknessOf({ ...strong, ...given } as JWK)).toBe(weakness);
  });
});
