import { scryptSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { isPasswordHash, lockedHash, scryptHasher } from '../../../lambdas/auth/passwords.ts';
import { CHEAP_DJANGO_ITERATIONS, CHEAP_SCRYPT } from '../../fakes/cheap-hasher.ts';

const hasher = scryptHasher(CHEAP_SCRYPT, CHEAP_DJANGO_ITERATIONS);

describe('a hash', () => {
  test('has the PHC format, with parameters, salt and key that anyone can check', async () => {
    const hash = await hasher.hash('correct horse');
    const [, name, parameters, salt = '', key = ''] = hash.split('$');
    expect([name, parameters]).toEqual(['scrypt', 'ln=4,r=8,p=1']);
    expect(Buffer.from(salt, 'base64')).toHaveLength(16);
    const expected = scryptSync('correct horse', Buffer.from(salt, 'base64'), 32, {
      N: 16,
      r: 8,
      p: 1,
    });
    expect(Buffer.from(key, 'base64')).toEqual(expected);
    expect(salt + key).not.toContain('=');
  });

  test('of the same password is another each time', async () => {
    expect(await hasher.hash('correct horse')).not.toBe(await hasher.hash('correct horse'));
  });

  test('costs what OWASP asks for by default', async () => {
    const owasp = scryptHasher();
    const hash = await owasp.hash('correct horse');
    expect(hash).toMatch(/^\$scrypt\$ln=17,r=8,p=1\$/);
    expect(await owasp.verify('correct horse', hash)).toBe(true);
  });
});

describe('a password', () => {
  test('fits its hash, and no other does', async () => {
    const hash = await hasher.hash('correct horse');
    expect(await hasher.verify('correct horse', hash)).toBe(true);
    for (const wrong of ['', 'correct hors', 'correct horse ', 'Correct horse', hash]) {
      expect(await hasher.verify(wrong, hash)).toBe(false);
    }
  });

  test('is the same however its characters are composed', async () => {
    const hash = await hasher.hash('ﬁancé');
    expect(await hasher.verify('fiance\u0301', hash)).toBe(true);
    expect(await hasher.verify('fiance', hash)).toBe(false);
  });

  test('fits a hash that was made with other parameters', async () => {
    const hash = await scryptHasher({ ln: 5, r: 4, p: 2 }).hash('correct horse');
    expect(await hasher.verify('correct horse', hash)).toBe(true);
    expect(await hasher.verify('wrong horse', hash)).toBe(false);
  });

  test('never fits where there is no hash', async () => {
    expect(await hasher.verify('correct horse', undefined)).toBe(false);
    expect(await hasher.verify('', undefined)).toBe(false);
  });

  test('takes as long to check where there is no hash', async () => {
    const costly = scryptHasher({ ln: 14, r: 8, p: 1 }, CHEAP_DJANGO_ITERATIONS);
    const hash = await costly.hash('correct horse');
    const fastest = async (stored: string | undefined) => {
      const times: number[] = [];
      for (let round = 0; round < 5; round++) {
        const start = performance.now();
        await costly.verify('wrong horse', stored);
        times.push(performance.now() - start);
      }
      return Math.min(...times);
    };
    const ratio = (await fastest(undefined)) / (await fastest(hash));
    // Without the work it would be a hundredth; the machine may be busy meanwhile.
    expect(ratio).toBeGreaterThan(0.3);
    expect(ratio).toBeLessThan(3);
  });

  test.each([
    '',
    'plain text',
    '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$a2V5',
    '$scrypt$ln=4,r=8$a$b',
  ])('is not compared with what is no hash of ours: %j', async (stored) => {
    await expect(hasher.verify('correct horse', stored)).rejects.toThrow('scrypt format');
  });
});

test('a hash is outdated when its parameters are not those of new ones', async () => {
  const hash = await hasher.hash('correct horse');
  expect(hasher.isOutdated(hash)).toBe(false);
  for (const other of [{ ln: 5 }, { ln: 3 }, { r: 4 }, { p: 2 }]) {
    expect(scryptHasher({ ...CHEAP_SCRYPT, ...other }).isOutdated(hash)).toBe(true);
  }
});

test('no password fits a locked hash', async () => {
  const locked = lockedHash();
  expect(lockedHash()).not.toBe(locked);
  expect(scryptHasher().isOutdated(locked)).toBe(false);
  for (const password of ['', 'correct horse', locked]) {
    expect(await hasher.verify(password, locked)).toBe(false);
  }
});

describe('a hash that comes from elsewhere', () => {
  const key = 'A'.repeat(43);
  test.each([
    ['of our own', `$scrypt$ln=17,r=8,p=1$c2FsdA$${key}`, true],
    ["of Django's", `pbkdf2_sha256$600000$salt$${key}=`, true],
    ['that would take a gigabyte', `$scrypt$ln=21,r=8,p=1$c2FsdA$${key}`, false],
    ['of no cost', `$scrypt$ln=0,r=8,p=1$c2FsdA$${key}`, false],
    ['of another length', '$scrypt$ln=17,r=8,p=1$c2FsdA$AAAA', false],
    ["of Django's with too many iterations", `pbkdf2_sha256$9000000$salt$${key}=`, false],
    ['of another kind', '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$a2V5', false],
  ])('%s is taken or not', (_what, hash, taken) => {
    expect(isPasswordHash(hash)).toBe(taken);
  });
});
