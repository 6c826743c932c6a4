import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { HistoryPage, HistoryRange, Message } from '../../client/index.ts';
import { findMessage, quotedOf } from '../../web/room/replies/quoted.ts';
import { PASSING_MS, Quotes } from '../../web/room/replies/quotes.ts';
import { message } from './samples.ts';

/** A room that has some messages, and counts what it is asked for. */
class Past {
  readonly asked: number[] = [];
  readonly messages = new Map<number, Message>();
  reachable = true;

  async history({ before = 0 }: HistoryRange = {}): Promise<HistoryPage> {
    this.asked.push(before - 1);
    if (!this.reachable) throw new Error('No connection.');
    // The newest before it, which may be another one.
    const seqs = [...this.messages.keys()].filter((seq) => seq < before);
    const found = this.messages.get(Math.max(...seqs));
    return { messages: found ? [found] : [], more: false, joins: false };
  }
}

const has = (...seqs: number[]) => {
  const past = new Past();
  for (const seq of seqs) past.messages.set(seq, message({ seq, content: `words of ${seq}` }));
  return past;
};

describe('messages that are answered', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });
  const pass = () => jest.advanceTimersByTimeAsync(PASSING_MS);

  test('are quoted as they stand once they are changed, or deleted', async () => {
    const past = has(1);
    const quotes = new Quotes(past);
    quotes.want(1);
    await pass();
    quotes.follow({ target: 1, version: 9, content: 'new words', editedAt: 'now' });
    expect(quotes.get(1)).toEqual({ sender: 'bob', text: 'new words' });
    quotes.follow({ target: 1, deleted: { by: 'root', at: 'now' } });
    expect(quotes.get(1)).toEqual({ sender: 'bob', text: undefined });
    quotes.follow({ target: 2, deleted: { by: 'root', at: 'now' } });
    expect(quotes.get(2)).toBeUndefined();
    expect(past.asked).toEqual([1]);
  });

  test('are taken from the window, and asked for by nobody', async () => {
    const past = has(1);
    const quotes = new Quotes(past);
    quotes.window = [message({ seq: 1, content: 'here' })];
    quotes.want(1);
    await pass();
    expect(quotes.get(1)).toEqual({ sender: 'bob', text: 'here' });
    expect(quotes.get(1)).toBe(quotes.get(1));
    expect(past.asked).toEqual([]);
    // Also once the window is elsewhere.
    quotes.window = [];
    expect(quotes.get(1)).toEqual({ sender: 'bob', text: 'here' });
  });

  test('show what became of them in the window', () => {
    const quotes = new Quotes(has());
    quotes.window = [message({ seq: 1, content: 'before' })];
    expect(quotes.get(1)).toMatchObject({ text: 'before' });
    const deleted = { by: 'bob', at: '2026-11-01T12:00:00Z' };
    quotes.window = [message({ seq: 1, content: '', deleted })];
    expect(quotes.get(1)).toEqual({ sender: 'bob', text: undefined });
  });

  test('are fetched once, however many want them', async () => {
    const past = has(5);
    const quotes = new Quotes(past);
    const told = jest.fn();
    quotes.subscribe(told);
    for (let times = 0; times < 3; times++) quotes.want(5);
    await pass();
    expect(quotes.get(5)).toEqual({ sender: 'bob', text: 'words of 5' });
    expect(told).toHaveBeenCalledTimes(1);
    quotes.want(5);
    await pass();
    expect(past.asked).toEqual([5]);
  });

  test('are not fetched when they were scrolled past', async () => {
    const past = has(5);
    const quotes = new Quotes(past);
    for (let seq = 1; seq < 50; seq++) quotes.want(seq)();
    await pass();
    expect(past.asked).toEqual([]);
  });

  test('are fetched a few at a time', async () => {
    const past = has(1, 2, 3, 4, 5);
    const quotes = new Quotes(past);
    for (let seq = 1; seq <= 5; seq++) quotes.want(seq);
    jest.advanceTimersByTime(PASSING_MS);
    expect(past.asked).toEqual([1, 2, 3]);
    await pass();
    expect(past.asked).toEqual([1, 2, 3, 4, 5]);
  });

  test('are gone where the room has another one in their place', async () => {
    const quotes = new Quotes(has(3));
    quotes.want(4);
    await pass();
    expect(quotes.get(4)).toBe('gone');
  });

  test('are asked for again once there is a connection, and not before', async () => {
    const past = has(5);
    past.reachable = false;
    const quotes = new Quotes(past);
    quotes.want(5);
    await pass();
    quotes.want(5);
    await pass();
    expect(quotes.get(5)).toBeUndefined();
    expect(past.asked).toEqual([5]);
    past.reachable = true;
    quotes.retry();
    await pass();
    expect(quotes.get(5)).toMatchObject({ text: 'words of 5' });
  });

  test('are of the log that there is: what was read of another one is not shown', async () => {
    const past = has(5);
    const quotes = new Quotes(past);
    quotes.want(5);
    jest.advanceTimersByTime(PASSING_MS);
    past.messages.set(5, message({ seq: 5, content: 'of the new log' }));
    quotes.forget();
    await pass();
    expect(quotes.get(5)).toMatchObject({ text: 'of the new log' });
    expect(past.asked).toEqual([5, 5]);
  });
});

describe('a quote', () => {
  const textOf = (content: string) => {
    const quoted = quotedOf(message({ content }));
    return quoted === 'gone' ? undefined : quoted.text;
  };

  test('is one line, cut between characters', () => {
    expect(textOf('\n one\n\ttwo ')).toBe('one two');
    const cut = textOf('🚀'.repeat(500));
    expect(cut).toMatch(/^🚀+…$/u);
    expect(Array.from(cut ?? '')).toHaveLength(161);
  });

  test('is found among messages with holes between them', () => {
    const all = [1, 2, 5, 9].map((seq) => message({ seq }));
    for (const each of all) expect(findMessage(all, each.seq)).toBe(each);
    for (const seq of [0, 3, 10]) expect(findMessage(all, seq)).toBeUndefined();
    expect(findMessage([], 1)).toBeUndefined();
  });
});
