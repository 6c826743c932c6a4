import { describe, expect, test } from '@jest/globals';
import { passwordPolicy } from '../../../lambdas/auth/password-policy.ts';

const SHORT = 'This password is too short. It must contain at least 8 characters.';
const LONG = 'Ensure this field has no more than 1024 characters.';
const COMMON = 'This password is too common.';
const NUMERIC = 'This password is entirely numeric.';
const SIMILAR = 'The password is too similar to the username.';

const problems = (password: string, username = 'bob') =>
  passwordPolicy.problems(password, username);

describe('a password', () => {
  test.each(['purple-elephant-42', 'пароль-которого-нет', '  spaces  count  ', '🐘🐘🐘🐘🐘🐘🐘🐘'])(
    'like %s is taken',
    async (password) => {
      expect(await problems(password)).toEqual([]);
    },
  );

  test.each([
    ['', [SHORT]],
    ['xkq-7zp', [SHORT]],
    ['🐘🐘🐘🐘🐘🐘🐘', [SHORT]],
    ['password', [COMMON]],
    ['PassWord', [COMMON]],
    ['983651742036', [NUMERIC]],
    ['12345678', [COMMON, NUMERIC]],
    ['123456', [SHORT, COMMON, NUMERIC]],
  ])('like %j is refused', async (password, expected) => {
    expect(await problems(password)).toEqual(expected);
  });

  test('has at most 1,024 characters', async () => {
    expect(await problems('xy'.repeat(512))).toEqual([]);
    expect(await problems(`${'xy'.repeat(512)}x`)).toEqual([LONG]);
  });

  test.each([
    ['margaret', 'margaret'],
    ['MARGARET', 'margaret'],
    ['margaret99', 'Margaret'],
    ['margarets', 'argarets'],
    ['alice123', 'alice'],
  ])('like %s is refused for %s', async (password, username) => {
    expect(await problems(password, username)).toContain(SIMILAR);
  });

  test.each([
    ['margaret-of-york-1446', 'margaret'],
    ['ab-purple-elephant', 'ab'],
    ['purple-elephant', 'x'],
  ])('like %s is taken for %s', async (password, username) => {
    expect(await problems(password, username)).toEqual([]);
  });
});
