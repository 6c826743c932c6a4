import { describe, expect, test } from '@jest/globals';
import { SignJWT } from 'jose';
import { LOOK_EVERY_MS, tokenKeys } from '../../../lambdas/auth/token-keys.ts';
import { LABELS, retiredLabel } from '../../../lambdas/auth/token-secret-labels.ts';
import { hmacTokens } from '../../../lambdas/auth/tokens.ts';
import { fakeClock } from '../../fakes/fake-clock.ts';
import { fakeRandom } from '../../fakes/fake-random.ts';
import { memoryTokenSecret } from '../../fakes/memory-token-secret.ts';

const text = (letter: string) => letter.repeat(32);
const DAY_MS = 24 * 60 * 60 * 1_000;

/** A secret, and functions that start when they are asked for. */
function chat() {
  const clock = fakeClock();
  const secret = memoryTokenSecret(text('a'));
  const starts = () => hmacTokens(tokenKeys(secret.store, clock), { clock, random: fakeRandom() });
  /** A token of somebody who has the secret, with any key's name or none. */
  const signedBy = (key: string, kid?: string, issuedAt = clock.now()) =>
    new SignJWT({ token_type: 'access', user_id: 'alice' })
      .setProtectedHeader({ alg: 'HS256', ...(kid !== undefined && { kid }) })
      .setIssuedAt(Math.floor(issuedAt / 1_000))
      .setExpirationTime(Math.floor(issuedAt / 1_000) + 300)
      .setJti('j')
      .sign(new TextEncoder().encode(text(key)));
  return { clock, secret, starts, signedBy };
}

const invalid = { code: 'token_not_valid', message: 'Token is invalid' };

