import { describe, expect, test } from '@jest/globals';
import {
  badge,
  byActivity,
  merge,
  type RoomSummary,
  summaryOf,
  unreadOf,
} from '../../web/rooms/summary.ts';
import { message } from './samples.ts';

const summary = (change: Partial<RoomSummary> = {}): RoomSummary => ({
  name: 'lobby',
  lastMessage: undefined,
  read: 0,
  head: 0,
  lastVisit: '2026-11-01T12:00:00Z',
  spoken: true,
  ...change,
});

describe('what is unread', () => {
  test('is what lies between what was read and the newest', () => {
    expect(unreadOf(summary({ read: 3, head: 10 }), 'alice')).toBe(7);
    expect(unreadOf(summary({ read: 10, head: 10 }), 'alice')).toBe(0);
  });

  test('is never less than nothing, when the newest is heard of late', () => {
    expect(unreadOf(summary({ read: 12, head: 10 }), 'alice')).toBe(0);
  });

  test('is nothing before one’s own last words, from whichever device', () => {
    const own = message({ seq: 9, sender: 'ALICE' });
    expect(unreadOf(summary({ read: 3, head: 9, lastMessage: own }), 'alice')).toBe(0);
    expect(unreadOf(summary({ read: 3, head: 11, lastMessage: own }), 'alice')).toBe(2);
    const others = message({ seq: 9, sender: 'bob' });
    expect(unreadOf(summary({ read: 3, head: 9, lastMessage: others }), 'alice')).toBe(6);
  });

  test('is counted up to 99', () => {
    expect([1, 99, 100, 5_000].map(badge)).toEqual(['1', '99', '99+', '99+']);
  });
});

describe('a room in the list', () => {
  test('is as the server lists it', () => {
    const lastMessage = message({ seq: 4 });
    const listed = { room: 'lobby', lastVisit: '2026-11-01T12:00:00Z', read: 2, head: 4 };
    expect(summaryOf({ ...listed, lastMessage })).toEqual(
      summary({ read: 2, head: 4, lastMessage }),
    );
    expect(summaryOf({ ...listed, lastMessage: null }).lastMessage).toBeUndefined();
  });

  test('is one where somebody spoke as soon as either side knows that', () => {
    const opened = summary({ spoken: false });
    expect(merge(opened, opened).spoken).toBe(false);
    expect(merge(opened, summary()).spoken).toBe(true);
    expect(merge(summary(), opened).spoken).toBe(true);
  });

  test('has words that wait until this browser says that they are sent', () => {
    const waits = summary({ waiting: true });
    expect(merge(waits, summary()).waiting).toBe(true);
    expect(merge(waits, summary({ waiting: false })).waiting).toBe(false);
  });

  test('never goes back, whichever side knows less', () => {
    const older = summary({ read: 5, head: 6, lastMessage: message({ seq: 6 }) });
    const newer = summary({ read: 2, head: 9, lastMessage: message({ seq: 9 }) });
    const expected = summary({ read: 5, head: 9, lastMessage: message({ seq: 9 }) });
    expect(merge(older, newer)).toEqual(expected);
    expect(merge(newer, older)).toEqual(expected);
  });

  test('stands above those where nothing was said for longer', () => {
    const at = (name: string, timestamp: string) =>
      summary({ name, lastMessage: message({ timestamp }), lastVisit: '2026-11-09T00:00:00Z' });
    const rooms = [
      at('old', '2026-11-01T12:00:00.000001Z'),
      at('new', '2026-11-03T12:00:00.000001Z'),
      summary({ name: 'silent', lastVisit: '2026-11-02T12:00:00Z' }),
    ];
    expect(rooms.sort(byActivity).map(({ name }) => name)).toEqual(['new', 'silent', 'old']);
  });
});
