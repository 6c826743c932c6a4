import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dynamoEventLog } from '../../../lambdas/aws/event-log.ts';
import { countersAfter, MESSAGE } from '../../../lambdas/chat/event.ts';
import { type HistoryRange, readHistory, replay } from '../../../lambdas/chat/history.ts';
import type { EventLog } from '../../../lambdas/chat/ports/event-log.ts';
import { memoryTable } from '../../../local/database.ts';
import { historyOf } from '../../fakes/history-of.ts';
import { anEvent, atMost } from '../../fakes/samples.ts';

async function logOf(events: number) {
  const log = dynamoEventLog(memoryTable());
  for (let seq = 1; seq <= events; seq++) await log.put(anEvent({ seq }));
  return log;
}

/** A page of a room with so many events, its messages by their seq. */
async function page(events: number, range: HistoryRange, limit: number) {
  const { messages, older, newer } = await readHistory(
    historyOf(await logOf(events)),
    'lobby',
    range,
    atMost(limit),
  );
  return { seqs: messages.map(({ seq }) => seq), older, newer };
}

describe('the newest page', () => {
  test.each([
    { events: 0, seqs: [], older: undefined },
    { events: 1, seqs: [1], older: undefined },
    { events: 3, seqs: [3, 2, 1], older: undefined },
    { events: 4, seqs: [4, 3, 2], older: 2 },
  ])('of $events events, three a page', async ({ events, seqs, older }) => {
    expect(await page(events, undefined, 3)).toEqual({ seqs, older, newer: undefined });
  });
});

describe('the page before a seq', () => {
  test.each([
    { before: 1, seqs: [], older: undefined, newer: undefined },
    { before: 2, seqs: [1], older: undefined, newer: 1 },
    { before: 4, seqs: [3, 2, 1], older: undefined, newer: 3 },
    { before: 5, seqs: [4, 3, 2], older: 2, newer: 4 },
    { before: 1_000, seqs: [6, 5, 4], older: 4, newer: 6 },
  ])('$before of six, three a page', async ({ before, ...expected }) => {
    expect(await page(6, { before }, 3)).toEqual(expected);
  });

  test('of an empty room has nothing beside it', async () => {
    expect(await page(0, { before: 5 }, 3)).toEqual({
      seqs: [],
      older: undefined,
      newer: undefined,
    });
  });
});

describe('the page after a seq', () => {
  test.each([
    { after: 0, seqs: [3, 2, 1], older: undefined, newer: 3 },
    { after: 2, seqs: [5, 4, 3], older: 3, newer: 5 },
    { after: 3, seqs: [6, 5, 4], older: 4, newer: undefined },
    { after: 5, seqs: [6], older: 6, newer: undefined },
    { after: 6, seqs: [], older: 7, newer: undefined },
  ])('$after of six, three a page', async ({ after, ...expected }) => {
    expect(await page(6, { after }, 3)).toEqual(expected);
  });

  test('0 of an empty room is empty', async () => {
    expect(await page(0, { after: 0 }, 3)).toEqual({
      seqs: [],
      older: undefined,
      newer: undefined,
    });
  });

  test.each([0, 6])('beyond the head of %i is refused', async (events) => {
    await expect(page(events, { after: events + 1 }, 3)).rejects.toMatchObject({
      code: 'after_beyond_head',
    });
  });
});

test('paging either way meets every message once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 30 }), fc.integer({ min: 1, max: 8 }), async (events, limit) => {
      const log = await logOf(events);
      const expected = Array.from({ length: events }, (_, index) => index + 1);

      const backward: number[] = [];
      for (let range: HistoryRange; ; ) {
        const { messages, older } = await readHistory(
          historyOf(log),
          'lobby',
          range,
          atMost(limit),
        );
        backward.push(...messages.map(({ seq }) => seq));
        if (older === undefined) break;
        expect(messages).toHaveLength(limit);
        range = { before: older };
      }
      expect(backward.reverse()).toEqual(expected);

      const forward: number[] = [];
      for (let after = 0; ; ) {
        const { messages, newer } = await readHistory(
          historyOf(log),
          'lobby',
          { after },
          atMost(limit),
        );
        forward.push(...messages.map(({ seq }) => seq).reverse());
        if (newer === undefined) break;
        after = newer;
      }
      expect(forward).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});

