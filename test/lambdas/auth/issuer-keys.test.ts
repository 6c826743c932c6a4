import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { COOLDOWN_MS, COOLDOWN_WITHOUT_MS } from '../../../lambdas/auth/kept.ts';
import type { OutsideIssuers } from '../../../lambdas/auth/outside-issuers.ts';
import { type FakeClock, fakeClock } from '../../fakes/fake-clock.ts';
import { type OidcProvider, openOidcProvider } from '../../fakes/oidc-provider.ts';
import { issuersOf, times } from './outside-tokens.ts';

const ISS = 'https://id.example.com/';
const TEN_MINUTES = 600_000;

let clock: FakeClock;
let provider: OidcProvider;
let issuers: OutsideIssuers;
beforeEach(async () => {
  clock = fakeClock();
  provider = await openOidcProvider('ES256');
  issuers = issuersOf(
    { corp: { issuer: ISS, jwks: `${provider.url}/certs`, audience: 'a' } },
    clock,
  );
});
afterEach(() => provider.close());

const sign = () => provider.sign({ iss: ISS, aud: 'a', sub: 'alice', ...times(clock) });
const read = async () => await issuers.read(await sign());
const told = (code: string, retryAfter: number) =>
  expect.objectContaining({ code, details: expect.objectContaining({ retryAfter }) });
const unavailable = (retryAfter: number) => told('issuer_unavailable', retryAfter);
const tooSoon = (retryAfter: number) => told('rate_limited', retryAfter);

describe("an issuer's keys", () => {
  test('are asked for once by many who come together, and then not for ten minutes', async () => {
    await Promise.all(Array.from({ length: 20 }, read));
    expect(provider.asked).toBe(1);
    clock.advance(TEN_MINUTES - 1);
    await read();
    expect(provider.asked).toBe(1);
    clock.advance(1);
    await Promise.all(Array.from({ length: 20 }, read));
    expect(provider.asked).toBe(2);
  });

  test('may change while we run: a key that is not known is asked for', async () => {
    const old = await sign();
    await read();
    clock.advance(COOLDOWN_MS);
    await provider.rotate('beside');
    await Promise.all(Array.from({ length: 20 }, read));
    expect(provider.asked).toBe(2);
    expect(await issuers.read(old)).toBeDefined();
    expect(provider.asked).toBe(2);
  });

  test('are of no use ten minutes after they were withdrawn', async () => {
    await read();
    const old = await sign();
    await provider.rotate('alone');
    clock.advance(TEN_MINUTES);
    const stolen = await provider.sign(
      { iss: ISS, aud: 'a', sub: 'alice', ...times(clock) },
      { kid: 'key-1' },
    );
    await expect(issuers.read(stolen)).rejects.toMatchObject({ code: 'token_not_valid' });
    // It has expired as well, which is told without asking for its key.
    await expect(issuers.read(old)).rejects.toThrow('Token is expired');
  });

  test('are not asked for by each forged token: in between it is told to wait', async () => {
    await read();
    clock.advance(1_000);
    const forged = await provider.sign(
      { iss: ISS, aud: 'a', sub: 'eve', ...times(clock) },
      { kid: 'no such' },
    );
    await expect(issuers.read(forged)).rejects.toEqual(tooSoon(29));
    clock.advance(COOLDOWN_MS - 1_000);
    await expect(issuers.read(forged)).rejects.toMatchObject({ code: 'token_not_valid' });
    clock.advance(1);
    for (let n = 0; n < 100; n++) await expect(issuers.read(forged)).rejects.toEqual(tooSoon(30));
    expect(provider.asked).toBe(2);
    await read();
  });

  test('are final when they were read for this very token', async () => {
    const forged = await provider.sign(
      { iss: ISS, aud: 'a', sub: 'eve', ...times(clock) },
      { kid: 'no such' },
    );
    await expect(issuers.read(forged)).rejects.toMatchObject({ code: 'token_not_valid' });
    expect(provider.asked).toBe(1);
  });
});

describe('while an issuer is out of order', () => {
  test.each(['fault', 'nonsense', 'elsewhere'] as const)(
    'its known keys go on working, and others are told to try again (%s)',
    async (answers) => {
      await read();
      provider.answers = answers;
      for (let hour = 0; hour < 5; hour++) {
        clock.advance(3_600_000);
        await read();
      }
      expect(provider.asked).toBe(6);
      clock.advance(COOLDOWN_MS);
      await provider.rotate();
      await expect(read()).rejects.toEqual(unavailable(30));
      clock.advance(COOLDOWN_MS / 2);
      await expect(read()).rejects.toEqual(unavailable(15));

      provider.answers = 'keys';
      clock.advance(COOLDOWN_MS / 2);
      expect(await read()).toMatchObject({ userId: 'corp:alice' });
      // From then on it is the token that is at fault.
      clock.advance(1);
      await provider.rotate();
      await expect(read()).rejects.toEqual(tooSoon(30));
    },
  );

  test('nobody gets in who has not been seen, but soon after', async () => {
    provider.answers = 'fault';
    await expect(read()).rejects.toMatchObject({
      code: 'issuer_unavailable',
      status: 503,
      cause: { message: `Can't read the keys of corp: ${provider.url}/certs answered 500.` },
    });
    await expect(read()).rejects.toEqual(unavailable(5));
    expect(provider.asked).toBe(1);
    provider.answers = 'keys';
    clock.advance(COOLDOWN_WITHOUT_MS);
    expect(await read()).toBeDefined();
  });

  test('a provider that is gone is told to the operator with its reason', async () => {
    const token = await sign();
    await provider.close();
    await expect(issuers.read(token)).rejects.toMatchObject({
      cause: {
        message: expect.stringMatching(
          /^Can't read the keys of corp: fetch failed: .*ECONNREFUSED/,
        ),
      },
    });
    provider = await openOidcProvider('ES256');
  });

  test('one that answers without end is not listened to for long', async () => {
    provider.answers = 'flood';
    await expect(read()).rejects.toMatchObject({
      code: 'issuer_unavailable',
      cause: {
        message: `Can't read the keys of corp: ${provider.url}/certs answered with more than 1000000 bytes.`,
      },
    });
  });

  test('one that takes a request and says nothing is waited for three seconds', async () => {
    provider.answers = 'nothing';
    const inTime = AbortSignal.timeout;
    const limits: number[] = [];
    jest.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      limits.push(ms);
      return inTime(ms / 100);
    });
    await expect(read()).rejects.toMatchObject({
      code: 'issuer_unavailable',
      cause: { message: expect.stringContaining('timeout') },
    });
    expect(limits).toEqual([3_000]);
    jest.restoreAllMocks();
  });
});
