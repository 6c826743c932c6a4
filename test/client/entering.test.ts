import { describe, expect, test } from '@jest/globals';
import { memoryStore } from '../../client/memory-store.ts';
import { FakeChat } from './fake-chat.ts';

type Json = Record<string, unknown>;

describe('a room that is left and entered again', () => {
  /** The server handles frames at the same time: here what leaves takes longer than what joins. */
  function slowToLeave(chat: FakeChat): void {
    chat.onFrame = ({ action, id: ref, room }: Json, socket) => {
      if (action !== 'leave') return false;
      chat.timeline.in(20, () => {
        socket.rooms.delete(String(room));
        socket.tell({ type: 'left', ref, room });
      });
      return true;
    };
  }

  test('at once is joined after the server has let it go', async () => {
    const chat = new FakeChat();
    slowToLeave(chat);
    const client = chat.connect();
    client.room('hall');
    const yard = client.room('yard');
    await chat.pass();
    yard.leave();
    const again = client.room('yard');
    await chat.pass(100);
    expect([...chat.socket.rooms].sort()).toEqual(['hall', 'yard']);
    expect(again.state.status).toBe('live');
  });

  test('while it was being joined ends up joined', async () => {
    const chat = new FakeChat();
    slowToLeave(chat);
    const client = chat.connect();
    client.room('hall');
    await chat.pass();
    client.room('yard').leave();
    const again = client.room('yard');
    await chat.pass(100);
    expect([...chat.socket.rooms].sort()).toEqual(['hall', 'yard']);
    expect(again.state.status).toBe('live');
  });

  test('sends what waited in it', async () => {
    const chat = new FakeChat();
    const client = chat.connect();
    client.room('hall');
    const yard = client.room('yard');
    await chat.pass();
    chat.accepts = () => false;
    chat.socket.cut();
    await chat.pass();
    const answer = yard.send('from the train');
    yard.leave();
    await expect(answer).rejects.toMatchObject({ code: 'closed' });
    const again = client.room('yard');
    chat.accepts = () => true;
    chat.wake();
    await chat.pass(100);
    expect(chat.log('yard')).toMatchObject([{ content: 'from the train' }]);
    expect(again.state.pending).toEqual([]);
  });

  test('does not send again what was dropped or stored', async () => {
    const chat = new FakeChat();
    const store = memoryStore();
    const entry = { room: 'yard', after: undefined, createdAt: 1 };
    await store.putOutbox({ ...entry, clientId: 'stored', content: 'stored', order: 1 });
    await store.putOutbox({ ...entry, clientId: 'refused', content: 'refused', order: 2 });
    await store.close();
    chat.onFrame = ({ action, id: ref }: Json, socket) => {
      if (action !== 'sendMessage' || ref !== 'refused') return false;
      const error = { type: 'error', code: 'content_invalid', message: 'No.', retryable: false };
      socket.tell({ ...error, ref });
      return true;
    };
    const client = chat.connect({ store });
    client.room('hall');
    const yard = client.room('yard');
    await chat.pass(100);
    yard.discard('refused');
    yard.leave();
    await chat.pass(100);
    const before = chat.socket.sent.length;
    const again = client.room('yard');
    await chat.pass(100);
    expect(again.state.pending).toEqual([]);
    expect(chat.socket.sent.slice(before).map(({ action }) => action)).toEqual(['join']);
  });
});

describe('a room that is left', () => {
  test('shows nothing more, also in the middle of what came together', async () => {
    const chat = new FakeChat();
    const room = chat.connect().room('hall', { after: 0 });
    await chat.pass();
    const events = ['1', '2', '3'].map((text) => chat.say('hall', text, { lost: true }));
    const shown: string[] = [];
    room.on('message', ({ content }) => {
      shown.push(content);
      room.leave();
    });
    chat.socket.tell({ type: 'events', room: 'hall', events });
    await chat.pass();
    expect(shown).toEqual(['1']);
  });

  test('before its cache was read touches the store no more', async () => {
    const chat = new FakeChat();
    const store = memoryStore();
    await store.saveRoom('hall', { upTo: 3, messages: [] });
    let closed = false;
    const client = chat.connect({
      store: {
        ...store,
        saveRoom: async () => expect(closed).toBe(false),
        close: async () => {
          closed = true;
        },
      },
    });
    client.room('hall');
    await client.close();
    await chat.pass(1_000);
    expect(closed).toBe(true);
    expect(chat.timers).toBe(0);
    expect(chat.calls).toEqual([]);
  });
});

describe('a name that can’t be part of an address', () => {
  test.each(['', '.', '..', 'a/b', '../hall', '\u2100', '\ud800'])('is refused: %j', (name) => {
    const chat = new FakeChat();
    const enter = () => chat.connect().room(name);
    expect(enter).toThrow(expect.objectContaining({ code: 'room_name_invalid' }));
    expect(chat.sockets).toEqual([]);
  });
});

describe('many rooms', () => {
  test('are joined though the server fails to let us into one of them', async () => {
    const chat = new FakeChat();
    chat.onFrame = ({ action, id: ref, room }: Json, socket) => {
      if (action !== 'join' || room !== 'room-29') return false;
      const error = { type: 'error', code: 'internal', message: 'Failed.', retryable: true };
      socket.tell({ ...error, ref });
      return true;
    };
    const client = chat.connect();
    for (let i = 1; i <= 30; i++) client.room(`room-${i}`);
    await chat.pass(60_000);
    expect(chat.socket.rooms.size).toBe(29);
  });

  test('go online though no socket can be opened in one of them', async () => {
    const chat = new FakeChat();
    chat.accepts = ({ url }) => !url.includes('broken');
    const client = chat.connect();
    const hall = client.room('hall');
    client.room('broken');
    await chat.pass();
    chat.socket.cut();
    await chat.pass(10_000);
    expect(client.state.status).toBe('online');
    expect(hall.state.status).toBe('live');
  });

  test('are asked for with pauses when the server names none', async () => {
    const chat = new FakeChat();
    const joins: unknown[] = [];
    chat.onFrame = ({ action, id: ref }: Json, socket) => {
      if (action !== 'join') return false;
      joins.push(ref);
      socket.tell({
        type: 'error',
        ref,
        code: 'internal',
        message: 'Failed.',
        retryable: true,
        retryAfter: 0,
      });
      return true;
    };
    const client = chat.connect();
    client.room('hall');
    client.room('yard');
    await chat.pass(60_000);
    expect(joins.length).toBeLessThan(20);
  });
});
