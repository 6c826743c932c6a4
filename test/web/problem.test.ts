import { describe, expect, test } from '@jest/globals';
import { ParlorClientError } from '../../client/index.ts';
import { problemOf } from '../../web/sign-in/problem.ts';

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
    const wrong = new ParlorClientError('authentication_failed', 'Wrong name or password.');
    expect(problemOf(wrong)).toEqual({ general: 'Wrong name or password.' });
  });

  test('is something even where nobody knows what', () => {
    expect(problemOf(new TypeError('x'))).toEqual({ general: 'Something went wrong. Try again.' });
  });
});
