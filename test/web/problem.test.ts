import { describe, expect, test } from '@jest/globals';
import { ParlorClientError } from '../../client/index.ts';
import { missing, problemOf } from '../../web/sign-in/problem.ts';

const refused = (fields: Record<string, string[]>) =>
  new ParlorClientError('invalid_field', 'See the fields.', { fields });

describe('why one could not sign in', () => {
  test('stands at the field that it is about', () => {
    expect(problemOf(refused({ username: ['Taken.', 'Too long.'] }))).toEqual({
      username: 'Taken. Too long.',
    });
    expect(problemOf(refused({ password: ['Too common.'], other: ['Odd.'] }))).toEqual({
      password: 'Too common.',
      general: 'Odd.',
    });
  });

  test('is the sentence of the error where it is about no field', () => {
    const throttled = new ParlorClientError('login_throttled', 'Wait a minute.');
    expect(problemOf(throttled)).toEqual({ general: 'Wait a minute.' });
  });

  test('is told at the password where the two don’t go together', () => {
    const wrong = new ParlorClientError('authentication_failed', 'No active account found.');
    expect(problemOf(wrong)).toEqual({
      password: 'The name or the password is not right. Try again.',
    });
  });

  test('is asked for before anything is sent, where it was left out', () => {
    expect(missing('', '')).toEqual({ username: 'Enter a name.', password: 'Enter a password.' });
    expect(missing('alice', '')).toEqual({ password: 'Enter a password.' });
    expect(missing('alice', 'x')).toBeUndefined();
  });

  test('is something even where nobody knows what', () => {
    expect(problemOf(new TypeError('x'))).toEqual({ general: 'Something went wrong. Try again.' });
  });
});
