import { describe, expect, test } from '@jest/globals';
import { complete } from '../../../bin/chat/completion.ts';

const ROOMS = ['music', 'Lobby', 'lounge', 'lobby', 'lobby'];

describe('tab', () => {
  test('completes commands', () => {
    expect(complete('/r', ROOMS)).toEqual([['/retry', '/room ', '/rooms'], '/r']);
    expect(complete('/q', ROOMS)).toEqual([['/quit'], '/q']);
    expect(complete('/', ROOMS)[0]).toContain('/help');
  });

  test('completes the rooms after /room, in any case', () => {
    expect(complete('/room lo', ROOMS)).toEqual([['Lobby', 'lobby', 'lounge'], 'lo']);
    expect(complete('/room  MU', ROOMS)).toEqual([['music'], 'MU']);
    expect(complete('/room ', ROOMS)[0]).toHaveLength(4);
    expect(complete('/room nope', ROOMS)).toEqual([[], 'nope']);
  });

  test('leaves what is said alone', () => {
    for (const line of ['', 'hello', 'go to /room l', '/room lobby l']) {
      expect(complete(line, ROOMS)[0]).toEqual([]);
    }
  });
});
