import { describe, expect, test } from '@jest/globals';
import { memoryStore } from '../../client/memory-store.ts';
import { roomTimeline } from '../../client/timeline.ts';
import type { ConnectionState, Message, Room } from '../../client/types.ts';
import { FakeChat, refusal } from './fake-chat.ts';

const contents = (messages: readonly Message[]) => messages.map(({ content }) => content);

/** What a room shows from now on. */
function listen(room: Room): Message[] {
  const shown: Message[] = [];
  room.on('message', (message) => shown.push(message));
  return shown;
}

describe('a room', () => {
  test('begins with the newest messages and shows what comes', async () => {
    const chat = new FakeChat();
    chat.say('hall', 'before');
    const room = chat.connect().room('hall');
    const shown = listen(room);
    await chat.pass();
    chat.say('hall', 'after');
    await chat.pass();
    expect(room.state.status).toBe('live');
    expect(contents(roomTimeline(room).state.messages)).toEqual(['before', 'after']);
    expect(contents(shown)).toEqual(['after']);
  });

  test('tells the server by the subprotocol who comes, not by the address', async () => {
    const chat = new FakeChat();
    chat.connect().room('a&b?c');
    await chat.pass();
    expect(chat.socket.url).toBe('wss://chat.example.com/ws/chat/a%26b%3Fc/');
    expect(chat.socket.protocols).toEqual(['parlor.v1', 'token']);
  });

  test('is opened at the stage itself where its address is given', async () => {
    const chat = new FakeChat();
    chat.connect({ socketUrl: 'wss://x.example.com/live' }).room('hall');
    await chat.pass();
    expect(chat.socket.url).toBe('wss://x.example.com/live?room=hall');
  });

  test('is the same object for the same name, in whichever Unicode form', () => {
    const client = new FakeChat().connect();
    expect(client.room('caf\u00e9')).toBe(client.room('cafe\u0301'));
  });

  test('shows every event once and in order when frames come twice, late and out of order', async () => {
    const chat = new FakeChat();
    const room = chat.connect().room('hall', { after: 0 });
    const shown = listen(room);
    await chat.pass();
    const [one, two, three] = ['1', '2', '3'].map((text) => chat.say('hall', text, { lost: true }));
    for (const event of [two, one, one, three, two]) chat.socket.tell(event ?? {});
    await chat.pass();
    expect(contents(shown)).toEqual(['1', '2', '3']);
  });

  test('fetches what a hole shows to be missing', async () => {
    const chat = new FakeChat();
    const room = chat.connect().room('hall', { after: 0 });
    const shown = listen(room);
    await chat.pass();
    chat.say('hall', 'lost', { lost: true });
    chat.say('hall', 'seen');
    await chat.pass();
    expect(contents(shown)).toEqual(['lost', 'seen']);
  });

  test('finds a last message that was lost by the heartbeat', async () => {
    const chat = new FakeChat();
    const room = chat.connect().room('hall', { after: 0 });
    const shown = listen(room);
    await chat.pass();
    chat.say('hall', 'lost', { lost: true });
    await chat.pass(5 * 60_000);
    expect(contents(shown)).toEqual(['lost']);
  });

  test('counts events of a kind that it does not know', async () => {
    const chat = new FakeChat();
    const room = chat.connect().room('hall', { after: 0 });
    const shown = listen(room);
    await chat.pass();
    chat.socket.tell({ ...chat.say('hall', 'poll', { lost: true }), type: 'poll' });
    chat.say('hall', 'text');
    await chat.pass();
    expect(contents(shown)).toEqual(['text']);
    expect(chat.calls.filter((call) => call.includes('events'))).toHaveLength(1);
  });

  test('is joined on the socket that is open, and again on the next one', async () => {
    const chat = new FakeChat();
    const client = chat.connect();
    client.room('hall');
    await chat.pass();
    const yard = client.room('yard');
    await chat.pass();
    expect([...chat.socket.rooms].sort()).toEqual(['hall', 'yard']);
    chat.socket.cut();
    await chat.pass(2_000);
    expect(chat.sockets).toHaveLength(2);
    expect([...chat.socket.rooms].sort()).toEqual(['hall', 'yard']);
    expect(yard.state.status).toBe('live');
  });

  test('that is left is not joined again, and what comes of it is dropped', async () => {
    const chat = new FakeChat();
    const client = chat.connect();
    client.room('hall');
    const yard = client.room('yard');
    const shown = listen(yard);
    await chat.pass();
    yard.leave();
    chat.socket.tell(chat.say('yard', 'late', { lost: true }));
    await chat.pass();
    expect(shown).toEqual([]);
    expect(yard.state.status).toBe('left');
    expect([...chat.socket.rooms]).toEqual(['hall']);
  });

  test('is reset to the newest when more was missed than is to be replayed', async () => {
    const chat = new FakeChat();
    const room = chat.connect({ timing: { maxReplay: 100 } }).room('hall');
    const resets: unknown[] = [];
    room.on('reset', (reset) => resets.push(reset));
    const shown = listen(room);
    await chat.pass();
    chat.socket.cut();
    for (let i = 1; i <= 120; i++) chat.say('hall', String(i), { lost: true });
    await chat.pass(2_000);
    expect(resets).toEqual([{ reason: 'behind', upTo: 120 }]);
    expect(shown).toEqual([]);
    chat.say('hall', 'next');
    await chat.pass();
    expect(contents(shown)).toEqual(['next']);
    expect(room.state.status).toBe('live');
  });

  test('is reset when the server has another log', async () => {
    const chat = new FakeChat();
    const store = memoryStore();
    await store.saveRoom('hall', { upTo: 70, messages: [] });
    const room = chat.connect({ store }).room('hall');
    const resets: unknown[] = [];
    room.on('reset', (reset) => resets.push(reset));
    chat.say('hall', 'new log');
    await chat.pass(500);
    expect(resets).toEqual([{ reason: 'foreign', upTo: 1 }]);
    expect(contents(roomTimeline(room).state.messages)).toEqual(['new log']);
    await chat.pass(500);
    expect((await store.loadRoom('hall'))?.upTo).toBe(1);
  });

  test('is refused where the server has removed us, and others go on', async () => {
    const chat = new FakeChat();
    const client = chat.connect();
    const hall = client.room('hall');
    const yard = client.room('yard');
    await chat.pass();
    const waits = hall.send('hello');
    chat.onFrame = ({ action }) => action === 'sendMessage';
    chat.socket.tell({
      type: 'error',
      room: 'hall',
      code: 'removed_from_room',
      message: 'Removed.',
      retryable: false,
    });
    await chat.pass();
    await expect(waits).rejects.toMatchObject({ code: 'removed_from_room' });
    expect(hall.state).toMatchObject({ status: 'refused', error: { code: 'removed_from_room' } });
    expect(yard.state.status).toBe('live');
  });
});

