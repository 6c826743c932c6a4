import { describe, expect, test } from '@jest/globals';
import { dynamoEventLog } from '../../../lambdas/aws/event-log.ts';
import { eventsAfter } from '../../../lambdas/chat/append.ts';
import { auditRoom } from '../../../lambdas/chat/audit.ts';
import { headsOf } from '../../../lambdas/chat/connections.ts';
import { filledIn } from '../../../lambdas/chat/counters.ts';
import { type HistoryRange, readHistory, replay } from '../../../lambdas/chat/history.ts';
import { publish } from '../../../lambdas/chat/publish.ts';
import { markRead } from '../../../lambdas/chat/read-mark.ts';
import { listRooms } from '../../../lambdas/chat/room-list.ts';
import { memoryTable } from '../../../local/database.ts';
import { START } from '../../fakes/fake-clock.ts';
import { historyOf } from '../../fakes/history-of.ts';
import { aConnection, anEnd, anEvent, aQueuedDraft, atMost, said } from '../../fakes/samples.ts';
import { type FakeServices, fakeServices } from '../../fakes/services.ts';
import { taken } from './pumped-room.ts';

const HOUR = 60 * 60 * 1_000;
const ROOM = 'lobby';

/** Ten events, one each hour from START on; kept for a day, and the room was pumped. */
async function tenEvents(): Promise<FakeServices> {
  const services = fakeServices({ historyRetentionDays: 1 });
  for (let seq = 1; seq <= 10; seq++) {
    await services.log.put(anEvent({ seq, userId: 'bob', at: START + seq * HOUR }));
  }
  await services.fanOut.wake(ROOM, false);
  return services;
}

/** So many of the ten have expired. */
async function withExpired(count: number): Promise<FakeServices> {
  const services = await tenEvents();
  services.clock.set(START + (24.5 + count) * HOUR);
  return services;
}

const seqsOf = (events: readonly { seq: number }[]) => events.map(({ seq }) => seq);

async function page(services: FakeServices, range: HistoryRange, limit = 3) {
  const { messages, ...rest } = await readHistory(services, ROOM, range, atMost(limit));
  return { seqs: seqsOf(messages), ...rest };
}

describe('history of which a part has expired', () => {
  test('ends where the kept part begins, going back', async () => {
    const services = await withExpired(4);
    expect(await page(services, undefined)).toMatchObject({
      seqs: [10, 9, 8],
      older: 8,
      newer: undefined,
      head: 10,
    });
    expect(await page(services, { before: 8 })).toEqual({
      seqs: [7, 6, 5],
      older: undefined,
      newer: 7,
    });
    expect(await page(services, { before: 5 })).toMatchObject({ seqs: [], older: undefined });
  });

  test('begins with the kept part, going forward', async () => {
    const services = await withExpired(4);
    expect(await page(services, { after: 1 })).toEqual({
      seqs: [7, 6, 5],
      older: undefined,
      newer: 7,
    });
    expect(await page(services, { after: 4 })).toMatchObject({ seqs: [7, 6, 5], older: undefined });
    expect(await page(services, { after: 5 })).toMatchObject({ seqs: [8, 7, 6], older: 6 });
  });

  test('is empty when all has expired, and still tells how far the room has come', async () => {
    const services = await withExpired(10);
    const empty = { seqs: [], older: undefined, newer: undefined };
    expect(await page(services, undefined)).toEqual({ ...empty, head: 10 });
    expect(await page(services, { before: 10 })).toEqual(empty);
    expect(await page(services, { after: 3 })).toEqual(empty);
    expect(await page(services, { after: 10 })).toEqual(empty);
    await expect(page(services, { after: 11 })).rejects.toMatchObject({
      code: 'after_beyond_head',
    });
  });

  test('is never shown over a hole, whichever way it is read', async () => {
    const services = fakeServices();
    for (const seq of [1, 2, 3, 7, 8]) await services.log.put(anEvent({ seq }));
    expect(await page(services, undefined, 9)).toMatchObject({ seqs: [8, 7], older: undefined });
    expect(await page(services, { after: 0 }, 9)).toMatchObject({ seqs: [3, 2, 1], newer: 3 });
    expect(await page(services, { after: 3 }, 9)).toMatchObject({ seqs: [8, 7] });
    const { events, head } = await replay(services, ROOM, 0, atMost(9));
    expect([seqsOf(events), head]).toEqual([[1, 2, 3], 8]);
    await expect(replay(services, ROOM, 3, atMost(9))).rejects.toMatchObject(expired(7));
  });
});

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

