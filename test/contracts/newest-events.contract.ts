import { describe, expect, test } from '@jest/globals';
import type { RoomEvent } from '../../lambdas/chat/event.ts';
import { type FakeClock, fakeClock, START } from '../fakes/fake-clock.ts';
import { anEnd, anEvent } from '../fakes/samples.ts';
import type { ExpiringRoom } from './expiring-log.contract.ts';

const DAY = 24 * 60 * 60 * 1_000;
const SOON = 2 * DAY;

/** What a room has been through, and the seq of its newest event at the end; undefined: it has none. */
interface Past {
  newest: number | undefined;
  live(room: string, store: ExpiringRoom): Promise<void>;
}

const put = async (room: string, { keeping }: ExpiringRoom, seqs: number[], days?: number) => {
  const [first, ...rest] = seqs.map((seq) => anEvent({ room, seq, at: START }));
  if (first) await keeping(days).put(first, ...rest);
};

async function pump(room: string, { leases }: ExpiringRoom, pumped: number): Promise<void> {
  const lease = await leases.take(room, 'pump', START, START + 15_000, false);
  if (lease !== 'held') await leases.release(lease, { ...lease, pumped });
}

const PASTS: Record<string, Past> = {
  'nobody ever spoke': { newest: undefined, live: async () => {} },
  'all has been posted': {
    newest: 3,
    async live(room, store) {
      for (const seq of [1, 2, 3]) await put(room, store, [seq]);
      await pump(room, store, 3);
    },
  },
  'nothing has been posted': { newest: 2, live: (room, store) => put(room, store, [1, 2]) },
  'something more has been said since': {
    newest: 3,
    async live(room, store) {
      for (const seq of [1, 2, 3]) await put(room, store, [seq]);
      await pump(room, store, 1);
    },
  },
  'a group has been posted': {
    newest: 4,
    async live(room, store) {
      await put(room, store, [1]);
      await put(room, store, [2, 3, 4]);
      await pump(room, store, 4);
    },
  },
  'a group has been posted in part': {
    newest: 4,
    async live(room, store) {
      await put(room, store, [1]);
      await put(room, store, [2, 3, 4]);
      await pump(room, store, 2);
    },
  },
  'a group has been posted in part, and more was said': {
    newest: 5,
    async live(room, store) {
      await put(room, store, [1, 2, 3, 4]);
      await put(room, store, [5]);
      await pump(room, store, 1);
    },
  },
  'all has expired': {
    newest: undefined,
    async live(room, store) {
      for (const seq of [1, 2]) await put(room, store, [seq], 1);
      await pump(room, store, 2);
    },
  },
  'all has expired and is gone': {
    newest: undefined,
    async live(room, store) {
      for (const seq of [1, 2]) await put(room, store, [seq], 1);
      await pump(room, store, 2);
      for (const seq of [1, 2]) await store.remove(seq);
    },
  },
  'the newest has expired, there or not yet posted': {
    newest: undefined,
    async live(room, store) {
      await put(room, store, [1]);
      await put(room, store, [2], 1);
      await pump(room, store, 2);
    },
  },
  'the newest is gone, and an older one is kept for longer': {
    newest: 1,
    async live(room, store) {
      await put(room, store, [1]);
      await put(room, store, [2], 1);
      await pump(room, store, 2);
      await store.remove(2);
    },
  },
  'it could not be pumped, some is gone, and more was said': {
    newest: 3,
    async live(room, store) {
      await put(room, store, [1]);
      await pump(room, store, 1);
      await put(room, store, [2], 1);
      await store.leases.noteHead(room, anEnd(2));
      await store.remove(2);
      await put(room, store, [3]);
    },
  },
};

/** @param open rooms of an empty table, for each test */
export function newestEventsContract(
  name: string,
  open: (clock: FakeClock) => Promise<(room: string) => ExpiringRoom>,
): void {
  describe(`the newest events of many rooms ${name}`, () => {
    test.each(Object.entries(PASTS))('where %s', async (what, { newest, live }) => {
      const clock = fakeClock();
      const storeOf = await open(clock);
      // Among others, so that they are read by batches.
      const rooms = Array.from({ length: 12 }, (_, n) => `${what} ${n}`);
      for (const room of rooms) await live(room, storeOf(room));
      clock.set(START + SOON);
      const log = storeOf('any').keeping();
      const seqs = (events: (RoomEvent | undefined)[]) => events.map((event) => event?.seq);
      expect(seqs(await log.newest(rooms))).toEqual(rooms.map(() => newest));
      expect(seqs(await log.newest(rooms.slice(0, 2)))).toEqual([newest, newest]);
    });

    test('are those that reading backward gives, in the order of the rooms', async () => {
      const clock = fakeClock();
      const storeOf = await open(clock);
      const pasts = Object.entries(PASTS);
      const rooms = Array.from({ length: 120 }, (_, n) => `${n} ${pasts[n % pasts.length]?.[0]}`);
      for (const [n, room] of rooms.entries()) {
        await pasts[n % pasts.length]?.[1].live(room, storeOf(room));
      }
      clock.set(START + SOON);
      const log = storeOf('any').keeping();
      const expected = await Promise.all(
        rooms.map(async (room) => (await log.readBackward(room, Number.MAX_SAFE_INTEGER, 1))[0]),
      );
      expect(await log.newest(rooms)).toEqual(expected);
      expect(await log.newest(rooms.toReversed())).toEqual(expected.toReversed());
      expect(await log.newest([])).toEqual([]);
    });
  });
}
