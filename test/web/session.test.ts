import { describe, expect, test } from '@jest/globals';
import { sentence } from '../../web/api.ts';
import { secondsLeft } from '../../web/session.ts';

const token = (claims: object) =>
  `head.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`;

describe('the time a token has left', () => {
  test('is counted from its exp claim', () => {
    expect(secondsLeft(token({ exp: 1_000, user_id: 'ÿ>?' }), 940_000)).toBe(60);
  });

  test('is none for what is no token, or has no exp', () => {
    expect(secondsLeft('garbage')).toBe(0);
    expect(secondsLeft(token({ exp: 'soon' }))).toBe(0);
  });
});

describe('the sentence of an error', () => {
  test('is its detail, or what its fields say', () => {
    expect(sentence({ detail: 'Not found.', code: 'not_found' })).toBe('Not found.');
    expect(sentence({ username: ['Taken.'], password: ['Too short.', 'Too common.'] })).toBe(
      'Taken. Too short. Too common.',
    );
  });

  test('is a general one where the server said nothing that can be read', () => {
    for (const answer of [undefined, null, 'oops', {}, { detail: 7 }]) {
      expect(sentence(answer)).toMatch(/^Something went wrong/);
    }
  });
});
