import { describe, expect, test } from '@jest/globals';
import { DJANGO_ITERATIONS, parseDjangoHash } from '../../../lambdas/auth/django-passwords.ts';
import { scryptHasher } from '../../../lambdas/auth/passwords.ts';
import { authenticate } from '../../../lambdas/chat/accounts.ts';
import { CHEAP_SCRYPT } from '../../fakes/cheap-hasher.ts';
import { anAccount, FROM } from '../../fakes/samples.ts';
import { fakeServices } from '../../fakes/services.ts';
import { djangoHash } from './django-hash.ts';

/** Django's own: PBKDF2PasswordHasher().encode("lètmein", "seasalt", 20000), from its tests. */
const FROM_DJANGO = 'pbkdf2_sha256$20000$seasalt$oBSd886ysm3AqYun62DOdin8YcfbU1z9cksZSuLP9r0=';

const hasher = scryptHasher(CHEAP_SCRYPT, 100);

describe("Django's hash", () => {
  test("of its own tests is fitted by that password, by Django's reckoning", async () => {
    expect(await scryptHasher(CHEAP_SCRYPT, 20_000).verify('lètmein', FROM_DJANGO)).toBe(true);
    expect(await scryptHasher(CHEAP_SCRYPT, 20_000).verify('lètmeinz', FROM_DJANGO)).toBe(false);
  });

  test('takes the bytes of a password as they came', async () => {
    expect(await hasher.verify('ﬁancé', djangoHash('ﬁancé'))).toBe(true);
    expect(await hasher.verify('fiancé', djangoHash('ﬁancé'))).toBe(false);
  });

  test('is outdated', () => {
    expect(hasher.isOutdated(djangoHash('correct horse'))).toBe(true);
  });

  test.each([
    ['another kind', djangoHash('x').replace('sha256', 'sha1')],
    ['no iterations', djangoHash('x').replace('$50$', '$0$')],
    ['iterations that are no number', djangoHash('x').replace('$50$', '$5e1$')],
    ['more iterations than are allowed', djangoHash('x').replace('$50$', '$1500001$')],
    ['no salt', djangoHash('x').replace('$salt$', '$$')],
    ['a key of another length', djangoHash('x').slice(0, -5)],
    ['something after it', `${djangoHash('x')}$x`],
  ])('with %s is none', async (_what, hash) => {
    expect(parseDjangoHash(hash)).toBeUndefined();
    await expect(hasher.verify('x', hash)).rejects.toThrow('format');
  });

  test('of the most iterations that are allowed is one', () => {
    expect(
      parseDjangoHash(djangoHash('x').replace('$50$', `$${DJANGO_ITERATIONS}$`)),
    ).toBeDefined();
  });
});

describe('a login to an imported account', () => {
  const password = 'purple-elephant-42';

  async function imported(disabled = false) {
    const services = fakeServices();
    const passwordHash = djangoHash(password);
    await services.accounts.create(anAccount({ passwordHash, disabled }));
    return { services, passwordHash };
  }

  test('hashes the password anew, and works again', async () => {
    const { services } = await imported();
    await authenticate(services, { username: 'alice', password }, FROM);
    const renewed = (await services.accounts.find('alice'))?.passwordHash;
    expect(renewed).toMatch(/^\$scrypt\$/);
    await authenticate(services, { username: 'alice', password }, FROM);
    expect((await services.accounts.find('alice'))?.passwordHash).toBe(renewed);
  });

  test('leaves the hash alone when the password is wrong, or the account disabled', async () => {
    for (const [disabled, given] of [
      [false, 'wrong'],
      [true, password],
    ] as const) {
      const { services, passwordHash } = await imported(disabled);
      await expect(
        authenticate(services, { username: 'alice', password: given }, FROM),
      ).rejects.toMatchObject({ code: 'authentication_failed' });
      expect((await services.accounts.find('alice'))?.passwordHash).toBe(passwordHash);
    }
  });

  test('does not overwrite a hash that another login has written meanwhile', async () => {
    const { services } = await imported();
    const { hash } = services.hasher;
    services.hasher.hash = async (given) => {
      await services.accounts.rehash('alice', djangoHash(password), 'written first');
      return await hash(given);
    };
    await authenticate(services, { username: 'alice', password }, FROM);
    expect((await services.accounts.find('alice'))?.passwordHash).toBe('written first');
  });

  test('compares a disabled account as if there were none', async () => {
    const { services } = await imported(true);
    const compared: (string | undefined)[] = [];
    const { verify } = services.hasher;
    services.hasher.verify = (given, stored) => {
      compared.push(stored);
      return verify(given, stored);
    };
    await authenticate(services, { username: 'alice', password }, FROM).catch(() => {});
    expect(compared).toEqual([undefined]);
  });
});
