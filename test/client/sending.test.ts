import { describe, expect, test } from '@jest/globals';
import { memoryStore } from '../../client/memory-store.ts';
import type { Message } from '../../client/types.ts';
import { FakeChat, refusal } from './fake-chat.ts';

type Json = Record<string, unknown>;

const contents = (messages: readonly Message[]) => messages.map(({ content }) => content);

const error = (code: string, ref: unknown, more: Json = {}) => ({
  type: 'error',
  code,
  ref,
  message: 'Refused.',
  retryable: false,
  ...more,
});

describe('a message of one’s own', () => {
  test('whose answer is lost is sent again, also when a late one of another comes', async () => {
    const chat = new FakeChat();
    const room = chat.connect().room('hall');
    await chat.pass();
    void room.send('first');
    await chat.pass();
    let lost = 1;
    chat.onFrame = ({ action, id }: Json, socket) => {
      if (action !== 'sendMessage' || lost-- <= 0) return false;
      // The first was sent twice, so to say, and the answer to that comes now.
      socket.tell(error('internal', 'c-1', { retryable: true }));
      return id === 'c-2';
    };
    // The first is stored, and its event is on its way still.
    const second = room.send('second');
    await chat.pass(25_000);
    expect(await second).toMatchObject({ seq: 2 });
  });

  test('answers another and carries metadata and a kind, also when it is sent again', async () => {
    const chat = new FakeChat();
    const store = memoryStore();
    const extras = { replyTo: 1, metadata: { order: 7 }, kind: 'shop.order' };
    chat.accepts = () => false;
    const first = chat.connect({ store });
    const room = first.room('hall');
    void room.send('yes', extras).catch(() => undefined);
    await chat.pass(1_000);
    expect(room.state.pending).toMatchObject([{ content: 'yes', ...extras }]);
    await first.close();
    chat.accepts = () => true;
    const sent: Json[] = [];
    chat.onFrame = (frame) => {
      if (frame.action !== 'sendMessage') return false;
      // Its answer is lost once.
      return sent.push(frame) === 1;
    };
    chat.connect({ store }).room('hall');
    await chat.pass(25_000);
    expect(sent.length).toBeGreaterThan(1);
    for (const frame of sent) expect(frame).toMatchObject({ content: 'yes', ...extras });
  });

  test('that waits for its event is not taken for unsent by a late error', async () => {
    const chat = new FakeChat();
    const room = chat.connect().room('hall', { after: 0 });
    await chat.pass();
    const one = { room: 'hall', seq: 1, id: 'x', timestamp: '2026-01-01T00:00:00.000000+00:00' };
    let silent = false;
    chat.onFrame = ({ action, id: ref, clientId }: Json, socket) => {
      if (action !== 'sendMessage') return false;
      if (clientId === 'c-1') socket.tell({ type: 'ack', ref, ...one, clientId, duplicate: false });
      else if (!silent) {
        silent = true;
        socket.tell(error('after_too_old', 'c-1'));
      } else return false;
      return true;
    };
    void room.send('first');
    void room.send('second');
    await chat.pass(200);
    expect(room.state.pending.map(({ status }) => status)).toEqual(['stored', 'sending']);
    await chat.pass(11_000);
    const sent = chat.socket.sent.filter(({ id }) => id === 'c-2');
    expect(sent.length).toBeGreaterThan(1);
  });

  test('whose event is skipped by a reset is pending no more', async () => {
    const chat = new FakeChat();
    const room = chat.connect({ timing: { maxReplay: 100 } }).room('hall');
    await chat.pass();
    chat.onFrame = ({ action, id: ref, clientId, content }: Json, socket) => {
      if (action !== 'sendMessage') return false;
      const own = { sender: 'ann', clientId: String(clientId), lost: true };
      const { seq, id, timestamp } = chat.say('hall', String(content), own);
      socket.tell({ type: 'ack', ref, room: 'hall', seq, id, clientId, timestamp });
      return true;
    };
    const answer = room.send('mine');
    await chat.pass(10);
    expect(await answer).toMatchObject({ seq: 1 });
    expect(room.state.pending).toMatchObject([{ status: 'stored' }]);
    chat.socket.cut();
    for (let i = 1; i <= 120; i++) chat.say('hall', String(i), { lost: true });
    await chat.pass(2_000);
    expect(room.state).toMatchObject({ status: 'live', upTo: 121, pending: [] });
  });

  test('is not sent without end to a server that has another log', async () => {
    const chat = new FakeChat();
    const room = chat.connect().room('hall', { after: 0 });
    await chat.pass();
    let sent = 0;
    chat.onFrame = ({ action, id: ref }: Json, socket) => {
      if (action !== 'sendMessage') return false;
      sent++;
      socket.tell(error('after_beyond_head', ref));
      return true;
    };
    chat.onCall = () => refusal(500, 'internal');
    void room.send('hello');
    await chat.pass(10_000);
    expect(sent).toBeLessThan(20);
    chat.onCall = () => undefined;
    chat.onFrame = () => false;
    await chat.pass(60_000);
    expect(chat.log('hall')).toHaveLength(1);
  });

  test('that is too old for the server is not sent without end', async () => {
    const chat = new FakeChat();
    const room = chat.connect().room('hall', { after: 0 });
    await chat.pass();
    let sent = 0;
    chat.onFrame = ({ action, id: ref }: Json, socket) => {
      if (action !== 'sendMessage') return false;
      sent++;
      socket.tell(error('after_too_old', ref));
      return true;
    };
    void room.send('hello');
    await chat.pass(10_000);
    expect(sent).toBeLessThan(20);
  });

  test.each(['a\u0000b', 'a\u001bb', '\ud800'])(
    'that would burst its frame is refused at once: %j',
    async (content) => {
      const room = new FakeChat().connect().room('hall');
      await expect(room.send(content)).rejects.toMatchObject({ code: 'content_invalid' });
      (await expect(room.send('a\tb\r\nc 👋')).rejects.toBeUndefined) === undefined;
    },
  );

  test('may have tabs, line breaks and every letter', () => {
    const room = new FakeChat().connect().room('hall');
    void room.send('a\tb\r\nc 👩‍👩‍👧 é\u200f');
    expect(room.state.pending).toHaveLength(1);
  });

  test('is not tried again in a room that one was removed from', async () => {
    const chat = new FakeChat();
    const client = chat.connect();
    client.room('yard');
    const room = client.room('hall');
    await chat.pass();
    chat.onFrame = ({ action, id: ref }: Json, socket) => {
      if (action !== 'sendMessage') return false;
      socket.tell(error('removed_from_room', ref, { room: 'hall' }));
      return true;
    };
    await Promise.all([
      expect(room.send('hello')).rejects.toMatchObject({ code: 'removed_from_room' }),
      chat.pass(),
    ]);
    room.retry('c-1');
    await chat.pass();
    expect(room.state).toMatchObject({ status: 'refused', pending: [{ status: 'failed' }] });
    expect(chat.socket.sent.filter(({ action }) => action === 'sendMessage')).toHaveLength(1);
  });

  test('keeps its place over a reload when the clock was set back between two', async () => {
    const store = memoryStore();
    const chat = new FakeChat();
    chat.accepts = () => false;
    let setBack = 0;
    const platform = { now: () => chat.timeline.now - setBack };
    const first = chat.connect({ store, platform });
    const room = first.room('hall');
    await chat.pass();
    void room.send('one');
    setBack = 3_600_000;
    void room.send('two');
    await first.close();
    chat.accepts = () => true;
    const second = chat.connect({ store, platform }).room('hall');
    void second.send('three');
    await chat.pass(500);
    expect(contents(chat.log('hall') as never)).toEqual(['one', 'two', 'three']);
  });

  test('that an earlier client left, and that is in the cache, is not sent', async () => {
    const store = memoryStore();
    const chat = new FakeChat();
    const event = chat.say('hall', 'mine', { sender: 'ann', clientId: 'left', lost: true });
    const entry = { room: 'hall', clientId: 'left', content: 'mine', createdAt: 1, order: 1 };
    // That it went out could not be kept.
    await store.putOutbox({ ...entry, after: undefined });
    await store.saveRoom('hall', { upTo: 1, messages: [event as unknown as Message] });
    await store.close();
    const room = chat.connect({ store }).room('hall');
    await chat.pass(500);
    expect(room.state.pending).toEqual([]);
    expect(chat.log('hall')).toHaveLength(1);
  });
});

