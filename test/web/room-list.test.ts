import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Parlor } from '../../client/index.ts';
import { RoomList } from '../../web/rooms/room-list.ts';

/** A client of somebody in so many rooms, whose list comes by twos: their messages are long. */
function clientIn(rooms: number): Parlor {
  const get = async (path: string) => {
    const from = Number(new URL(path, 'http://chat').searchParams.get('cursor') ?? 0);
    const results = Array.from({ length: Math.min(2, rooms - from) }, (_, index) => ({
      room: `room-${from + index}`,
      lastVisit: '2026-11-22T10:54:01.000000Z',
      read: 0,
      head: 0,
      lastMessage: null,
    }));
    const next = from + 2 < rooms ? `http://chat/api/rooms/?cursor=${from + 2}` : null;
    return { results, next, previous: null };
  };
  const room = () => {
    throw new Error('No socket here.');
  };
  return { rest: { get }, room, on: () => () => {} } as unknown as Parlor;
}

beforeEach(() => {
  Object.defineProperty(globalThis, 'location', {
    value: { href: 'http://chat/' },
    configurable: true,
  });
});
afterEach(() => {
  Reflect.deleteProperty(globalThis, 'location');
});

test('the list of rooms is whole, however few of them a page holds', async () => {
  const list = new RoomList(clientIn(61), 'alice');
  await list.load();
  list.close();
  expect(list.state).toMatchObject({ loaded: true, failed: false });
  expect(list.state.rooms).toHaveLength(61);
});
