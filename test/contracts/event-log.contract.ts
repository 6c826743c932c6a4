import { describe, expect, test } from '@jest/globals';
import type { RoomEvent } from '../../lambdas/chat/event.ts';
import { forEachParallel } from '../../lambdas/chat/parallel.ts';
import type { EventLog } from '../../lambdas/chat/ports/event-log.ts';
import { jsonBytes, overflows } from '../../lambdas/chat/size.ts';
import { anEnd, anEvent, another } from '../fakes/samples.ts';
import { HOSTILE_NAMES } from './hostile-names.ts';

/** @param open an empty log for each test */
export function eventLogContract(name: string, open: () => Promise<EventLog>): void {
  describe(`an event log ${name}`, () => {
    async function logOf(count: number, content?: string): Promise<EventLog> {
      const log = await open();
      for (let seq = 1; seq <= count; seq++) {
        await log.put(anEvent({ seq, ...(content && { content }) }));
      }
      return log;
    }

    test('of a room where nothing happened is empty', async () => {
      const log = await open();
      expect(await log.head('lobby')).toEqual({ ...anEnd(0), at: 0 });
      expect(await log.readForward('lobby', 0, 10)).toEqual([]);
      expect(await log.readBackward('lobby', Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
    });

    test('gives an event back as it was put', async () => {
      const log = await open();
      const event = anEvent({
        content: '  <b>"ä"\n\t日本語 🙂</b> \\ ',
        sender: '𝒜 lice',
        clientId: '!~',
      });
      expect(await log.put(event)).toBe('stored');
      expect(await log.readForward('lobby', 0, 10)).toEqual([event]);
      expect(await log.head('lobby')).toEqual({ ...anEnd(1), at: event.at });
    });

    test('gives back what an event of any kind says, as JSON has it', async () => {
      const log = await open();
      const payload = { list: [1.5, '', null, { b: true, a: 1e200 }], text: '\ud83d', none: {} };
      const events = [another({ seq: 1, payload }), another({ seq: 2, payload: {} })];
      for (const event of events) await log.put(event);
      await log.put(another({ seq: 3, payload }), anEvent({ seq: 4, n: 1 }));
      expect((await log.readForward('lobby', 0, 3)).map((event) => event.payload)).toEqual([
        payload,
        {},
        payload,
      ]);
      expect(await log.readForward('lobby', 0, 2)).toEqual(events);
    });

    describe('of which something is erased', () => {
      const extras = { replyTo: 1, metadata: { a: 1 } };
      const message = (seq: number) =>
        anEvent({ seq, payload: { content: `message ${seq}`, ...extras } });

      test.each([
        ['content', { content: '', ...extras }],
        ['payload', { content: '' }],
      ] as const)('has an empty %s there, and all else', async (what, payload) => {
        const log = await open();
        await log.put(message(1));
        await log.put(message(2), message(3), message(4));
        await log.put(message(5));
        for (const seq of [1, 3, 5]) await log.erase('lobby', seq, what);
        const expected = [1, 2, 3, 4, 5].map((seq) =>
          seq % 2 === 0 ? message(seq) : { ...message(seq), payload, erased: true },
        );
        expect(await log.readForward('lobby', 0, 10)).toEqual(expected);
        expect(await log.head('lobby')).toMatchObject({ seq: 5, n: 5 });
      });

      test('can be erased further, and again', async () => {
        const log = await open();
        await log.put(message(1), message(2));
        for (const what of ['content', 'payload', 'content'] as const) {
          await log.erase('lobby', 2, what);
        }
        const [first, second] = await log.readForward('lobby', 0, 10);
        expect(first).toEqual(message(1));
        expect(second).toMatchObject({ payload: { content: '' }, erased: true });
      });

      test('at once is all erased', async () => {
        const log = await open();
        await log.put(message(1), message(2), message(3));
        await Promise.all([1, 2, 3].map((seq) => log.erase('lobby', seq, 'payload')));
        const events = await log.readForward('lobby', 0, 10);
        expect(events.map(({ payload }) => payload)).toEqual(Array(3).fill({ content: '' }));
      });

      test('says what it said where it says no text', async () => {
        const log = await open();
        await log.put(another({ seq: 1, payload: { target: 1 } }));
        await log.erase('lobby', 1, 'content');
        await log.erase('lobby', 7, 'payload');
        const [event] = await log.readForward('lobby', 0, 10);
        expect(event).toMatchObject({ payload: { target: 1 }, erased: true });
      });
    });

    test('keeps the first event of a slot, whoever comes later', async () => {
      const log = await logOf(1);
      expect(await log.put(anEvent({ seq: 1, id: 'other', content: 'other' }))).toBe('taken');
      expect(await log.put(anEvent({ seq: 1 }))).toBe('taken');
      expect(await log.readForward('lobby', 0, 10)).toEqual([anEvent({ seq: 1 })]);
    });

    test('gives a slot to one of fifty who want it at once', async () => {
      const log = await open();
      const outcomes = await Promise.all(
        Array.from({ length: 50 }, (_, writer) => log.put(anEvent({ seq: 1, id: `${writer}` }))),
      );
      const winners = outcomes.flatMap((outcome, writer) => (outcome === 'stored' ? [writer] : []));
      expect(winners).toHaveLength(1);
      const [event] = await log.readForward('lobby', 0, 10);
      expect(event?.id).toBe(`${winners[0]}`);
    });

    test('pages forward, oldest first, without a gap', async () => {
      const log = await logOf(12);
      const seqs = async (after: number, limit: number) =>
        (await log.readForward('lobby', after, limit)).map(({ seq }) => seq);
      expect(await seqs(0, 5)).toEqual([1, 2, 3, 4, 5]);
      expect(await seqs(5, 5)).toEqual([6, 7, 8, 9, 10]);
      expect(await seqs(10, 5)).toEqual([11, 12]);
      expect(await seqs(7, 5)).toEqual([8, 9, 10, 11, 12]);
      expect(await seqs(12, 5)).toEqual([]);
      expect(await seqs(Number.MAX_SAFE_INTEGER, 5)).toEqual([]);
    });

    test('pages backward, newest first, without a gap', async () => {
      const log = await logOf(12);
      const seqs = async (before: number, limit: number) =>
        (await log.readBackward('lobby', before, limit)).map(({ seq }) => seq);
      expect(await seqs(Number.MAX_SAFE_INTEGER, 5)).toEqual([12, 11, 10, 9, 8]);
      expect(await seqs(8, 5)).toEqual([7, 6, 5, 4, 3]);
      expect(await seqs(3, 5)).toEqual([2, 1]);
      expect(await seqs(1, 5)).toEqual([]);
      expect(await seqs(0, 5)).toEqual([]);
    });

    test('sorts by number, where text would sort otherwise', async () => {
      const log = await open();
      const seqs = [8, 9, 10, 99, 100, 1_000_000, 2 ** 40, Number.MAX_SAFE_INTEGER - 1];
      for (const seq of seqs) await log.put(anEvent({ seq, at: 1 }));
      const forward = await log.readForward('lobby', 0, 100);
      expect(forward.map(({ seq }) => seq)).toEqual(seqs);
      expect((await log.head('lobby')).seq).toBe(Number.MAX_SAFE_INTEGER - 1);
    });

    test('fills a page with more events than the database gives at once', async () => {
      // 1.6 MB, where a page of DynamoDB ends at 1 MB.
      const log = await logOf(8, 'x'.repeat(200_000));
      const seqs = (events: { seq: number }[]) => events.map(({ seq }) => seq);
      expect(seqs(await log.readForward('lobby', 0, 8))).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
      expect(seqs(await log.readForward('lobby', 0, 7))).toEqual([1, 2, 3, 4, 5, 6, 7]);
      expect(seqs(await log.readBackward('lobby', 9, 8))).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
      expect(await log.head('lobby')).toEqual({ ...anEnd(8), at: anEvent({ seq: 8 }).at });
    });

    test('ends a read where it is enough, and not before', async () => {
      const log = await logOf(40, 'x'.repeat(10_000));
      const bound = { count: 40, bytes: 100_000, bytesOf: jsonBytes };
      const enough = (read: readonly RoomEvent[]) => overflows(read, bound);
      const reads = [
        await log.readForward('lobby', 0, 40, enough),
        await log.readForward('lobby', 3, 37, enough),
        await log.readBackward('lobby', 41, 40, enough),
      ];
      for (const read of reads) {
        expect(enough(read)).toBe(true);
        // What the table gives at a time may go some way beyond.
        expect(read.length).toBeLessThan(25);
      }
      expect(await log.readForward('lobby', 35, 40, enough)).toHaveLength(5);
      expect(await log.readBackward('lobby', 6, 40, enough)).toHaveLength(5);
    });

    test('keeps what an event counts, of the log up to it', async () => {
      const log = await open();
      const [mention, other] = [anEvent({ seq: 1, g: 1 }), anEvent({ seq: 2, n: 1, p: 2, g: 1 })];
      await log.put(mention);
      expect(await log.head('lobby')).toMatchObject({ n: 1, p: 0, g: 1 });
      const group = [other, anEvent({ seq: 3, n: 1, p: 3, g: 1 }), anEvent({ seq: 4, n: 2, p: 3 })];
      await putTogether(log, group);
      expect(await log.head('lobby')).toMatchObject({ seq: 4, n: 2, p: 3, g: 0 });
      expect(await log.readForward('lobby', 0, 10)).toEqual([mention, ...group]);
      expect(await log.readBackward('lobby', 4, 2)).toEqual([group[1], other]);
    });

    groups(open);

    test('keeps rooms apart, whatever they are called', async () => {
      const log = await open();
      for (const room of HOSTILE_NAMES) {
        expect(await log.put(anEvent({ room, content: `in ${room}` }))).toBe('stored');
      }
      for (const room of HOSTILE_NAMES) {
        const events = await log.readForward(room, 0, 10);
        expect(events).toEqual([anEvent({ room, content: `in ${room}` })]);
        expect((await log.head(room)).seq).toBe(1);
      }
    });
  });
}

/** Events from one seq to another. */
const events = (from: number, to: number, content?: string): RoomEvent[] =>
  Array.from({ length: to - from + 1 }, (_, n) =>
    anEvent({ seq: from + n, ...(content && { content }) }),
  );

async function putTogether(log: EventLog, group: readonly RoomEvent[]): Promise<string> {
  const [first, ...rest] = group;
  return first ? await log.put(first, ...rest) : 'nothing to put';
}

function groups(open: () => Promise<EventLog>): void {
  test('takes a hundred events in one put, and gives them back one by one', async () => {
    const log = await open();
    const group = events(1, 100);
    expect(await putTogether(log, group)).toBe('stored');
    expect(await log.readForward('lobby', 0, 200)).toEqual(group);
    expect(await log.readBackward('lobby', 101, 200)).toEqual(group.toReversed());
  });

  test('takes none of a group if its first slot is taken, by one or by a group', async () => {
    const log = await open();
    await log.put(anEvent({ seq: 1 }));
    await putTogether(log, events(2, 4));
    expect(await putTogether(log, events(1, 3, 'late'))).toBe('taken');
    expect(await putTogether(log, events(2, 9, 'late'))).toBe('taken');
    expect(await log.put(anEvent({ seq: 2, content: 'late' }))).toBe('taken');
    expect(await log.readForward('lobby', 0, 100)).toEqual(events(1, 4));
  });

  test('gives a slot to one of thirty who want it at once, whole, groups or not', async () => {
    const log = await open();
    const rivals = Array.from({ length: 30 }, (_, n) => events(1, 1 + (n % 3), `of ${n}`));
    const outcomes = await Promise.all(rivals.map((group) => putTogether(log, group)));
    expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(1);
    const winner = rivals[outcomes.indexOf('stored')];
    expect(await log.readForward('lobby', 0, 100)).toEqual(winner);
  });

  test('says of its head what its newest event says of the crowd', async () => {
    const log = await open();
    const crowded = events(1, 3).map((event): RoomEvent => ({ ...event, crowded: true }));
    await putTogether(log, crowded);
    expect(await log.head('lobby')).toEqual({
      ...anEnd(3),
      at: anEvent({ seq: 3 }).at,
      crowded: true,
    });
    expect(await log.readForward('lobby', 0, 10)).toEqual(crowded);
    await log.put(anEvent({ seq: 4 }));
    expect(await log.head('lobby')).toEqual({ ...anEnd(4), at: anEvent({ seq: 4 }).at });
    await log.put(anEvent({ seq: 5, crowded: true }));
    expect(await log.head('lobby')).toMatchObject({ seq: 5, crowded: true });
    await putTogether(log, events(6, 7));
    expect(await log.head('lobby')).toEqual({ ...anEnd(7), at: anEvent({ seq: 7 }).at });
  });

  test('reads from anywhere to anywhere, also within and across groups', async () => {
    const log = await open();
    const all = events(1, 20);
    for (const [from, to] of [
      [1, 1],
      [2, 6],
      [7, 7],
      [8, 9],
      [10, 16],
      [17, 20],
    ] as const) {
      await putTogether(log, events(from, to));
    }
    const places = Array.from({ length: 23 }, (_, place) => place);
    await forEachParallel(places, 8, async (place) => {
      for (const limit of [1, 2, 5, 100]) {
        const newer = all.filter(({ seq }) => seq > place).slice(0, limit);
        expect(await log.readForward('lobby', place, limit)).toEqual(newer);
        const older = all
          .filter(({ seq }) => seq < place)
          .toReversed()
          .slice(0, limit);
        expect(await log.readBackward('lobby', place, limit)).toEqual(older);
      }
    });
  });

  test('reads on through groups that take more than the database gives at once', async () => {
    const log = await open();
    // 200 KB each, where a page of DynamoDB ends at 1 MB.
    for (let from = 1; from <= 71; from += 10) {
      await putTogether(log, events(from, from + 9, 'x'.repeat(20_000)));
    }
    const seqs = (read: readonly RoomEvent[]) => read.map(({ seq }) => seq);
    const range = (from: number, to: number) => seqs(events(from, to));
    expect(seqs(await log.readForward('lobby', 0, 80))).toEqual(range(1, 80));
    expect(seqs(await log.readForward('lobby', 4, 71))).toEqual(range(5, 75));
    expect(seqs(await log.readBackward('lobby', 77, 72))).toEqual(range(5, 76).toReversed());
  });
}
