import { describe, expect, test } from '@jest/globals';
import { memoryStore } from '../../client/memory-store.ts';
import { roomTimeline } from '../../client/timeline.ts';
import type { Message, Room } from '../../client/types.ts';
import { FakeChat, refusal } from './fake-chat.ts';

function listen(room: Room): Message[] {
  const shown: Message[] = [];
  room.on('message', (message) => shown.push(message));
  return shown;
}

describe('a replay', () => {
  test('that fails is tried again at its own pace, however much is said', async () => {
    const chat = new FakeChat();
    const room = chat.connect().room('hall', { after: 0 });
    const shown = listen(room);
    await chat.pass();
    chat.onCall = (path) => (path.includes('events') ? refusal(500, 'internal') : undefined);
    chat.say('hall', 'lost', { lost: true });
    const before = chat.calls.length;
    for (let i = 1; i <= 100; i++) {
      chat.say('hall', String(i));
      await chat.pass(50);
    }
    expect(chat.calls.length - before).toBeLessThan(10);
    chat.onCall = () => undefined;
    await chat.pass(30_000);
    expect(shown).toHaveLength(101);
  });

  test.each([401, 403, 404, 511])(
    'is tried again when something between answers %d',
    async (status) => {
      const chat = new FakeChat();
      const room = chat.connect().room('hall', { after: 0 });
      await chat.pass();
      chat.onCall = () => ({ status, body: { message: 'Sign in to the Wi-Fi' } });
      chat.say('hall', 'lost', { lost: true });
      chat.say('hall', 'seen');
      await chat.pass(3_000);
      expect(room.state).toMatchObject({ status: 'live', upTo: 0 });
      chat.onCall = () => undefined;
      await chat.pass(30_000);
      expect(room.state).toMatchObject({ status: 'live', upTo: 2 });
    },
  );

  test('reads on where pages are shorter than their limit', async () => {
    const chat = new FakeChat();
    chat.mostOnPage = 3;
    for (let i = 1; i <= 20; i++) chat.say('hall', String(i));
    const room = chat.connect().room('hall', { after: 0 });
    const shown = listen(room);
    await chat.pass();
    expect(shown.map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(room.state.status).toBe('live');
  });

  test('that fails is told of until it succeeds, and is tried at once when one asks', async () => {
    const chat = new FakeChat();
    const room = chat.connect().room('hall');
    chat.onCall = () => refusal(500, 'internal');
    await chat.pass(3_000);
    expect(room.state).toMatchObject({ status: 'catching-up', error: { code: 'internal' } });
    chat.draws = 1;
    await chat.pass(60_000);
    const before = chat.calls.length;
    room.catchUp();
    await chat.pass();
    expect(chat.calls.length).toBe(before + 1);
    chat.onCall = () => undefined;
    room.catchUp();
    await chat.pass();
    expect(room.state).toMatchObject({ status: 'live', error: undefined });
    // Where nothing is missing, nothing is asked for.
    const calls = chat.calls.length;
    room.catchUp();
    await chat.pass();
    expect(chat.calls.length).toBe(calls);
  });

  test('that failed is forgotten with the connection', async () => {
    const chat = new FakeChat();
    const room = chat.connect().room('hall');
    chat.onCall = () => refusal(500, 'internal');
    await chat.pass(1_000);
    chat.accepts = () => false;
    chat.socket.cut();
    await chat.pass(10);
    expect(room.state).toMatchObject({ status: 'offline', error: undefined });
  });

  test('goes on after a cut in the middle of a reset', async () => {
    const chat = new FakeChat();
    const store = memoryStore();
    await store.saveRoom('hall', { upTo: 70, messages: [] });
    chat.say('hall', 'new log');
    let slow = true;
    const client = chat.connect({
      store,
      platform: {
        fetch: async (url, init) => {
          if (slow && url.includes('messages')) {
            slow = false;
            await new Promise<void>((resolve) => chat.timeline.in(3_000, resolve));
          }
          return await chat.platform.fetch(url, init);
        },
      },
    });
    const room = client.room('hall');
    await chat.pass(100);
    chat.socket.cut();
    await chat.pass(1_500);
    expect(room.state.status).toBe('live');
    await chat.pass(3_000);
    chat.say('hall', 'lost', { lost: true });
    chat.say('hall', 'seen');
    await chat.pass(1_000);
    expect(room.state).toMatchObject({ status: 'live', upTo: 3 });
  });

  test('of a hundred thousand events shows each, in order, in a moment', async () => {
    const chat = new FakeChat();
    for (let i = 1; i <= 100_000; i++) chat.say('hall', String(i), { lost: true });
    const room = chat.connect().room('hall', { after: 0 });
    const timeline = roomTimeline(room);
    let next = 1;
    room.on('message', ({ seq }) => {
      if (seq === next) next++;
    });
    await chat.pass(10_000);
    expect(next).toBe(100_001);
    expect(timeline.state.messages).toHaveLength(100_000);
  });

  test('is not live again before it has read what was missed', async () => {
    const chat = new FakeChat();
    const room = chat.connect().room('hall', { after: 0 });
    await chat.pass();
    chat.socket.rooms.delete('hall');
    chat.wake();
    chat.say('hall', 'missed');
    const states: unknown[] = [];
    room.on('state', ({ status, upTo }) => states.push(`${status} ${upTo}`));
    await chat.pass(1_000);
    expect(states).not.toContain('live 0');
    expect(states.at(-1)).toBe('live 1');
  });
});
