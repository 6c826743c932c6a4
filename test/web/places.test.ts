import { describe, expect, test } from '@jest/globals';
import { parsePlace, pathOfRoom, typedRoomName } from '../../web/app/places.ts';

describe('an address', () => {
  test('leads to the rooms, to a room, or to a message in it', () => {
    expect(parsePlace('/')).toEqual({ page: 'home' });
    expect(parsePlace('/room/lobby')).toEqual({ page: 'room', room: 'lobby' });
    expect(parsePlace('/room/lobby/')).toEqual({ page: 'room', room: 'lobby' });
    expect(parsePlace('/room/lobby/17')).toEqual({ page: 'room', room: 'lobby', seq: 17 });
    expect(parsePlace('/room/lobby', '#17')).toEqual({ page: 'room', room: 'lobby', seq: 17 });
  });

  test('is read back as the room that it was made of', () => {
    for (const room of ['lobby', 'größe', 'проект-v2', 'a_b', '日本']) {
      expect(parsePlace(pathOfRoom(room))).toEqual({ page: 'room', room });
      expect(parsePlace(pathOfRoom(room, 3))).toEqual({ page: 'room', room, seq: 3 });
      expect(pathOfRoom(room)).toMatch(/^[\x21-\x7e]+$/);
    }
  });

  test('leads nowhere when no room can be called so', () => {
    for (const path of [
      ...['/nothing', '/room', '/room/', '/room/a b', '/room/a%20b', '/room/%E0%A4%A', '/room/a/b'],
      ...['/room/a/0', '/room/a/-1', '/room/a/1e3', `/room/${'a'.repeat(101)}`, '/room/a/1/2'],
    ]) {
      expect(parsePlace(path)).toEqual({ page: 'nowhere' });
    }
    expect(parsePlace('/room/a', '#top')).toEqual({ page: 'room', room: 'a' });
  });
});

describe('a name that is typed', () => {
  test('may have white space and a hash about it', () => {
    expect(typedRoomName('  lobby ')).toBe('lobby');
    expect(typedRoomName('#lobby')).toBe('lobby');
    expect(typedRoomName('garden party')).toBe('garden-party');
  });

  test('is none when no room can be called so', () => {
    expect(typedRoomName('')).toBeUndefined();
    expect(typedRoomName('a/b')).toBeUndefined();
    expect(typedRoomName('a'.repeat(101))).toBeUndefined();
  });
});
