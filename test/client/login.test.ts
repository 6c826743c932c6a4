import { describe, expect, test } from '@jest/globals';
import { timeLeft } from '../../client/login.ts';
import { jwt } from './fake-accounts.ts';

const login = (access: string) => ({ username: 'alice', access, refresh: '', receivedAt: 1_000 });

describe('the time a token has left', () => {
  test('is counted from when it came, by its life', () => {
    const access = jwt({ iat: 2_000_000, exp: 2_000_300, user_id: 'ÿ>?' });
    expect(timeLeft(login(access), 1_000)).toBe(300_000);
    expect(timeLeft(login(access), 61_000)).toBe(240_000);
  });

  test('is none when the clock was set back', () => {
    expect(timeLeft(login(jwt({ iat: 0, exp: 300 })), 999)).toBe(0);
  });

  test('has no end that can be known for what is no such token', () => {
    for (const access of ['garbage', jwt({ exp: 5 }), jwt({ exp: 'soon', iat: 1 })])
      expect(timeLeft(login(access), 61_000)).toBe(Number.POSITIVE_INFINITY);
  });
});
