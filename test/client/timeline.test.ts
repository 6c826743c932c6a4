import { describe, expect, test } from '@jest/globals';
import { memoryStore } from '../../client/memory-store.ts';
import type { Platform } from '../../client/options.ts';
import { roomTimeline, type TimelineState } from '../../client/timeline.ts';
import type { Message } from '../../client/types.ts';
import { FakeChat, refusal } from './fake-chat.ts';

async function chatWith(
  count: number,
  platform: (chat: FakeChat) => Partial<Platform> = () => ({}),
) {
  const chat = new FakeChat();
  for (let i = 1; i <= count; i++) chat.say('hall', String(i));
  const options = { timing: { maxReplay: 100 }, platform: platform(chat) };
  const room = chat.connect(options).room('hall');
  const timeline = roomTimeline(room);
  await chat.pass();
  return { chat, room, timeline };
}

/** From the first seq to the last, where there is no hole and nothing twice. */
function span({ messages }: TimelineState): string {
  const seqs = messages.map(({ seq }) => seq);
  const broken = seqs.findIndex((seq, index) => index > 0 && seq !== (seqs[index - 1] ?? 0) + 1);
  if (broken !== -1) return `${seqs[broken - 1]} is followed by ${seqs[broken]}`;
  return `${seqs[0]} to ${seqs.at(-1)}`;
}

