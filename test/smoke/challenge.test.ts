import { expect, test } from '@jest/globals';
import { challengeOf } from '../../smoke/challenge.ts';

test.each(['WWW-Authenticate', 'x-amzn-Remapped-WWW-Authenticate'])(
  'a challenge is found under %s',
  (name) => {
    expect(challengeOf(new Headers({ [name]: 'Bearer realm="api"' }))).toBe('Bearer realm="api"');
    expect(challengeOf(new Headers())).toBeNull();
  },
);