describe('the keys that sign tokens', () => {
  test('are looked at once a minute by a function that is used; one that starts reads the current one', async () => {
    const { clock, secret, starts } = chat();
    const tokens = starts();
    for (let times = 0; times < 5; times++) await tokens.verify(await tokens.access('alice'));
    expect(secret.asked).toEqual(['current']);
    clock.advance(LOOK_EVERY_MS - 1);
    await tokens.access('alice');
    expect(secret.asked).toHaveLength(1);
    clock.advance(1);
    await tokens.access('alice');
    // The value never changes, so it is not read again.
    expect(secret.asked).toEqual(['current', 'versions']);
  });

  test('are named by the tokens, and tokens that name none are taken by whichever fits', async () => {
    const { secret, starts, signedBy } = chat();
    const before = await signedBy('a');
    const old = await starts().access('alice');
    secret.put(text('b'));
    const tokens = starts();
    expect(await tokens.verify(old)).toMatchObject({ userId: 'alice' });
    expect(await tokens.verify(before)).toMatchObject({ userId: 'alice' });
    expect(await tokens.verify(await signedBy('b'))).toMatchObject({ userId: 'alice' });
    expect(await tokens.verify(await signedBy('b', 'of-django'))).toMatchObject({ jti: 'j' });
    await expect(tokens.verify(await signedBy('c'))).rejects.toMatchObject(invalid);
  });

  test('are not mixed up: one that is named and known is the only one that is tried', async () => {
    const { secret, starts, signedBy } = chat();
    secret.put(text('b'));
    const forged = await signedBy('a', 'version-2');
    await expect(starts().verify(forged)).rejects.toMatchObject(invalid);
  });

  test('sign only when they are current, and are good before', async () => {
    const { clock, secret, starts, signedBy } = chat();
    const tokens = starts();
    await tokens.access('alice');
    const pending = secret.put(text('b'), [LABELS.pending]);
    clock.advance(LOOK_EVERY_MS);
    expect(kidOf(await tokens.access('alice'))).toBe('version-1');
    expect(await tokens.verify(await signedBy('b', pending))).toMatchObject({ userId: 'alice' });
    secret.label(LABELS.current, pending, 'version-1');
    clock.advance(LOOK_EVERY_MS);
    expect(kidOf(await tokens.access('alice'))).toBe(pending);
  });

  test('are good, once they no longer sign, for what they signed before, until that is over', async () => {
    const { clock, secret, starts, signedBy } = chat();
    const device = await starts().device({ userId: 'alice', id: 'phone', epoch: 0 });
    secret.label(retiredLabel('version-1', clock.now() + DAY_MS), 'version-1', undefined);
    secret.put(text('b'));
    const lastDay = await signedBy('a', 'version-1', clock.now() + DAY_MS);
    const tooLate = await signedBy('a', 'version-1', clock.now() + 2 * DAY_MS);
    const nameless = await signedBy('a', undefined, clock.now() + 2 * DAY_MS);
    clock.advance(DAY_MS);
    expect(await starts().verify(lastDay)).toMatchObject({ userId: 'alice' });
    clock.advance(DAY_MS);
    await expect(starts().verify(tooLate)).rejects.toMatchObject(invalid);
    await expect(starts().verify(nameless)).rejects.toMatchObject(invalid);
    // Devices are known for as long as they would have been.
    clock.advance(397 * DAY_MS);
    expect(await starts().recognize(device)).toEqual({ userId: 'alice', id: 'phone', epoch: 0 });
    clock.advance(DAY_MS);
    expect(await starts().recognize(device)).toBeUndefined();
  });

  test('make no device known for longer than the others, whatever its token says', async () => {
    const { starts, clock } = chat();
    const now = Math.floor(clock.now() / 1_000);
    const forever = new SignJWT({ token_type: 'device', user_id: 'alice', epoch: 0 })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuedAt(now)
      .setExpirationTime(now + 401 * 86_400)
      .setJti('phone')
      .sign(new TextEncoder().encode(text('a')));
    expect(await starts().recognize(await forever)).toBeUndefined();
  });

  test('that were ended are refused a minute later everywhere, by whatever else they are called', async () => {
    const { clock, secret, starts, signedBy } = chat();
    const tokens = starts();
    const old = await tokens.access('alice');
    secret.put(text('b'));
    secret.label(LABELS.ended, 'version-1', undefined);
    expect(secret.labelsOf('version-1')).toContain(LABELS.previous);
    clock.advance(LOOK_EVERY_MS);
    for (const each of [old, await signedBy('a')]) {
      await expect(tokens.verify(each)).rejects.toMatchObject(invalid);
      await expect(starts().verify(each)).rejects.toMatchObject(invalid);
    }
  });
});

describe('a key that is not known', () => {
  test('is looked for at once, when it may have come since', async () => {
    const { clock, secret, starts } = chat();
    const tokens = starts();
    await tokens.access('alice');
    secret.put(text('b'));
    clock.advance(10_000);
    const elsewhere = await starts().access('alice');
    expect(await tokens.verify(elsewhere)).toMatchObject({ userId: 'alice' });
  });

  test('is looked for at most every five seconds, whoever names it: told apart from a bad token', async () => {
    const { clock, secret, starts, signedBy } = chat();
    const tokens = starts();
    await tokens.access('alice');
    clock.advance(10_000);
    const forged = (kid: number) => signedBy('x', `kid-${kid}`);
    await expect(tokens.verify(await forged(0))).rejects.toMatchObject(invalid);
    expect(secret.asked).toEqual(['current', 'versions']);
    clock.advance(1_000);
    for (let kid = 1; kid < 100; kid++) {
      const refusal = { code: 'rate_limited', details: { retryAfter: 4 } };
      await expect(tokens.verify(await forged(kid))).rejects.toMatchObject(refusal);
    }
    expect(secret.asked).toHaveLength(2);
    expect(await tokens.verify(await tokens.access('alice'))).toMatchObject({ userId: 'alice' });
    clock.advance(4_000);
    await expect(tokens.verify(await forged(100))).rejects.toMatchObject(invalid);
    expect(secret.asked).toHaveLength(3);
  });

  test('is not looked for where the token is older than the last look, or over', async () => {
    const { clock, secret, starts, signedBy } = chat();
    const ended = await signedBy('x', 'gone');
    clock.advance(1_000);
    const tokens = starts();
    await tokens.access('alice');
    clock.advance(20_000);
    const over = await signedBy('x', 'unknown', clock.now() - 301_000);
    for (const each of [ended, over])
      await expect(tokens.verify(each)).rejects.toMatchObject(invalid);
    expect(secret.asked).toHaveLength(2);
  });
});