const expired = (firstKept: number) => ({
  code: 'after_expired',
  details: { body: { firstKept } },
});

describe('a replay', () => {
  test('goes on from within the kept part, and from right before it', async () => {
    const services = await withExpired(4);
    for (const after of [4, 5, 9]) {
      const { events, head } = await replay(services, ROOM, after, atMost(3));
      expect(seqsOf(events)).toEqual([after + 1, after + 2, after + 3].filter((seq) => seq <= 10));
      expect(head).toBe(10);
    }
    expect(await replay(services, ROOM, 10, atMost(3))).toEqual({ events: [], head: 10 });
  });

  test.each([0, 1, 3])('from before it, after %i, is told where it begins', async (after) => {
    const services = await withExpired(4);
    await expect(replay(services, ROOM, after, atMost(3))).rejects.toMatchObject(expired(5));
  });

  test('of a room where all has expired is told where the next event will be', async () => {
    const services = await withExpired(10);
    for (const after of [0, 9]) {
      await expect(replay(services, ROOM, after, atMost(3))).rejects.toMatchObject(expired(11));
    }
    expect(await replay(services, ROOM, 10, atMost(3))).toEqual({ events: [], head: 10 });
    await expect(replay(services, ROOM, 11, atMost(3))).rejects.toMatchObject({
      code: 'after_beyond_head',
    });
  });

  test('leads over all that is kept for ever, should the newest have expired', async () => {
    const { clock, table } = fakeServices();
    const logKeeping = (retentionMs?: number) => dynamoEventLog(table, { clock, retentionMs });
    for (const seq of range(1, 7)) await logKeeping().put(anEvent({ seq }));
    for (const seq of [8, 9]) await logKeeping(HOUR).put(anEvent({ seq }));
    clock.advance(2 * HOUR);
    const log = logKeeping(HOUR);
    for (const after of [0, 4]) {
      const { events, head } = await replay(historyOf(log), ROOM, after, atMost(3));
      expect([seqsOf(events), head]).toEqual([range(after + 1, after + 3), 9]);
    }
    await expect(replay(historyOf(log), ROOM, 7, atMost(3))).rejects.toMatchObject(expired(10));
  });

  test('does not take for expired what was put while it looked', async () => {
    const services = await withExpired(10);
    const { head } = services.log;
    services.log.head = async (room) => {
      await services.log.put(anEvent({ seq: 11, at: services.clock.now() }));
      return await head(room);
    };
    const { events } = await replay(services, ROOM, 10, atMost(3));
    expect(seqsOf(events)).toEqual([11]);
  });
});

const draft = (given: object = {}) => ({
  room: ROOM,
  userId: 'alice',
  sender: 'Alice',
  ...said('hello'),
  clientId: 'c',
  ...given,
});