describe('a timeline', () => {
  test('shows nothing twice when a page is ahead of what came', async () => {
    const { chat, timeline } = await chatWith(290);
    void timeline.jumpTo(100);
    await chat.pass();
    // The last page holds messages that have not come over the socket.
    const late = ['a', 'b'].map((text) => chat.say('hall', text, { lost: true }));
    void timeline.loadNewer();
    await chat.pass();
    expect(span(timeline.state)).toBe('1 to 292');
    for (const event of late) chat.socket.tell(event);
    await chat.pass();
    chat.say('hall', 'next');
    await chat.pass();
    expect(span(timeline.state)).toBe('1 to 293');
    expect(timeline.state.hasNewer).toBe(false);
  });

  test('reaches both ends where pages are shorter than their limit', async () => {
    const { chat, timeline } = await chatWith(290);
    chat.mostOnPage = 40;
    void timeline.jumpTo(150);
    await chat.pass();
    expect(span(timeline.state)).toBe('111 to 190');
    for (let pages = 0; timeline.state.hasOlder && pages < 9; pages++) {
      void timeline.loadOlder();
      await chat.pass();
    }
    for (let pages = 0; timeline.state.hasNewer && pages < 9; pages++) {
      void timeline.loadNewer();
      await chat.pass();
    }
    expect(span(timeline.state)).toBe('1 to 290');
  });

  test('has no hole when the room was reset while a page was read', async () => {
    let slow = false;
    const { chat, timeline } = await chatWith(290, (chat) => ({
      fetch: async (url, init) => {
        const answer = await chat.platform.fetch(url, init);
        if (slow && url.includes('after=200')) {
          await new Promise<void>((resolve) => chat.timeline.in(5_000, resolve));
        }
        return answer;
      },
    }));
    void timeline.jumpTo(100);
    await chat.pass();
    slow = true;
    void timeline.loadNewer();
    await chat.pass();
    for (let i = 1; i <= 400; i++) chat.say('hall', `far ${i}`, { lost: true });
    chat.socket.cut();
    await chat.pass(10_000);
    expect(span(timeline.state)).toBe('1 to 290');
    expect(timeline.state.hasNewer).toBe(true);
    for (let pages = 0; pages < 5; pages++) {
      void timeline.loadNewer();
      await chat.pass();
    }
    expect(span(timeline.state)).toBe('1 to 690');
    expect(timeline.state.hasNewer).toBe(false);
  });

  test('goes where it was sent before the room had begun', async () => {
    const chat = new FakeChat();
    for (let i = 1; i <= 600; i++) chat.say('hall', String(i));
    const timeline = roomTimeline(chat.connect().room('hall'));
    void timeline.jumpTo(100);
    await chat.pass(500);
    expect(span(timeline.state)).toBe('1 to 200');
    expect(timeline.state).toMatchObject({ hasNewer: true, loading: 'no' });
  });

  test('shows the newest where it could not go before the room had begun', async () => {
    const chat = new FakeChat();
    for (let i = 1; i <= 600; i++) chat.say('hall', String(i));
    const fetch = chat.platform.fetch;
    const platform: Partial<Platform> = {
      fetch: async (url, init) =>
        url.includes('after=100') ? new Response('{}', { status: 500 }) : await fetch(url, init),
    };
    const timeline = roomTimeline(chat.connect({ platform }).room('hall'));
    void timeline.jumpTo(100);
    await chat.pass(500);
    expect(span(timeline.state)).toBe('551 to 600');
    expect(timeline.state).toMatchObject({ loading: 'no', error: { code: 'internal' } });
  });

  test('begins anew where the log is another one, also in the past', async () => {
    const { chat, timeline } = await chatWith(600);
    void timeline.jumpTo(100);
    await chat.pass();
    chat.logs.set('hall', []);
    for (let i = 1; i <= 20; i++) chat.say('hall', `new ${i}`, { lost: true });
    chat.socket.cut();
    await chat.pass(3_000);
    expect(timeline.state.messages[0]?.content).toBe('new 1');
    expect(span(timeline.state)).toBe('1 to 20');
    expect(timeline.state.hasNewer).toBe(false);
  });

  test('of a room that begins in the middle reaches back', async () => {
    const chat = new FakeChat();
    for (let i = 1; i <= 70; i++) chat.say('hall', String(i));
    const timeline = roomTimeline(chat.connect().room('hall', { after: 70 }));
    await chat.pass();
    expect(timeline.state).toMatchObject({ messages: [], hasOlder: true });
    chat.say('hall', 'next');
    await chat.pass();
    expect(timeline.state.hasOlder).toBe(true);
    void timeline.loadOlder();
    await chat.pass();
    expect(span(timeline.state)).toBe('1 to 71');
    expect(timeline.state.hasOlder).toBe(false);
  });

  test.each([
    [0, 1, 100],
    [9_999, 201, 300],
  ])('that is sent to %i, where nothing is, shows what is near', async (seq, first, last) => {
    const { chat, timeline } = await chatWith(300);
    void timeline.jumpTo(seq);
    await chat.pass();
    expect(span(timeline.state)).toBe(`${first} to ${last}`);
    expect(timeline.state.error).toBeUndefined();
    chat.say('hall', 'now');
    await chat.pass();
    for (let pages = 0; pages < 4; pages++) {
      void timeline.loadNewer();
      await chat.pass();
    }
    expect(span(timeline.state)).toBe(`${first} to 301`);
  });

  test('goes where it was sent last', async () => {
    const { chat, timeline } = await chatWith(600);
    void timeline.jumpTo(100);
    void timeline.jumpToLatest();
    await chat.pass();
    expect(span(timeline.state)).toBe('551 to 600');
    void timeline.jumpTo(100);
    void timeline.jumpTo(590);
    await chat.pass();
    expect(span(timeline.state)).toBe('551 to 600');
    expect(timeline.state.loading).toBe('no');
  });

  test('goes on with what is kept when what came next has expired', async () => {
    const { chat, timeline } = await chatWith(500);
    void timeline.jumpTo(100);
    await chat.pass();
    expect(span(timeline.state)).toBe('1 to 200');
    chat.expired.set('hall', 299);
    void timeline.loadNewer();
    await chat.pass();
    expect(span(timeline.state)).toBe('300 to 399');
    void timeline.loadOlder();
    await chat.pass();
    expect(timeline.state).toMatchObject({ hasOlder: false, hasNewer: true, loading: 'no' });
    void timeline.loadNewer();
    await chat.pass();
    expect(span(timeline.state)).toBe('300 to 500');
  });

  test('is not harmed by a listener that throws or goes away', async () => {
    const { chat, timeline } = await chatWith(300);
    const thrown: unknown[] = [];
    const told: string[] = [];
    const catchIt = (failure: unknown) => thrown.push(failure);
    process.once('uncaughtException', catchIt);
    timeline.subscribe(() => stop());
    const stop = timeline.subscribe(() => told.push('gone'));
    void timeline.loadOlder();
    await chat.pass();
    process.off('uncaughtException', catchIt);
    expect(told).toEqual([]);
    expect(timeline.state.messages).toHaveLength(150);
  });

  test('keeps what the next page needs when the first could not be had', async () => {
    const chat = new FakeChat();
    for (let i = 1; i <= 60; i++) chat.say('hall', String(i), { lost: true });
    chat.onCall = () => refusal(500, 'internal');
    const store = memoryStore();
    await store.saveRoom('hall', {
      upTo: 60,
      messages: chat.log('hall').slice(10) as unknown as Message[],
    });
    const timeline = roomTimeline(chat.connect({ store }).room('hall'));
    await chat.pass();
    void timeline.loadOlder();
    await chat.pass();
    expect(timeline.state).toMatchObject({ hasOlder: true, error: { code: 'internal' } });
    chat.onCall = () => undefined;
    void timeline.loadOlder();
    await chat.pass();
    expect(span(timeline.state)).toBe('1 to 60');
  });

  describe('of a room that holds more than messages', () => {
    /** So many messages, of which each tenth is followed by something else. */
    async function mixed(count: number) {
      const chat = new FakeChat();
      for (let i = 1; i <= count; i++) {
        chat.say('hall', String(i));
        if (i % 10 === 0) chat.happen('hall', { type: 'unheard', target: 1 });
      }
      const room = chat.connect({ timing: { maxReplay: 20 } }).room('hall');
      const timeline = roomTimeline(room);
      await chat.pass();
      return { chat, room, timeline };
    }

    const texts = ({ messages }: TimelineState) => messages.map(({ content }) => content);
    const numbers = (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, index) => String(from + index));

    test('keeps its lines where a page follows on something else', async () => {
      const { chat, timeline } = await mixed(400);
      void timeline.jumpTo(55);
      await chat.pass();
      expect(texts(timeline.state)).toEqual(numbers(1, 150));
      for (let pages = 0; timeline.state.hasNewer && pages < 9; pages++) {
        void timeline.loadNewer();
        await chat.pass();
      }
      expect(texts(timeline.state)).toEqual(numbers(1, 400));
    });

    test('counts what it does not know, and asks no more for it', async () => {
      const { chat, room, timeline } = await mixed(10);
      expect(room.state).toMatchObject({ status: 'live', upTo: 11 });
      chat.happen('hall', { type: 'unheard' });
      chat.say('hall', 'after');
      await chat.pass();
      expect(room.state).toMatchObject({ status: 'live', upTo: 13 });
      expect(texts(timeline.state).at(-1)).toBe('after');
      const { length } = chat.calls;
      await chat.pass(60_000);
      expect(chat.calls.length).toBe(length);
    });
  });

  describe('of messages that are changed', () => {
    const edit = (target: number, content: string) => ({
      ...{ type: 'edit', target, content, baseVersion: target },
    });
    const texts = ({ messages }: TimelineState) => messages.map(({ content }) => content);

    test('shows them as they stand, and says so', async () => {
      const { chat, room, timeline } = await chatWith(3);
      const changes: unknown[] = [];
      room.on('change', (change) => changes.push(change));
      chat.happen('hall', edit(2, 'new'));
      chat.happen('hall', { type: 'deletion', target: 3 });
      await chat.pass();
      expect(texts(timeline.state)).toEqual(['1', 'new', '']);
      expect(timeline.state.messages).toMatchObject([
        {},
        { version: 4, editedAt: expect.stringMatching(/Z$/) },
        { deleted: { by: 'bob', at: expect.stringMatching(/Z$/) } },
      ]);
      expect(changes).toMatchObject([{ target: 2, content: 'new' }, { target: 3 }]);
      expect(room.state.lastMessage).toMatchObject({ seq: 3, content: '' });
    });

    test('ends alike in whatever order a page, a replay and events meet', async () => {
      const { chat, timeline } = await chatWith(3);
      const first = chat.happen('hall', edit(2, 'first'), { lost: true });
      const second = chat.happen('hall', edit(2, 'second'), { lost: true });
      for (const event of [second, first, second, first]) chat.socket.tell(event);
      await chat.pass();
      expect(texts(timeline.state)).toEqual(['1', 'second', '3']);
      chat.happen('hall', { type: 'deletion', target: 2 });
      chat.happen('hall', edit(2, 'late'));
      chat.happen('hall', { ...edit(1, ''), erased: true });
      await chat.pass();
      expect(texts(timeline.state)).toEqual(['1', '', '3']);
    });

    test('keeps them so for the next start', async () => {
      const chat = new FakeChat();
      for (const text of ['1', '2']) chat.say('hall', text);
      const store = memoryStore();
      const first = chat.connect({ store });
      first.room('hall');
      await chat.pass();
      chat.happen('hall', edit(1, 'new'));
      chat.happen('hall', { type: 'deletion', target: 2 });
      await chat.pass(1_000);
      await first.close();
      chat.accepts = () => false;
      const timeline = roomTimeline(chat.connect({ store }).room('hall'));
      await chat.pass();
      expect(timeline.state.messages).toMatchObject([
        { content: 'new', version: 3 },
        { content: '', deleted: { by: 'bob' } },
      ]);
    });
  });
});
