import { describe, expect, test } from '@jest/globals';
import { usernameKey, usernameProblem } from '../../protocol/names.ts';

describe('the key of every character that a username may be', () => {
  test('is its own key, whatever the name and its case', () => {
    const wrong: string[] = [];
    for (let code = 0; code <= 0x10ffff; code++) {
      const name = String.fromCodePoint(code);
      if (usernameProblem(name) !== undefined) continue;
      const key = usernameKey(name);
      const others = [key, name.toUpperCase(), name.toLowerCase(), name.normalize('NFD')];
      if (others.some((other) => usernameKey(other) !== key)) wrong.push(name);
    }
    expect(wrong).toEqual([]);
  });
});