describe('a message', () => {
  test('is shown at once, stored, and answered with its seq', async () => {
    const chat = new FakeChat();
    const room = chat.connect().room('hall');
    await chat.pass();
    const answer = room.send('hello');
    expect(room.state.pending).toMatchObject([{ content: 'hello', status: 'sending' }]);
    await chat.pass();
    expect(await answer).toMatchObject({ seq: 1, clientId: 'c-1' });
    expect(room.state.pending).toEqual([]);
  });

  test('waits for the one before it', async () => {
    const chat = new FakeChat();
    const room = chat.connect().room('hall');
    await chat.pass();
    chat.onFrame = ({ action }) => action === 'sendMessage';
    void room.send('first');
    void room.send('second');
    await chat.pass();
    expect(room.state.pending.map(({ status }) => status)).toEqual(['sending', 'queued']);
  });

  test('is sent again, unchanged, when no answer comes', async () => {
    const chat = new FakeChat();
    const room = chat.connect().room('hall');
    await chat.pass();
    let lost = 1;
    chat.onFrame = ({ action }) => action === 'sendMessage' && lost-- > 0;
    const answer = room.send('hello');
    await chat.pass(11_000);
    expect(await answer).toMatchObject({ seq: 1 });
    const sent = chat.socket.sent.filter(({ action }) => action === 'sendMessage');
    expect(sent).toHaveLength(2);
    expect(sent[1]).toEqual(sent[0]);
  });

  test('whose ack was lost is taken for stored when its event comes', async () => {
    const chat = new FakeChat();
    const room = chat.connect().room('hall');
    await chat.pass();
    chat.onFrame = ({ action, clientId, content }) => {
      if (action !== 'sendMessage') return false;
      chat.say('hall', String(content), { sender: 'Ann', clientId: String(clientId) });
      return true;
    };
    const answer = room.send('hello');
    await chat.pass();
    expect(await answer).toMatchObject({ seq: 1 });
  });

  test('of somebody else under the same clientId is not taken for one’s own', async () => {
    const chat = new FakeChat();
    const room = chat.connect().room('hall');
    await chat.pass();
    chat.onFrame = ({ action, clientId }) => {
      if (action !== 'sendMessage') return false;
      chat.say('hall', 'mine now', { sender: 'eve', clientId: String(clientId) });
      return true;
    };
    void room.send('hello');
    await chat.pass();
    expect(room.state.pending).toHaveLength(1);
  });

  test('written offline waits, and goes out in order', async () => {
    const chat = new FakeChat();
    const room = chat.connect().room('hall');
    await chat.pass();
    chat.accepts = () => false;
    chat.socket.cut();
    await chat.pass();
    const answers = ['a', 'b', 'c'].map((text) => room.send(text));
    await chat.pass(5_000);
    expect(room.state.pending.map(({ status }) => status)).toEqual(['queued', 'queued', 'queued']);
    chat.accepts = () => true;
    chat.wake();
    await chat.pass();
    expect((await Promise.all(answers)).map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(contents(chat.log('hall') as never)).toEqual(['a', 'b', 'c']);
  });

  test('survives a reload, with the `after` of its first attempt', async () => {
    const store = memoryStore();
    const chat = new FakeChat();
    const first = chat.connect({ store });
    const room = first.room('hall');
    await chat.pass();
    // Stored, but nobody hears of it; then the page is gone.
    chat.onFrame = ({ action, content, clientId }) => {
      if (action !== 'sendMessage') return false;
      chat.say('hall', String(content), { sender: 'ann', clientId: String(clientId), lost: true });
      return true;
    };
    const answer = room.send('hello');
    await chat.pass();
    await first.close();
    await expect(answer).rejects.toMatchObject({ code: 'closed' });
    chat.onFrame = () => false;

    const second = chat.connect({ store });
    const again = second.room('hall');
    await chat.pass(500);
    expect(again.state.pending).toEqual([]);
    expect(chat.log('hall')).toHaveLength(1);
  });

  test('left by an earlier client is sent though nobody enters its room', async () => {
    const store = memoryStore();
    await store.putOutbox({
      room: 'attic',
      clientId: 'left',
      content: 'from before',
      after: undefined,
      createdAt: 1,
      order: 1,
    });
    await store.close();
    const chat = new FakeChat();
    chat.connect({ store }).room('hall');
    await chat.pass(500);
    expect(contents(chat.log('attic') as never)).toEqual(['from before']);
  });

  test.each([
    ['content_empty', '  \n'],
    ['content_too_long', 'é'.repeat(4_001)],
  ])('is refused at once: %s', async (code, content) => {
    const room = new FakeChat().connect().room('hall');
    await expect(room.send(content)).rejects.toMatchObject({ code, retryable: false });
    expect(room.state.pending).toEqual([]);
  });

  test('that the server will never take fails, and can be tried again or dropped', async () => {
    const chat = new FakeChat();
    const room = chat.connect().room('hall');
    await chat.pass();
    chat.onFrame = ({ action, id: ref }, socket) => {
      if (action !== 'sendMessage') return false;
      socket.tell({
        type: 'error',
        ref,
        code: 'content_invalid',
        message: 'No.',
        retryable: false,
      });
      return true;
    };
    const answers = [room.send('a'), room.send('b')];
    await chat.pass();
    for (const answer of answers)
      await expect(answer).rejects.toMatchObject({ code: 'content_invalid' });
    expect(room.state.pending.map(({ status }) => status)).toEqual(['failed', 'failed']);
    chat.onFrame = () => false;
    const [a, b] = room.state.pending;
    room.retry(a?.clientId ?? '');
    room.discard(b?.clientId ?? '');
    await chat.pass();
    expect(room.state.pending).toEqual([]);
    expect(contents(chat.log('hall') as never)).toEqual(['a']);
  });

  test('waits as long as the server says', async () => {
    const chat = new FakeChat();
    const room = chat.connect().room('hall');
    await chat.pass();
    let refusals = 1;
    chat.onFrame = ({ action, id: ref }, socket) => {
      if (action !== 'sendMessage' || refusals-- <= 0) return false;
      const code = 'rate_limited';
      socket.tell({ type: 'error', ref, code, message: 'Wait.', retryable: true, retryAfter: 7 });
      return true;
    };
    const answer = room.send('hello');
    await chat.pass(6_900);
    expect(chat.log('hall')).toEqual([]);
    await chat.pass(300);
    expect(await answer).toMatchObject({ seq: 1 });
  });

  test('whose `after` is too old is searched for in what was skipped', async () => {
    const store = memoryStore();
    const entry = { room: 'hall', clientId: 'old', content: 'mine', createdAt: 1, order: 1 };
    await store.putOutbox({ ...entry, after: 3 });
    // The room's end is further than the entry's `after`: what lies between was not read by us.
    await store.saveRoom('hall', { upTo: 500, messages: [] });
    await store.close();
    const chat = new FakeChat();
    for (let i = 1; i <= 500; i++) {
      const own = i === 350 ? { sender: 'ann', clientId: 'old' } : {};
      chat.say('hall', String(i), { lost: true, ...own });
    }
    chat.onFrame = ({ action, id: ref, after }, socket) => {
      if (action !== 'sendMessage' || Number(after) > 400) return false;
      const code = 'after_too_old';
      socket.tell({ type: 'error', ref, code, message: 'Replay.', retryable: false });
      return true;
    };
    const room = chat.connect({ store }).room('hall');
    await chat.pass(1_000);
    expect(room.state.pending).toEqual([]);
    expect(chat.log('hall')).toHaveLength(500);
  });

  test('that found the connection out of the room is sent after joining again', async () => {
    const chat = new FakeChat();
    const room = chat.connect().room('hall');
    await chat.pass();
    chat.socket.rooms.delete('hall');
    chat.onFrame = ({ action, id: ref }, socket) => {
      if (action !== 'sendMessage' || socket.rooms.has('hall')) return false;
      socket.tell({ type: 'error', ref, code: 'not_joined', message: 'Join.', retryable: false });
      return true;
    };
    const answer = room.send('hello');
    await chat.pass(500);
    expect(await answer).toMatchObject({ seq: 1 });
  });

  test('that found the connection forgotten is sent on a new one', async () => {
    const chat = new FakeChat();
    const room = chat.connect().room('hall');
    await chat.pass();
    chat.onFrame = ({ action, id: ref }, socket) => {
      if (action !== 'sendMessage' || socket !== chat.sockets[0]) return false;
      socket.tell({
        type: 'error',
        ref,
        code: 'connection_gone',
        message: 'Gone.',
        retryable: false,
      });
      return true;
    };
    const answer = room.send('hello');
    await chat.pass(2_000);
    expect(await answer).toMatchObject({ seq: 1 });
    expect(chat.sockets).toHaveLength(2);
  });
});

describe('the connection', () => {
  function statesOf(client: ReturnType<FakeChat['connect']>): ConnectionState['status'][] {
    const states: ConnectionState['status'][] = [client.state.status];
    client.on('state', ({ status }) => states.push(status));
    return states;
  }

  test('can be watched', async () => {
    const chat = new FakeChat();
    const client = chat.connect();
    const states = statesOf(client);
    client.room('hall');
    await chat.pass();
    chat.socket.cut();
    await chat.pass(2_000);
    await client.close();
    expect(states).toEqual(['idle', 'connecting', 'online', 'offline', 'online', 'closed']);
  });

  test('is tried again after pauses that double up to half a minute', async () => {
    const chat = new FakeChat();
    chat.accepts = () => false;
    chat.draws = 1;
    const client = chat.connect();
    client.room('hall');
    const pauses: number[] = [];
    client.on('state', (state) => {
      if (state.status === 'offline') pauses.push(state.retryAt - chat.timeline.now);
    });
    await chat.pass(120_000);
    expect(pauses.slice(0, 8)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  test('is tried at once when the machine comes online', async () => {
    const chat = new FakeChat();
    chat.accepts = () => false;
    const client = chat.connect();
    client.room('hall');
    await chat.pass(60_000);
    chat.accepts = () => true;
    chat.wake();
    await chat.pass(10);
    expect(client.state.status).toBe('online');
  });

  test('that is silent after a ping is given up', async () => {
    const chat = new FakeChat();
    const client = chat.connect();
    client.room('hall');
    await chat.pass();
    chat.onFrame = () => true;
    chat.wake();
    await chat.pass(10_500);
    expect(chat.sockets.length).toBeGreaterThan(1);
  });

  test('is replaced before the server cuts it, and nobody notices', async () => {
    const chat = new FakeChat();
    const client = chat.connect();
    const room = client.room('hall', { after: 0 });
    const shown = listen(room);
    await chat.pass();
    const states = statesOf(client);
    await chat.pass(112 * 60_000);
    expect(chat.sockets).toHaveLength(2);
    chat.say('hall', 'still here');
    await chat.pass();
    expect(contents(shown)).toEqual(['still here']);
    expect(new Set(states)).toEqual(new Set(['online']));
    expect(chat.sockets[0]?.open).toBe(false);
  });

  test('gets a fresh token when the server asks for one', async () => {
    const chat = new FakeChat();
    const asked: unknown[] = [];
    const token = (question: unknown) => `token-${asked.push(question)}`;
    chat.connect({ token }).room('hall');
    await chat.pass();
    const notice = { type: 'error', code: 'token_expiring', message: 'Soon.', retryable: false };
    chat.socket.tell(notice);
    await chat.pass();
    expect(asked).toEqual([{}, { refused: 'token-1' }]);
    expect(chat.socket.sent.find(({ action }) => action === 'auth')?.token).toBe('token-2');
  });

  test('ends when the token is not taken and there is no other', async () => {
    const chat = new FakeChat();
    chat.accepts = () => false;
    chat.onCall = () => refusal(401, 'token_not_valid');
    const client = chat.connect();
    client.room('hall');
    await chat.pass(120_000);
    expect(client.state).toMatchObject({ status: 'closed', error: { code: 'token_not_valid' } });
    expect(chat.sockets).toHaveLength(1);
  });

  test('ends when the person is signed out', async () => {
    const chat = new FakeChat();
    const { ParlorClientError } = await import('../../client/errors.ts');
    const token = () => {
      throw new ParlorClientError('signed_out', 'Log in.');
    };
    const client = chat.connect({ token });
    client.room('hall');
    await chat.pass();
    expect(client.state).toMatchObject({ status: 'closed', error: { code: 'signed_out' } });
  });

  test('goes on without a room that one was removed from', async () => {
    const chat = new FakeChat();
    chat.accepts = ({ url }) => !url.includes('banned');
    chat.onCall = (path) =>
      path.includes('banned') ? refusal(403, 'removed_from_room') : undefined;
    const client = chat.connect();
    const banned = client.room('banned');
    const hall = client.room('hall');
    await chat.pass(5_000);
    expect(banned.state.status).toBe('refused');
    expect(hall.state.status).toBe('live');
    expect(chat.sockets.filter(({ url }) => url.includes('banned'))).toHaveLength(1);
  });

  test('shows a ticket in place of the token', async () => {
    const chat = new FakeChat();
    chat.connect({ ticket: true }).room('hall');
    await chat.pass();
    expect(chat.calls).toContain('POST /api/tickets/');
    expect(chat.socket.protocols).toEqual(['parlor.v1', 'ticket-1']);
  });

  test('joins many rooms in parts, so that there is room for what is said', async () => {
    const chat = new FakeChat();
    const client = chat.connect();
    for (let i = 1; i <= 30; i++) client.room(`room-${i}`);
    await chat.pass(100);
    const joins = () => chat.socket.sent.filter(({ action }) => action === 'join').length;
    expect(joins()).toBe(12);
    await chat.pass(5_000);
    expect(chat.socket.rooms.size).toBe(30);
  });

  test('leaves nothing behind when it is closed', async () => {
    const chat = new FakeChat();
    const client = chat.connect();
    const room = client.room('hall');
    await chat.pass();
    await client.close();
    expect(chat.socket.open).toBe(false);
    await chat.pass(600_000);
    expect(chat.sockets).toHaveLength(1);
    expect(() => client.room('hall')).toThrow('closed');
    await expect(room.send('x')).rejects.toMatchObject({ code: 'closed' });
  });
});

describe('REST', () => {
  test('asks again with a fresh token, once', async () => {
    const chat = new FakeChat();
    let issued = 0;
    chat.onCall = (_, { authorization }) =>
      authorization === 'Bearer t1' ? refusal(401, 'token_not_valid') : undefined;
    const client = chat.connect({ token: () => `t${++issued}` });
    const me = client.rest.get('/api/me/');
    await chat.pass();
    expect(await me).toMatchObject({ username: 'ann' });
  });

  test('gives up on a server that does not answer', async () => {
    const chat = new FakeChat();
    chat.onCall = () => 'silence';
    const asked = chat.connect().rest.get('/api/me/');
    const [, refused] = await Promise.all([
      chat.pass(11_000),
      expect(asked).rejects.toMatchObject({ code: 'unreachable', retryable: true }),
    ]);
    expect(refused).toBeUndefined();
  });

  test('tells a form’s errors by field', async () => {
    const chat = new FakeChat();
    chat.onCall = () => ({ status: 400, body: { username: ['Taken.'] } });
    const asked = chat.connect().rest.send('POST', '/accounts/registration/', {});
    await Promise.all([
      chat.pass(),
      expect(asked).rejects.toMatchObject({ message: 'Taken.', fields: { username: ['Taken.'] } }),
    ]);
  });
});

describe('the timeline', () => {
  async function chatWith(count: number) {
    const chat = new FakeChat();
    for (let i = 1; i <= count; i++) chat.say('hall', String(i));
    const room = chat.connect().room('hall');
    const timeline = roomTimeline(room);
    await chat.pass();
    return { chat, room, timeline };
  }

  const span = (messages: readonly Message[]) => [messages[0]?.seq, messages.at(-1)?.seq];

  test('grows at its old end, to the first message', async () => {
    const { chat, timeline } = await chatWith(180);
    expect(span(timeline.state.messages)).toEqual([131, 180]);
    for (let pages = 0; pages < 3; pages++) {
      void timeline.loadOlder();
      await chat.pass();
    }
    expect(span(timeline.state.messages)).toEqual([1, 180]);
    expect(timeline.state).toMatchObject({ hasOlder: false, hasNewer: false, loading: 'no' });
  });

  test('jumps into the past, and back down to what comes now', async () => {
    const { chat, timeline } = await chatWith(600);
    void timeline.jumpTo(200);
    await chat.pass();
    expect(span(timeline.state.messages)).toEqual([101, 300]);
    expect(timeline.state).toMatchObject({ hasOlder: true, hasNewer: true });
    chat.say('hall', 'now');
    await chat.pass();
    expect(span(timeline.state.messages)).toEqual([101, 300]);
    for (let pages = 0; pages < 4; pages++) {
      void timeline.loadNewer();
      await chat.pass();
    }
    expect(span(timeline.state.messages)).toEqual([101, 601]);
    expect(timeline.state.hasNewer).toBe(false);
    chat.say('hall', 'followed');
    await chat.pass();
    expect(span(timeline.state.messages)).toEqual([101, 602]);
  });

  test('jumps to the latest', async () => {
    const { chat, timeline } = await chatWith(600);
    void timeline.jumpTo(5);
    await chat.pass();
    await timeline.jumpToLatest();
    expect(span(timeline.state.messages)).toEqual([551, 600]);
  });

  test('has no hole and nothing twice when messages come while it loads', async () => {
    const { chat, timeline } = await chatWith(300);
    void timeline.loadOlder();
    chat.say('hall', 'meanwhile');
    await chat.pass();
    const seqs = timeline.state.messages.map(({ seq }) => seq);
    expect(seqs).toEqual(Array.from({ length: 151 }, (_, i) => i + 151));
  });

  test('tells why a load failed, and can be asked again', async () => {
    const { chat, timeline } = await chatWith(300);
    chat.onCall = () => refusal(500, 'internal');
    void timeline.loadOlder();
    await chat.pass();
    expect(timeline.state).toMatchObject({ loading: 'no', error: { code: 'internal' } });
    chat.onCall = () => undefined;
    void timeline.loadOlder();
    await chat.pass();
    expect(timeline.state.error).toBeUndefined();
    expect(span(timeline.state.messages)).toEqual([151, 300]);
  });

  test('shows a room at once that was seen before', async () => {
    const store = memoryStore();
    const chat = new FakeChat();
    chat.say('hall', 'one');
    const client = chat.connect({ store });
    client.room('hall');
    await chat.pass(500);
    await client.close();
    chat.accepts = () => false;
    chat.onCall = () => 'silence';
    const timeline = roomTimeline(chat.connect({ store }).room('hall'));
    await chat.pass(1);
    expect(contents(timeline.state.messages)).toEqual(['one']);
  });
});
