import { describe, expect, test } from '@jest/globals';
import { choicesFor } from '../../web/rooms/choices.ts';

const ROOMS = ['garden-party', 'lobby', 'old-garden', 'Garage'];
const names = (typed: string) => choicesFor(typed, ROOMS).map(({ name }) => name);

describe('going to a room', () => {
  test('offers all that one has before anything is typed', () => {
    expect(names('')).toEqual(ROOMS);
  });

  test('offers those that begin so first, whatever the case, then the room of that name', () => {
    expect(names('gar')).toEqual(['garden-party', 'Garage', 'old-garden', 'gar']);
    expect(choicesFor('gar', ROOMS).at(-1)).toEqual({ name: 'gar', isNew: true });
  });

  test('does not offer to make what is there', () => {
    expect(choicesFor('lobby', ROOMS)).toEqual([{ name: 'lobby', isNew: false }]);
    // Case matters in a room's name.
    expect(names('Lobby')).toEqual(['lobby', 'Lobby']);
  });

  test('takes a space for what it means', () => {
    expect(names('garden p')).toEqual(['garden-party', 'garden-p']);
  });

  test('offers nothing for what no room can be called', () => {
    expect(names('a/b')).toEqual([]);
  });
});
