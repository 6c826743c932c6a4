import { describe, expect, test } from '@jest/globals';
import { firstUnread, Lines, settingOf } from '../../web/room/lines.ts';
import { message, pendingMessage } from './samples.ts';

const NOON = Date.parse('2026-11-01T12:00:00Z');
const at = (ms: number) => new Date(NOON + ms).toISOString();
const MINUTE = 60_000;

describe('the lines of a room', () => {
  test('are its messages, then what is on its way', () => {
    const lines = new Lines('alice').of(
      [message({ seq: 1, content: 'one' }), message({ seq: 2, sender: 'Alice', content: 'two' })],
      [pendingMessage({ content: 'three' })],
    );
    expect(lines).toMatchObject([
      { seq: 1, sender: 'bob', own: false, content: 'one', pending: undefined },
      { seq: 2, sender: 'Alice', own: true, content: 'two' },
      { seq: undefined, sender: 'alice', own: true, pending: { status: 'sending' } },
    ]);
  });

  test('show a message once that is stored and not yet taken off what is on its way', () => {
    const lines = new Lines('alice');
    const pending = pendingMessage({ clientId: 'mine' });
    const [before] = lines.of([], [pending]);
    const stored = message({ seq: 7, sender: 'alice', clientId: 'mine' });
    const both = lines.of([stored], [pending]);
    expect(both).toHaveLength(1);
    // In the same place of the document, so that nothing jumps.
    expect(both[0]).toMatchObject({ key: before?.key, seq: 7, pending: undefined });
  });

  test('are told apart although an old client gave two of one’s messages the same id', () => {
    const twice = [3, 9].map((seq) => message({ seq, sender: 'alice', clientId: 'same' }));
    const keys = new Lines('alice').of(twice, []).map(({ key }) => key);
    expect(new Set(keys).size).toBe(2);
  });

  test('stay in their places when their messages are changed, and say what became of them', () => {
    const lines = new Lines('alice');
    const said = message({ seq: 1, content: 'old' });
    const [before] = lines.of([said], []);
    const [edited] = lines.of([{ ...said, content: 'new', version: 2, editedAt: at(MINUTE) }], []);
    expect(edited).toMatchObject({ key: before?.key, content: 'new', editedAt: NOON + MINUTE });
    const [gone] = lines.of([{ ...said, content: '', deleted: { by: 'root', at: at(0) } }], []);
    expect(gone).toMatchObject({ key: before?.key, content: '', deletedBy: 'root' });
  });

  test('are the same objects as long as the messages are', () => {
    const lines = new Lines('alice');
    const messages = [message({ seq: 1 }), message({ seq: 2 })];
    const [first] = lines.of(messages, []);
    expect(lines.of([...messages, message({ seq: 3 })], [])[0]).toBe(first);
  });
});

describe('a line', () => {
  const setting = (
    one: { sender?: string; timestamp?: string },
    next: { sender?: string; timestamp?: string },
  ) => {
    const [before, line] = new Lines('alice').of(
      [message({ seq: 1, ...one }), message({ seq: 2, ...next })],
      [],
    );
    return line && settingOf(line, before, false);
  };

  test('that is a reply names its sender, for the name of another stands above its words', () => {
    const [before, reply] = new Lines('alice').of(
      [message({ seq: 1 }), message({ seq: 2, replyTo: 1, kind: 'poll' })],
      [],
    );
    expect(reply).toMatchObject({ replyTo: 1, kind: 'poll' });
    expect(reply && settingOf(reply, before, false).leads).toBe(true);
    const waiting = new Lines('alice').of([], [pendingMessage({ replyTo: 7, kind: 'poll' })]);
    expect(waiting).toMatchObject([{ replyTo: 7, kind: 'poll' }]);
  });

  test('that goes on within five minutes does not name its sender again', () => {
    expect(setting({}, { timestamp: at(5 * MINUTE - 1) })).toEqual({ leads: false, newDay: false });
    expect(setting({}, { timestamp: at(5 * MINUTE) })).toEqual({ leads: true, newDay: false });
  });

  test('of another sender names that one', () => {
    expect(setting({}, { sender: 'carol' })).toEqual({ leads: true, newDay: false });
  });

  test('of another day has the day above it, even a minute later', () => {
    const midnight = new Date(2026, 10, 2).getTime();
    const around = [midnight - 30_000, midnight + 30_000].map((ms) => new Date(ms).toISOString());
    const [timestamp = '', next = ''] = around;
    expect(setting({ timestamp }, { timestamp: next })).toEqual({ leads: true, newDay: true });
  });

  test('that is the first has its day above it', () => {
    const [line] = new Lines('alice').of([message()], []);
    expect(line && settingOf(line, undefined, false)).toEqual({ leads: true, newDay: true });
    // Unless there are others before it, of the same day perhaps.
    expect(line && settingOf(line, undefined, true)).toEqual({ leads: true, newDay: false });
  });
});

describe('the line "new"', () => {
  const lines = (from: number, to: number, own: readonly number[] = []) =>
    new Lines('alice').of(
      Array.from({ length: to - from + 1 }, (_, index) => from + index).map((seq) =>
        message({ seq, sender: own.includes(seq) ? 'alice' : 'bob' }),
      ),
      [],
    );

  test('stands above the first message after what was read that is not one’s own', () => {
    expect(firstUnread(lines(1, 9), 4, false)).toBe(4);
    expect(firstUnread(lines(1, 9, [5, 6]), 4, false)).toBe(6);
    expect(firstUnread(lines(5, 9), 4, true)).toBe(0);
  });

  test('stands nowhere where nothing is new, or its first message is not shown', () => {
    expect(firstUnread(lines(1, 9), undefined, false)).toBe('none');
    expect(firstUnread(lines(1, 9, [8, 9]), 7, false)).toBe('none');
    expect(firstUnread(lines(50, 99), 4, true)).toBe('none');
    // What came right after has expired.
    expect(firstUnread(lines(50, 99), 4, false)).toBe(0);
  });

  test('is waited for as long as nothing new is shown', () => {
    expect(firstUnread(lines(1, 9), 9, false)).toBe('awaited');
    expect(firstUnread([], 9, false)).toBe('awaited');
  });
});
