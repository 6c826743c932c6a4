import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { eventFrames, framedBytes } from '../../../lambdas/chat/event-frames.ts';
import { FRAME_BYTES } from '../../../protocol/limits.ts';
import { frameTimestamp } from '../../../protocol/timestamp.ts';
import { anEvent, another } from '../../fakes/samples.ts';

const event = anEvent({
  seq: 7,
  content: 'a "quoted" <b>',
  at: Date.UTC(2026, 10, 22, 10, 54, 1, 947),
});

const old = {
  type: 'chat_message',
  sender: 'Alice',
  content: 'a "quoted" <b>',
  timestamp: '2026-11-22T10:54:01.947000+00:00',
  room: 'lobby',
};

/** A comma is counted with each event, of which the last has none. */
const SLACK = 1;

const parsed = (frames: readonly string[]) => frames.map((frame) => JSON.parse(frame));

describe('an event', () => {
  test('has for the old clients exactly the fields they know', () => {
    expect(parsed(eventFrames([event]).legacy)).toEqual([old]);
  });

  test('has for v1 clients its place in the log beside them, and no account id', () => {
    const { v1 } = eventFrames([event]);
    expect(parsed(v1)).toEqual([{ ...old, seq: 7, id: 'event-7', clientId: 'client-7' }]);
  });
});

describe('an event of another kind than messages', () => {
  const [message, other] = [
    anEvent({ seq: 1 }),
    another({ seq: 2, payload: { of: 1, set: ['👍'] } }),
  ];

  test('reaches v1 clients with what it says, and the old ones not at all', () => {
    const { legacy, v1 } = eventFrames([other]);
    expect(legacy).toEqual([]);
    expect(parsed(v1)).toEqual([
      {
        ...{ type: 'unheard', sender: 'Alice', of: 1, set: ['👍'] },
        timestamp: frameTimestamp(other.at),
        ...{ room: 'lobby', seq: 2, id: 'event-2', clientId: 'client-2' },
      },
    ]);
  });

  test('keeps its place among messages', () => {
    const { legacy, v1 } = eventFrames([message, other]);
    expect(parsed(legacy)).toHaveLength(1);
    expect(parsed(v1)[0].events.map(({ seq }: { seq: number }) => seq)).toEqual([1, 2]);
  });

  test('is weighed as it travels', () => {
    const { v1 } = eventFrames([other]);
    expect(framedBytes(other)).toBe(Buffer.byteLength(JSON.stringify(v1[0])) - 2 + 1);
  });
});

describe('several events', () => {
  const events = [1, 2, 3].map((seq) => anEvent({ seq }));

  test('travel to v1 clients in one frame, in order, each as it would alone', () => {
    const alone = events.flatMap((each) => parsed(eventFrames([each]).v1));
    expect(parsed(eventFrames(events).v1)).toEqual([
      { type: 'events', room: 'lobby', events: alone },
    ]);
  });

  test('travel to the old clients each in its own frame, in order', () => {
    const alone = events.flatMap((each) => eventFrames([each]).legacy);
    expect(eventFrames(events).legacy).toEqual(alone);
  });

  test('that are none make no frame', () => {
    expect(eventFrames([])).toEqual({ legacy: [], v1: [] });
  });

  test.each([
    [0, 1],
    [1, 2],
  ])('that take %i bytes more than a frame need %i', (more, frames) => {
    const filled = (length: number) =>
      eventFrames([1, 2, 3, 4, 5].map((seq) => anEvent({ seq, content: 'x'.repeat(length) })));
    const [shortest = ''] = filled(1).v1;
    // What is left of a frame, shared among five; the first takes what can't be shared.
    const left = FRAME_BYTES - Buffer.byteLength(shortest) - SLACK + more;
    const contents = [1, 2, 3, 4, 5].map((seq) => {
      const extra = Math.floor(left / 5) + (seq === 1 ? left % 5 : 0);
      return anEvent({ seq, content: 'x'.repeat(1 + extra) });
    });
    const { v1 } = eventFrames(contents);
    expect(v1).toHaveLength(frames);
    for (const frame of v1) expect(Buffer.byteLength(frame)).toBeLessThanOrEqual(FRAME_BYTES);
  });

  test('fill frames as far as they go, and no frame is too large', () => {
    const room = 'größe-"\\-🙂';
    const given = fc.record({
      content: fc.oneof(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 7_900 }).map((length) => '"'.repeat(length)),
        fc.integer({ min: 1, max: 2_000 }).map((length) => '🙂'.repeat(length)),
      ),
    });
    fc.assert(
      fc.property(fc.array(given, { minLength: 1, maxLength: 30 }), (contents) => {
        const all = contents.map((each, index) => anEvent({ ...each, room, seq: index + 1 }));
        const { v1 } = eventFrames(all);
        const packs = parsed(v1).map((frame) => frame.events ?? [frame]);
        expect(packs.flat().map(({ seq }) => seq)).toEqual(all.map(({ seq }) => seq));
        expect(packs.flat().map(({ content }) => content)).toEqual(
          all.map(({ payload }) => payload.content),
        );
        for (const [index, frame] of v1.entries()) {
          expect(Buffer.byteLength(frame)).toBeLessThanOrEqual(FRAME_BYTES);
          const next = packs[index + 1]?.[0];
          const together = { type: 'events', room, events: [...packs[index], next] };
          // The next one stands in another frame because it has no room in this one.
          if (next) {
            expect(Buffer.byteLength(JSON.stringify(together))).toBeGreaterThan(FRAME_BYTES - 2);
          }
        }
      }),
    );
  });
});
