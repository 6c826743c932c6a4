import { describe, expect, test } from '@jest/globals';
import { memoryStore } from '../../client/memory-store.ts';
import { roomTimeline } from '../../client/timeline.ts';
import type { Room } from '../../client/types.ts';
import { FakeChat } from './fake-chat.ts';

/** A room with so many messages of others, of which the first have expired. */
function aChat(messages: number, expired: number): FakeChat {
  const chat = new FakeChat();
  for (let seq = 1; seq <= messages; seq++) chat.say('hall', `message ${seq}`);
  chat.expired.set('hall', expired);
  return chat;
}

/** What the application is told of, in order: messages by their seq, and resets. */
function toldOf(room: Room): unknown[] {
  const told: unknown[] = [];
  room.on('message', ({ seq }) => told.push(seq));
  room.on('reset', (reset) => told.push(reset));
  return told;
}

describe('a room whose history has expired in part', () => {
  test('begins with what is kept where all was asked for', async () => {
    const chat = aChat(6, 3);
    const room = chat.connect().room('hall', { after: 0 });
    const told = toldOf(room);
    await chat.pass();
    expect(told).toEqual([{ reason: 'expired', upTo: 3 }, 4, 5, 6]);
    expect(room.state).toMatchObject({ status: 'live', upTo: 6 });
  });

  test('tells who was away for too long, and gives him what is kept', async () => {
    const chat = aChat(2, 0);
    const store = memoryStore();
    const first = chat.connect({ store });
    first.room('hall');
    await chat.pass(1_000);
    await first.close();
    for (let seq = 3; seq <= 8; seq++) chat.say('hall', `message ${seq}`);
    chat.expired.set('hall', 5);
    const room = chat.connect({ store }).room('hall');
    const told = toldOf(room);
    await chat.pass(1_000);
    expect(told).toEqual([{ reason: 'expired', upTo: 5 }, 6, 7, 8]);
    const timeline = roomTimeline(room);
    expect(timeline.state.messages.map(({ seq }) => seq)).toEqual([6, 7, 8]);
    const loading = timeline.loadOlder();
    await chat.pass();
    await loading;
    expect(timeline.state).toMatchObject({ hasOlder: false, messages: { length: 3 } });
  });

  test('tells of the reset before what came meanwhile is shown', async () => {
    const chat = aChat(3, 3);
    const client = chat.connect();
    const room = client.room('hall', { after: 0 });
    const told = toldOf(room);
    // Comes over the socket while the replay is on its way.
    chat.timeline.in(4, () => chat.say('hall', 'message 4'));
    await chat.pass();
    expect(told).toEqual([{ reason: 'expired', upTo: 3 }, 4]);
  });

  test('is up to date where all has expired', async () => {
    const chat = aChat(9, 9);
    const room = chat.connect().room('hall');
    await chat.pass();
    expect(room.state).toMatchObject({ status: 'live', upTo: 9 });
    chat.say('hall', 'message 10');
    await chat.pass();
    expect(room.state).toMatchObject({ upTo: 10, lastMessage: { content: 'message 10' } });
    expect(chat.calls.filter((call) => call.includes('/events/')).length).toBeLessThan(4);
  });

  test('gives up on a server that leads nowhere', async () => {
    const chat = aChat(3, 0);
    const body = { detail: 'Expired.', code: 'after_expired', firstKept: 1 };
    chat.onCall = (path) => (path.includes('/events/') ? { status: 410, body } : undefined);
    const room = chat.connect().room('hall', { after: 0 });
    await chat.pass(60_000);
    expect(room.state).toMatchObject({ status: 'refused', error: { code: 'after_expired' } });
    expect(chat.calls.length).toBeLessThan(5);
  });
});

test('a message that is too old to be searched is sent behind what has expired', async () => {
  const chat = aChat(2, 0);
  const store = memoryStore();
  chat.onFrame = ({ action }) => action === 'sendMessage';
  const first = chat.connect({ store });
  const left = first.room('hall', { after: 0 });
  await chat.pass(1_000);
  left.send('hello').catch(() => {});
  await chat.pass(1_000);
  await first.close();

  for (let seq = 3; seq <= 1_500; seq++) chat.say('hall', `message ${seq}`);
  chat.expired.set('hall', 1_490);
  const afters: unknown[] = [];
  chat.onFrame = ({ action, id: ref, after }, socket) => {
    if (action !== 'sendMessage') return false;
    afters.push(after);
    if (chat.log('hall').length - Number(after) <= 1_000) return false;
    const code = 'after_too_old';
    socket.tell({ type: 'error', ref, code, room: 'hall', message: 'Too old.', retryable: false });
    return true;
  };
  const room = chat.connect({ store }).room('hall');
  await chat.pass(60_000);
  expect(chat.log('hall').at(-1)).toMatchObject({ seq: 1_501, content: 'hello' });
  expect(room.state).toMatchObject({ upTo: 1_501, pending: [] });
  expect(afters).toEqual([2, 1_500]);
});

test('a message that is stored is found behind what has expired, and not sent again', async () => {
  const chat = aChat(2, 0);
  const store = memoryStore();
  chat.onFrame = ({ action }) => action === 'sendMessage';
  const first = chat.connect({ store });
  const left = first.room('hall', { after: 0 });
  await chat.pass(1_000);
  left.send('hello').catch(() => {});
  await chat.pass(1_000);
  const clientId = left.state.pending[0]?.clientId ?? '';
  await first.close();

  for (let seq = 3; seq <= 3_000; seq++) {
    // It had arrived after all.
    const own = seq === 1_700 ? { sender: 'ann', clientId } : {};
    chat.say('hall', seq === 1_700 ? 'hello' : `message ${seq}`, own);
  }
  chat.expired.set('hall', 1_500);
  chat.onFrame = ({ action, id: ref, after }, socket) => {
    if (action !== 'sendMessage' || chat.log('hall').length - Number(after) <= 1_000) return false;
    const code = 'after_too_old';
    socket.tell({ type: 'error', ref, code, room: 'hall', message: 'Too old.', retryable: false });
    return true;
  };
  const room = chat.connect({ store }).room('hall');
  await chat.pass(60_000);
  expect(room.state).toMatchObject({ upTo: 3_000, pending: [] });
  expect(chat.log('hall').filter((event) => event.clientId === clientId)).toHaveLength(1);
});
