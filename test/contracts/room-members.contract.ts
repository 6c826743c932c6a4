import { describe, expect, test } from '@jest/globals';
import type { RoomMember, RoomMembers } from '../../lambdas/chat/ports/room-members.ts';
import { HOSTILE_NAMES } from './hostile-names.ts';

/** @param open an empty store for each test */
export function roomMembersContract(name: string, open: () => Promise<RoomMembers>): void {
  const listed = async (store: RoomMembers, room: string) => {
    const members: RoomMember[] = [];
    for await (const member of store.list(room)) members.push(member);
    return members.sort((a, b) => (a.userId < b.userId ? -1 : 1));
  };

  describe(`members of rooms ${name}`, () => {
    test('are given back as they were added', async () => {
      const store = await open();
      const members: RoomMember[] = [
        { userId: 'alice', visitedAt: 1_000, readTo: 7 },
        { userId: 'bob', visitedAt: 2_000 },
        { userId: 'mallory', removed: true },
      ];
      for (const member of members) expect(await store.add('lobby', member)).toBe('added');
      expect(await listed(store, 'lobby')).toEqual(members);
      expect(await listed(store, 'music')).toEqual([]);
    });

    test('stay as they are when they are added again', async () => {
      const store = await open();
      await store.add('lobby', { userId: 'mallory', removed: true });
      expect(await store.add('lobby', { userId: 'mallory', visitedAt: 1 })).toBe('there');
      expect(await listed(store, 'lobby')).toEqual([{ userId: 'mallory', removed: true }]);
    });

    test('are many', async () => {
      const store = await open();
      const ids = Array.from({ length: 300 }, (_, n) => `user-${String(n).padStart(4, '0')}`);
      for (const userId of ids) await store.add('lobby', { userId, visitedAt: 1 });
      expect((await listed(store, 'lobby')).map(({ userId }) => userId)).toEqual(ids);
    });

    test('are kept apart, whatever they and their rooms are called', async () => {
      const store = await open();
      for (const hostile of HOSTILE_NAMES) {
        expect(await store.add(hostile, { userId: hostile, removed: true })).toBe('added');
      }
      for (const hostile of HOSTILE_NAMES) {
        expect((await listed(store, hostile)).map(({ userId }) => userId)).toEqual([hostile]);
      }
    });
  });
}