describe('a message', () => {
  test.each([0, 3, 10])('takes the next seq where all has expired, after %i', async (after) => {
    const services = await withExpired(10);
    const sent = await publish(services, draft({ after }));
    expect(sent).toMatchObject({ duplicate: false, event: { seq: 11 } });
    expect(await publish(services, draft({ after }))).toMatchObject({
      duplicate: true,
      event: { seq: 11 },
    });
    await expect(publish(services, draft({ after: 12 }))).rejects.toMatchObject({
      code: 'after_beyond_head',
    });
  });

  test('is found behind what has expired, with `after` or without', async () => {
    const services = await withExpired(0);
    const first = await publish(services, draft({ after: 1 }));
    services.clock.set(START + 24.5 * HOUR + 9 * HOUR);
    for (const after of [undefined, 0, 1]) {
      expect(await publish(services, draft({ after }))).toEqual({
        ...first,
        duplicate: true,
        fanOut: undefined,
      });
    }
  });

  test('is looked for among each event once, over pages and holes', async () => {
    const log = dynamoEventLog(memoryTable());
    const there = [...range(101, 350), ...range(500, 800)];
    for (const seq of there) await log.put(anEvent({ seq }));
    for (const last of [undefined, 800]) {
      const found: number[] = [];
      for await (const { seq } of eventsAfter(log, ROOM, 0, last)) found.push(seq);
      expect(found).toEqual(there);
    }
    const some: number[] = [];
    for await (const { seq } of eventsAfter(log, ROOM, 90, 105)) some.push(seq);
    expect(some).toEqual(range(101, 105));
  });

  test('that has expired itself is a new one', async () => {
    const services = await withExpired(0);
    await publish(services, draft());
    services.clock.advance(25 * HOUR);
    expect(await publish(services, draft())).toMatchObject({
      duplicate: false,
      event: { seq: 12 },
    });
  });

  test('that was left as a draft takes the next seq as well', async () => {
    const services = await withExpired(10);
    await services.inbox.enqueue(aQueuedDraft({ searched: 10, leftAt: services.clock.now() }));
    await services.fanOut.wake(ROOM, true);
    expect(await services.log.head(ROOM)).toMatchObject({ seq: 11 });
    expect(await services.log.readForward(ROOM, 0, 9)).toMatchObject([{ seq: 11, id: 'draft-1' }]);
  });
});

describe('what has expired', () => {
  test('is not unread', async () => {
    const services = await tenEvents();
    await services.memberships.visit('alice', ROOM, START);
    expect(await markRead(services, 'alice', ROOM, 4)).toBe(4);
    services.clock.set(START + 48 * HOUR);
    const { rooms } = await listRooms(services, 'alice', atMost(9));
    expect(rooms).toMatchObject([{ read: 4, head: 4, lastMessage: undefined }]);
    expect(await markRead(services, 'alice', ROOM, 10)).toBe(10);
    await expect(markRead(services, 'alice', ROOM, 11)).rejects.toMatchObject({
      code: 'after_beyond_head',
    });
  });

  test('is not told of by a ping', async () => {
    const services = await withExpired(10);
    expect(await headsOf(services, aConnection())).toEqual([{ room: ROOM, head: 0, unread: 0 }]);
    await publish(services, draft());
    expect(await headsOf(services, aConnection())).toEqual([{ room: ROOM, head: 11, unread: 11 }]);
  });

  test('is passed over by the pump', async () => {
    const services = await withExpired(10);
    const lease = await taken(services, 'late');
    await services.leases.release(lease, { ...lease, pumped: 2, counters: filledIn(2, {}) });
    await services.connections.add(
      aConnection({ id: 'c1', authUntil: START + 90 * HOUR, expiresAt: START + 90 * HOUR }),
    );
    await services.log.put(anEvent({ seq: 11, at: services.clock.now() }));
    await services.fanOut.wake(ROOM, false);
    expect(services.gateway.framesTo('c1').map((text) => JSON.parse(text).seq)).toEqual([11]);
    expect(await services.leases.find(ROOM)).toMatchObject({ pumped: 11 });
  });
});

test('the audit keeps in mind how far a room has come that can not be pumped', async () => {
  const services = await tenEvents();
  await services.log.put(anEvent({ seq: 11, at: services.clock.now() }));
  services.log.readForward = () => Promise.reject(new Error('The log is down.'));
  expect(await auditRoom(services, ROOM, new Set(['event'] as const))).toBe('behind');
  expect(await services.leases.find(ROOM)).toMatchObject({ pumped: 10, head: anEnd(11) });
});
