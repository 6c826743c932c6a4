import { describe, expect, test } from '@jest/globals';
import { filledIn } from '../../lambdas/chat/counters.ts';
import type { RoomEvent } from '../../lambdas/chat/event.ts';
import type { EventLog } from '../../lambdas/chat/ports/event-log.ts';
import type { LeaseStore } from '../../lambdas/chat/ports/lease-store.ts';
import { type FakeClock, fakeClock, START } from '../fakes/fake-clock.ts';
import { anEnd, anEvent } from '../fakes/samples.ts';

const DAY = 24 * 60 * 60 * 1_000;

/** A room whose history is kept for a time only. */
export interface ExpiringRoom {
  /** A log that keeps what is put for so many days. Default: for ever. */
  keeping(days?: number): EventLog;
  leases: LeaseStore;
  /** Deletes what was put at a seq, as DynamoDB does in its own time with what has expired. */
  remove(seq: number): Promise<void>;
}

/** @param open the empty room "lobby", for each test */
export function expiringLogContract(
  name: string,
  open: (clock: FakeClock) => Promise<ExpiringRoom>,
): void {
  describe(`an event log ${name} whose events expire`, () => {
    async function aRoom() {
      const clock = fakeClock();
      return { clock, ...(await open(clock)) };
    }

    /** Ten events, one each hour, with 4 to 6 in a group; kept for a day. */
    async function tenEvents() {
      const room = await aRoom();
      const log = room.keeping(1);
      for (const seq of [1, 2, 3]) await log.put(eventAt(seq));
      await log.put(eventAt(4), ...[5, 6].map((seq) => ({ ...eventAt(seq), at: eventAt(4).at })));
      for (const seq of [7, 8, 9, 10]) await log.put(eventAt(seq));
      return { ...room, log };
    }

    const hours = (clock: FakeClock, count: number) => clock.set(START + count * HOUR);

    test('gives every event until its time has come, to the second', async () => {
      const { clock, log } = await tenEvents();
      clock.set(eventAt(1).at + DAY - 1);
      expect(await forward(log, 0)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      clock.set(eventAt(1).at + DAY + 1_000);
      expect(await forward(log, 0)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
      expect(await backward(log, 100)).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2]);
    });

    test('passes over what has expired, there or deleted, to the first that is kept', async () => {
      const { clock, log, remove } = await tenEvents();
      hours(clock, 24 + 2.5);
      const kept = [3, 4, 5, 6, 7, 8, 9, 10];
      for (const deleted of [[], [2], [1]]) {
        for (const seq of deleted) await remove(seq);
        expect(await forward(log, 0)).toEqual(kept);
        expect(await forward(log, 0, 2)).toEqual([3, 4]);
        expect(await forward(log, 2, 1)).toEqual([3]);
        expect(await forward(log, 4, 3)).toEqual([5, 6, 7]);
        expect(await backward(log, 100)).toEqual(kept.toReversed());
        expect(await backward(log, 6, 2)).toEqual([5, 4]);
        expect(await backward(log, 3)).toEqual([]);
      }
    });

    test('lets a group expire together', async () => {
      const { clock, log, remove } = await tenEvents();
      hours(clock, 24 + 4.5);
      for (const deleted of [[], [1, 3], [4], [2]]) {
        for (const seq of deleted) await remove(seq);
        expect(await forward(log, 0)).toEqual([7, 8, 9, 10]);
        expect(await forward(log, 4, 2)).toEqual([7, 8]);
        expect(await forward(log, 6, 2)).toEqual([7, 8]);
        expect(await backward(log, 9)).toEqual([8, 7]);
      }
    });

    test('gives nothing once all has expired, and keeps its head', async () => {
      const { clock, log, leases, remove } = await tenEvents();
      await pumpedTo(leases, 10);
      hours(clock, 24 + 11);
      for (const deleted of [[], [10], [1, 2, 3, 7, 9], [4, 8]]) {
        for (const seq of deleted) await remove(seq);
        expect(await forward(log, 0)).toEqual([]);
        expect(await forward(log, 9)).toEqual([]);
        expect(await backward(log, 100)).toEqual([]);
        expect(await log.head('lobby')).toMatchObject({ seq: 10 });
      }
    });

    test('keeps what its last events counted, once all has expired', async () => {
      const { clock, log, leases, remove } = await tenEvents();
      await pumpedTo(leases, 10, { n: 6, m: 9, p: 4, g: 2 });
      hours(clock, 48);
      for (const seq of [1, 2, 3, 4, 7, 8, 9, 10]) await remove(seq);
      expect(await log.head('lobby')).toMatchObject({ seq: 10, n: 6, m: 9, p: 4, g: 2 });
      await leases.noteHead('lobby', { seq: 12, n: 7, m: 11, p: 12, g: 2 });
      expect(await log.head('lobby')).toMatchObject({ seq: 12, n: 7, m: 11, p: 12, g: 2 });
    });

    test('goes on behind what is gone', async () => {
      const { clock, log, leases, remove } = await tenEvents();
      await pumpedTo(leases, 10);
      hours(clock, 48);
      for (const seq of [1, 2, 3, 4, 7, 8, 9, 10]) await remove(seq);
      await log.put(anEvent({ seq: 11, at: clock.now() }));
      expect(await log.head('lobby')).toEqual({ ...anEnd(11), at: clock.now() });
      expect(await forward(log, 0)).toEqual([11]);
      expect(await backward(log, 100)).toEqual([11]);
    });

    test('knows its head by what stands there, expired or not, if it was never pumped', async () => {
      const { clock, log } = await tenEvents();
      hours(clock, 48);
      expect(await log.head('lobby')).toMatchObject({ seq: 10 });
    });

    test('knows its head by what was kept in mind of a room that could not be pumped', async () => {
      const { clock, log, leases, remove } = await tenEvents();
      await pumpedTo(leases, 3);
      await leases.noteHead('lobby', anEnd(10));
      hours(clock, 48);
      for (const seq of [10, 9, 8, 7, 4]) await remove(seq);
      expect(await log.head('lobby')).toMatchObject({ seq: 10 });
    });

    test('gives no seq twice that followed an event which is kept for longer', async () => {
      const room = await aRoom();
      await room.keeping().put(eventAt(1));
      for (const seq of [2, 3]) await room.keeping(2).put(eventAt(seq));
      await pumpedTo(room.leases, 3);
      room.clock.set(START + 3 * DAY);
      for (const seq of [3, 2]) await room.remove(seq);
      for (const log of [room.keeping(), room.keeping(2), room.keeping(365)]) {
        expect(await log.head('lobby')).toMatchObject({ seq: 3 });
        expect(await forward(log, 0)).toEqual([1]);
      }
    });

    test('stands by what an event was put with when the time is changed', async () => {
      const { clock, keeping } = await aRoom();
      await keeping(1).put(eventAt(1));
      await keeping(3).put(eventAt(2));
      await keeping().put(eventAt(3));
      clock.set(START + 2 * DAY);
      for (const log of [keeping(), keeping(1)]) {
        expect(await forward(log, 0)).toEqual([2, 3]);
        expect(await backward(log, 100)).toEqual([3, 2]);
      }
      clock.set(START + 4_000 * DAY);
      expect(await forward(keeping(1), 0)).toEqual([3]);
    });
  });
}

const HOUR = 60 * 60 * 1_000;

const eventAt = (seq: number): RoomEvent => anEvent({ seq, at: START + seq * HOUR });

const forward = async (log: EventLog, after: number, limit = 100) =>
  (await log.readForward('lobby', after, limit)).map(({ seq }) => seq);

const backward = async (log: EventLog, before: number, limit = 100) =>
  (await log.readBackward('lobby', before, limit)).map(({ seq }) => seq);

async function pumpedTo(
  leases: LeaseStore,
  pumped: number,
  counters = filledIn(pumped, {}),
): Promise<void> {
  const lease = await leases.take('lobby', 'pump', START, START + 15_000, false);
  if (lease === 'held') throw new Error('Somebody holds the lease.');
  await leases.release(lease, { ...lease, pumped, counters });
}