describe('while the secret can not be read', () => {
  test('a function that starts fails, and works as soon as it can', async () => {
    const { secret, starts } = chat();
    const tokens = starts();
    secret.breaks(true);
    await expect(tokens.access('alice')).rejects.toThrow('The store is down.');
    await expect(tokens.recognize('a.b.c')).rejects.toThrow('The store is down.');
    secret.breaks(false);
    await expect(tokens.access('alice')).resolves.toBeDefined();
  });

  test('one that runs goes on for an hour, and no key that was ended for longer', async () => {
    const { clock, secret, starts } = chat();
    const tokens = starts();
    await tokens.access('alice');
    secret.breaks(true);
    for (let minutes = 1; minutes < 60; minutes++) {
      clock.advance(60_000);
      await tokens.verify(await tokens.access('alice'));
    }
    clock.advance(60_000);
    await expect(tokens.access('alice')).rejects.toThrow('The store is down.');
  });

  test('nobody is logged out by a key that could not be looked for', async () => {
    const { clock, secret, starts } = chat();
    const tokens = starts();
    await tokens.access('alice');
    secret.put(text('b'));
    clock.advance(10_000);
    const elsewhere = await starts().access('alice');
    secret.breaks(true);
    await expect(tokens.verify(elsewhere)).rejects.toThrow('The store is down.');
    secret.breaks(false);
    clock.advance(5_000);
    expect(await tokens.verify(elsewhere)).toMatchObject({ userId: 'alice' });
  });

  test('one that starts and may not ask for the versions works with the current one', async () => {
    const { clock, secret, starts, signedBy } = chat();
    const tokens = starts();
    const own = await tokens.access('alice');
    secret.breaks(true);
    clock.advance(1_000);
    expect(await tokens.verify(own)).toMatchObject({ userId: 'alice' });
    await expect(tokens.verify(await signedBy('x', 'other'))).rejects.toThrow('store is down');
    // Nor does it ask for each token that names another.
    const asked = secret.asked.length;
    const refusal = { code: 'rate_limited' };
    for (const kid of ['x', 'y', undefined])
      await expect(tokens.verify(await signedBy('x', kid))).rejects.toMatchObject(refusal);
    expect(secret.asked).toHaveLength(asked);
  });

  test('a version whose value could not be read is read again', async () => {
    const { clock, secret, starts, signedBy } = chat();
    const old = await signedBy('a', 'version-1');
    secret.put(text('b'));
    const tokens = starts();
    await tokens.access('alice');
    clock.advance(LOOK_EVERY_MS);
    await tokens.access('alice');
    secret.breaks(true);
    await expect(tokens.verify(old)).rejects.toThrow('The store is down.');
    secret.breaks(false);
    expect(await tokens.verify(old)).toMatchObject({ userId: 'alice' });
  });

  test('many who ask at once cause one look', async () => {
    const { secret, starts, signedBy } = chat();
    secret.put(text('b'));
    const tokens = starts();
    await Promise.all(Array.from({ length: 10 }, () => tokens.access('alice')));
    const old = await signedBy('a', 'version-1');
    const others = Array.from({ length: 10 }, () => tokens.verify(old));
    await Promise.all(others);
    expect(secret.asked).toEqual(['current', 'versions', 'version-1']);
  });
});

const kidOf = (token: string): unknown =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid;