describe('what an earlier client left', () => {
  test('is settled by what is read before it is adopted', async () => {
    const chat = new FakeChat();
    const store = memoryStore();
    for (let i = 1; i <= 5; i++) chat.say('hall', String(i), { lost: true });
    await store.saveRoom('hall', { upTo: 5, messages: [] });
    const entry = { room: 'hall', clientId: 'left', content: 'mine', after: 5 };
    await store.putOutbox({ ...entry, createdAt: 1, order: 1 });
    await store.close();
    chat.say('hall', 'mine', { sender: 'ann', clientId: 'left', lost: true });
    const adoptOutbox = async () => {
      await new Promise<void>((resolve) => chat.timeline.in(200, resolve));
      return await store.adoptOutbox();
    };
    const room = chat.connect({ store: { ...store, adoptOutbox } }).room('hall');
    await chat.pass(20);
    chat.say('hall', 'seen');
    await chat.pass(1_000);
    expect(contents(chat.log('hall') as never).slice(5)).toEqual(['mine', 'seen']);
    expect(room.state).toMatchObject({ status: 'live', upTo: 7, pending: [] });
  });
});

describe('what an earlier client left in a room that one was removed from', () => {
  test('has failed', async () => {
    const chat = new FakeChat();
    const store = memoryStore();
    const entry = { room: 'hall', clientId: 'left', content: 'mine', after: 0 };
    await store.putOutbox({ ...entry, createdAt: 1, order: 1 });
    await store.close();
    const loadRoom = async () => {
      await new Promise<void>((resolve) => chat.timeline.in(200, resolve));
      return undefined;
    };
    chat.accepts = () => false;
    chat.onCall = () => refusal(403, 'removed_from_room');
    const room = chat.connect({ store: { ...store, loadRoom } }).room('hall');
    await chat.pass(1_000);
    expect(room.state).toMatchObject({
      status: 'refused',
      pending: [{ status: 'failed', error: { code: 'removed_from_room' } }],
    });
  });
});