describe('a replay', () => {
  test.each([
    { events: 0, after: 0, seqs: [], head: 0 },
    { events: 1, after: 0, seqs: [1], head: 1 },
    { events: 3, after: 0, seqs: [1, 2, 3], head: 3 },
    { events: 4, after: 0, seqs: [1, 2, 3], head: 4 },
    { events: 4, after: 3, seqs: [4], head: 4 },
    { events: 4, after: 4, seqs: [], head: 4 },
  ])('of $events events after $after, three a page', async ({ events, after, seqs, head }) => {
    const page = await replay(historyOf(await logOf(events)), 'lobby', after, atMost(3));
    expect(page.events.map(({ seq }) => seq)).toEqual(seqs);
    expect(page.head).toBe(head);
  });

  test('from beyond the head is refused', async () => {
    await expect(replay(historyOf(await logOf(4)), 'lobby', 5, atMost(3))).rejects.toMatchObject({
      code: 'after_beyond_head',
    });
  });
});

describe('a room that holds more than messages', () => {
  /** Of each kind as a letter tells: a message, or something else. */
  async function mixed(kinds: string) {
    const log = dynamoEventLog(memoryTable());
    let counters = { n: 0, m: 0, p: 0, g: 0 };
    for (const [index, kind] of [...kinds].entries()) {
      const type = kind === 'm' ? MESSAGE : 'unheard';
      counters = countersAfter({ seq: index, ...counters }, type);
      await log.put({ ...anEvent({ seq: index + 1 }), type, ...counters });
    }
    return log;
  }

  /** All pages from one end to the other, the seqs of their messages. */
  async function walked(log: EventLog, way: 'older' | 'newer', limit: number) {
    const pages: number[][] = [];
    let range: HistoryRange = way === 'newer' ? { after: 0 } : undefined;
    for (;;) {
      const page = await readHistory(historyOf(log), 'lobby', range, atMost(limit));
      pages.push(page.messages.map(({ seq }) => seq));
      const next = page[way];
      if (next === undefined) return pages;
      range = way === 'newer' ? { after: next } : { before: next };
    }
  }

  test('has pages of its messages alone, and its head where the log ends', async () => {
    const log = await mixed('mmxmxxmx');
    const { messages, head } = await readHistory(historyOf(log), 'lobby', undefined, atMost(2));
    expect(messages.map(({ seq }) => seq)).toEqual([7, 4]);
    expect(head).toBe(8);
  });

  test('has each message on one page, by whatever way one walks', async () => {
    const anyKinds = fc.string({ unit: fc.constantFrom('m', 'x'), maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(anyKinds, fc.integer({ min: 1, max: 5 }), async (kinds, limit) => {
        const log = await mixed(kinds);
        const seqs = [...kinds].flatMap((kind, index) => (kind === 'm' ? [index + 1] : []));
        expect((await walked(log, 'newer', limit)).flatMap((page) => page.reverse())).toEqual(seqs);
        expect((await walked(log, 'older', limit)).flat()).toEqual(seqs.reverse());
      }),
      { numRuns: 50 },
    );
  });

  test('is not read through for a page: the next goes on where that ended', async () => {
    const log = await mixed(`mm${'x'.repeat(2_500)}`);
    let read = 0;
    const { readBackward } = log;
    const counted: EventLog = {
      ...log,
      async readBackward(...range) {
        const events = await readBackward(...range);
        read += events.length;
        return events;
      },
    };
    const page = await readHistory(historyOf(counted), 'lobby', undefined, atMost(1));
    expect(page).toMatchObject({ messages: [], head: 2_502 });
    expect(read).toBe(2_001);
    expect(await walked(log, 'older', 1)).toEqual([[], [2], [1]]);
  }, 30_000);
});
