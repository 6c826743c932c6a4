import { describe, expect, test } from '@jest/globals';
import type { MembershipStore, Visit } from '../../lambdas/chat/ports/membership-store.ts';
import { anEnd } from '../fakes/samples.ts';
import { HOSTILE_NAMES } from './hostile-names.ts';

/** @param open an empty store for each test */
export function membershipStoreContract(name: string, open: () => Promise<MembershipStore>): void {
  describe(`a membership store ${name}`, () => {
    test('lists the rooms of a user, latest visit first', async () => {
      const store = await open();
      await store.visit('alice', 'second', 20);
      await store.visit('alice', 'first', 10);
      await store.visit('alice', 'third', 30);
      await store.visit('bob', 'elsewhere', 40);
      expect(await store.visits('alice', 10)).toEqual([
        { room: 'third', at: 30 },
        { room: 'second', at: 20 },
        { room: 'first', at: 10 },
      ]);
      expect(await store.visits('alice', 2)).toHaveLength(2);
      expect(await store.visits('nobody', 10)).toEqual([]);
    });

    test('moves a room up when it is visited again, and never back in time', async () => {
      const store = await open();
      await store.visit('alice', 'lobby', 10);
      await store.visit('alice', 'music', 20);
      await store.visit('alice', 'lobby', 30);
      await store.visit('alice', 'lobby', 15);
      await store.visit('alice', 'lobby', 30);
      expect(await store.visits('alice', 10)).toEqual([
        { room: 'lobby', at: 30 },
        { room: 'music', at: 20 },
      ]);
    });

    test('keeps the latest of many visits at once', async () => {
      const store = await open();
      const times = Array.from({ length: 30 }, (_, n) => ((n * 7) % 30) + 1);
      await Promise.all(times.map((at) => store.visit('alice', 'lobby', at)));
      expect(await store.visits('alice', 10)).toEqual([{ room: 'lobby', at: 30 }]);
    });

    test('records a first visit only when there was none', async () => {
      const store = await open();
      await store.visitFirst('alice', 'lobby', 10);
      await store.visitFirst('alice', 'lobby', 20);
      await store.visitFirst('bob', 'lobby', 30);
      expect(await store.visits('alice', 10)).toEqual([{ room: 'lobby', at: 10 }]);
      expect(await store.visits('bob', 10)).toEqual([{ room: 'lobby', at: 30 }]);
    });

    test('pages over every room once, also where visits fell into one millisecond', async () => {
      const store = await open();
      const rooms = Array.from({ length: 11 }, (_, n) => `room-${n}`);
      for (const [n, room] of rooms.entries()) await store.visit('alice', room, 100 + (n >> 2));
      const seen: Visit[] = [];
      for (let after: Visit | undefined; ; after = seen.at(-1)) {
        const page = await store.visits('alice', 3, after);
        seen.push(...page);
        if (page.length < 3) break;
      }
      expect(seen.map(({ room }) => room).sort()).toEqual(rooms.sort());
      expect(seen.map(({ at }) => at)).toEqual([
        102, 102, 102, 101, 101, 101, 101, 100, 100, 100, 100,
      ]);
    });

    test('keeps whom was removed out until he is let in again', async () => {
      const store = await open();
      expect(await store.visit('alice', 'lobby', 10)).toMatchObject({ removed: false });
      await store.setRemoved('alice', 'lobby', true);
      await store.setRemoved('alice', 'lobby', true);
      expect(await store.isRemoved('alice', 'lobby')).toBe(true);
      expect(await store.visit('alice', 'lobby', 20)).toMatchObject({ removed: true });
      expect(await store.visitFirst('alice', 'lobby', 20)).toBe('removed');
      expect(await store.visits('alice', 10)).toEqual([{ room: 'lobby', at: 10 }]);

      await store.setRemoved('alice', 'lobby', false);
      expect(await store.isRemoved('alice', 'lobby')).toBe(false);
      expect(await store.visitFirst('alice', 'lobby', 30)).toBe('visited');
      expect(await store.visits('alice', 10)).toEqual([{ room: 'lobby', at: 10 }]);
      expect(await store.visit('alice', 'lobby', 30)).toMatchObject({ removed: false });
      expect(await store.visits('alice', 10)).toEqual([{ room: 'lobby', at: 30 }]);
    });

    test('keeps somebody out of a room in which he never was', async () => {
      const store = await open();
      expect(await store.isRemoved('alice', 'lobby')).toBe(false);
      await store.setRemoved('alice', 'lobby', true);
      expect(await store.visit('alice', 'lobby', 10)).toMatchObject({ removed: true });
      expect(await store.visitFirst('alice', 'lobby', 10)).toBe('removed');
      expect(await store.visits('alice', 10)).toEqual([]);
      await store.setRemoved('alice', 'lobby', false);
      expect(await store.visitFirst('alice', 'lobby', 10)).toBe('visited');
      expect(await store.visits('alice', 10)).toEqual([{ room: 'lobby', at: 10 }]);
    });

    test('lets him in again who was never removed, and shows no room for it', async () => {
      const store = await open();
      await store.setRemoved('alice', 'lobby', false);
      expect(await store.isRemoved('alice', 'lobby')).toBe(false);
      expect(await store.visits('alice', 10)).toEqual([]);
      expect(await store.visit('alice', 'lobby', 10)).toMatchObject({ removed: false });
    });

    test('keeps up to where a room was read, and never moves it back', async () => {
      const store = await open();
      expect(await store.find('alice', 'lobby')).toEqual({
        read: 0,
        readMessages: 0,
        removed: false,
      });
      await store.visit('alice', 'lobby', 10);
      expect(await store.markRead('alice', 'lobby', anEnd(7), 20)).toBe(7);
      expect(await store.markRead('alice', 'lobby', anEnd(3), 30)).toBe(7);
      expect(await store.markRead('alice', 'lobby', anEnd(7), 30)).toBe(7);
      expect(await store.markRead('alice', 'lobby', anEnd(9), 30)).toBe(9);
      expect(await store.find('alice', 'lobby')).toEqual({
        read: 9,
        readMessages: 9,
        removed: false,
      });
      expect(await store.find('alice', 'music')).toEqual({
        read: 0,
        readMessages: 0,
        removed: false,
      });
      expect(await store.find('bob', 'lobby')).toEqual({
        read: 0,
        readMessages: 0,
        removed: false,
      });
      expect(await store.visits('alice', 10)).toEqual([{ room: 'lobby', at: 10 }]);
    });

    test('tells of many rooms at once what it tells of each', async () => {
      const store = await open();
      const rooms = Array.from({ length: 130 }, (_, n) => `room-${n}`);
      await store.markRead('alice', 'room-3', anEnd(7), 10);
      await store.setRemoved('alice', 'room-5', true);
      await store.markRead('alice', 'room-129', anEnd(9), 10);
      await store.markRead('bob', 'room-4', anEnd(8), 10);
      const found = await store.findAll('alice', rooms.toReversed());
      const expected = await Promise.all(rooms.map((room) => store.find('alice', room)));
      expect(found.reverse()).toEqual(expected);
      expect(found[3]).toMatchObject({ read: 7, removed: false });
      expect(found[5]).toMatchObject({ read: 0, removed: true });
      expect(found[129]).toMatchObject({ read: 9, removed: false });
      expect(await store.findAll('alice', [])).toEqual([]);
    });

    test('keeps the furthest of many marks at once', async () => {
      const store = await open();
      const seqs = Array.from({ length: 30 }, (_, n) => ((n * 7) % 30) + 1);
      const marks = await Promise.all(
        seqs.map((seq) => store.markRead('alice', 'lobby', anEnd(seq), 10)),
      );
      for (const [n, mark] of marks.entries()) expect(mark).toBeGreaterThanOrEqual(seqs[n] ?? 0);
      expect(await store.find('alice', 'lobby')).toMatchObject({ read: 30 });
    });

    test('takes a mark for a visit where there was none', async () => {
      const store = await open();
      expect(await store.markRead('alice', 'lobby', anEnd(0), 10)).toBe(0);
      expect(await store.visits('alice', 10)).toEqual([{ room: 'lobby', at: 10 }]);
      await store.visit('alice', 'lobby', 20);
      expect(await store.markRead('alice', 'lobby', anEnd(5), 30)).toBe(5);
      expect(await store.visits('alice', 10)).toEqual([{ room: 'lobby', at: 20 }]);
    });

    test('takes no mark of whom was removed, and keeps the one that he had', async () => {
      const store = await open();
      await store.markRead('alice', 'lobby', anEnd(5), 10);
      await store.setRemoved('alice', 'lobby', true);
      await store.setRemoved('alice', 'music', true);
      expect(await store.markRead('alice', 'lobby', anEnd(6), 20)).toBe('removed');
      expect(await store.markRead('alice', 'lobby', anEnd(4), 20)).toBe('removed');
      expect(await store.markRead('alice', 'music', anEnd(1), 20)).toBe('removed');
      expect(await store.find('alice', 'lobby')).toEqual({
        read: 5,
        readMessages: 5,
        removed: true,
      });
      expect(await store.find('alice', 'music')).toEqual({
        read: 0,
        readMessages: 0,
        removed: true,
      });
    });

    test('forgets a room, and lists it again once it is visited or read', async () => {
      const store = await open();
      for (const room of ['lobby', 'music']) await store.markRead('alice', room, anEnd(5), 10);
      await store.visit('bob', 'lobby', 10);
      for (const room of ['lobby', 'music', 'nowhere']) await store.forget('alice', room);
      expect(await store.visits('alice', 10)).toEqual([]);
      expect(await store.visits('bob', 10)).toHaveLength(1);
      expect(await store.find('alice', 'lobby')).toEqual({
        read: 0,
        readMessages: 0,
        removed: false,
      });

      expect(await store.visitFirst('alice', 'lobby', 20)).toBe('visited');
      expect(await store.markRead('alice', 'music', anEnd(2), 30)).toBe(2);
      expect(await store.visits('alice', 10)).toEqual([
        { room: 'music', at: 30 },
        { room: 'lobby', at: 20 },
      ]);
    });

    test('does not let in again by forgetting', async () => {
      const store = await open();
      await store.visit('alice', 'lobby', 10);
      for (const room of ['lobby', 'music']) {
        await store.setRemoved('alice', room, true);
        await store.forget('alice', room);
        expect(await store.isRemoved('alice', room)).toBe(true);
        expect(await store.visit('alice', room, 20)).toMatchObject({ removed: true });
      }
      expect(await store.visits('alice', 10)).toEqual([]);
    });

    test('says of a visit that is no news that it is one', async () => {
      const store = await open();
      for (const at of [20, 20, 10])
        expect(await store.visit('alice', 'lobby', at)).toMatchObject({ removed: false });
    });

    test('removes one user from one room, whatever they are called', async () => {
      const store = await open();
      await store.setRemoved('a#b', 'a', true);
      await store.setRemoved('a', 'b#a', true);
      for (const user of HOSTILE_NAMES) {
        for (const room of HOSTILE_NAMES) {
          const expected = user === 'a#b' && room === 'a';
          expect(await store.isRemoved(user, room)).toBe(expected);
        }
      }
    });

    test('keeps rooms and users apart, whatever they are called', async () => {
      const store = await open();
      for (const user of HOSTILE_NAMES.filter(Boolean)) {
        for (const [n, room] of HOSTILE_NAMES.entries()) await store.visit(user, room, n + 1);
      }
      for (const user of HOSTILE_NAMES.filter(Boolean)) {
        const visits = await store.visits(user, 100);
        expect(visits.reverse().map(({ room }) => room)).toEqual(HOSTILE_NAMES);
      }
    });
  });
}
