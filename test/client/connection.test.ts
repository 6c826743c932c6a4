import { describe, expect, test } from '@jest/globals';
import { connect } from '../../client/parlor.ts';
import { standardPlatform } from '../../client/platform.ts';
import { FakeChat, refusal } from './fake-chat.ts';

type Json = Record<string, unknown>;

describe('a connection', () => {
  test('that the server has forgotten is opened anew', async () => {
    const chat = new FakeChat();
    const client = chat.connect();
    client.room('hall');
    await chat.pass();
    const forgotten = chat.socket;
    chat.onFrame = ({ action, id: ref }: Json, socket) => {
      if (socket !== forgotten || action !== 'ping') return false;
      const error = { type: 'error', code: 'connection_gone', message: 'Gone.', retryable: false };
      socket.tell({ ...error, ref });
      return true;
    };
    chat.wake();
    await chat.pass(2_000);
    expect(chat.sockets).toHaveLength(2);
    expect(client.state.status).toBe('online');
  });

  test('goes on over an empty message, and over a word of API Gateway’s own', async () => {
    const chat = new FakeChat();
    const client = chat.connect();
    client.room('hall');
    await chat.pass(1_000);
    chat.socket.tell('');
    chat.socket.tell({ message: 'Internal server error', connectionId: 'c', requestId: 'r' });
    chat.socket.tell({ type: 'waiting', ref: 'x', room: 'hall' });
    await chat.pass();
    expect(chat.sockets).toHaveLength(1);
    expect(client.state.status).toBe('online');
  });

  test('that is dead is found so, also when the clock was set back', async () => {
    const chat = new FakeChat();
    let setBack = 0;
    const now = () => chat.timeline.now - setBack;
    const client = chat.connect({ platform: { now } });
    client.room('hall');
    await chat.pass(1_000);
    chat.socket.tell({ type: 'pong', heads: [{ room: 'hall', head: 0 }] });
    await chat.pass();
    setBack = 3_600_000;
    chat.onFrame = () => true;
    chat.wake();
    await chat.pass(11_000);
    expect(chat.sockets.length).toBeGreaterThan(1);
  });

  test('is asked twice at most when the machine wakes up with many words', async () => {
    const chat = new FakeChat();
    chat.connect().room('hall');
    await chat.pass();
    for (let i = 0; i < 30; i++) chat.wake();
    await chat.pass();
    // The second answers those who asked while the first was on its way.
    expect(chat.socket.sent.filter(({ action }) => action === 'ping')).toHaveLength(2);
  });

  test('is not tried again from a page that may not connect', async () => {
    const chat = new FakeChat();
    chat.accepts = () => false;
    chat.onCall = () => refusal(403, 'direct_access');
    const client = chat.connect();
    client.room('hall');
    await chat.pass(60_000);
    expect(client.state).toMatchObject({ status: 'closed', error: { code: 'direct_access' } });
    expect(chat.sockets).toHaveLength(1);
  });

  test('says why it is offline', async () => {
    const chat = new FakeChat();
    const mistake = new TypeError('The source of tokens is broken.');
    const client = chat.connect({ token: () => Promise.reject(mistake) });
    client.room('hall');
    await chat.pass();
    expect(client.state).toMatchObject({
      status: 'offline',
      error: { code: 'unreachable', cause: mistake },
    });
  });

  test('that ended does not say why', async () => {
    const chat = new FakeChat();
    const client = chat.connect();
    client.room('hall');
    await chat.pass();
    chat.accepts = () => false;
    chat.socket.cut();
    await chat.pass(2);
    expect(client.state).toMatchObject({ status: 'offline', attempt: 1, error: undefined });
  });

  test('that dies as soon as it is open is opened at a growing pace', async () => {
    const chat = new FakeChat();
    chat.draws = 1;
    const client = chat.connect();
    client.room('hall');
    client.on('state', ({ status }) => {
      if (status === 'online') chat.socket.cut();
    });
    await chat.pass(120_000);
    expect(chat.sockets.length).toBeLessThan(12);
  });

  test('goes on in the old socket while the new one can’t be opened, and takes any room', async () => {
    const chat = new FakeChat();
    const client = chat.connect();
    const states: string[] = [];
    client.on('state', ({ status }) => states.push(status));
    client.room('hall');
    const room = client.room('yard');
    await chat.pass();
    chat.accepts = () => false;
    await chat.pass(111 * 60_000);
    expect(chat.sockets.length).toBeGreaterThan(2);
    expect(chat.sockets.length).toBeLessThan(40);
    expect(states).toEqual(['connecting', 'online']);
    chat.accepts = ({ url }) => url.includes('hall');
    await chat.pass(2 * 60_000);
    expect(chat.sockets[0]?.open).toBe(false);
    expect(states.slice(2)).toEqual(['online']);
    expect(room.state.status).toBe('live');
  });

  test('whose question is refused for now is asked again soon', async () => {
    const chat = new FakeChat();
    chat.connect().room('hall');
    await chat.pass();
    let refusals = 1;
    chat.onFrame = ({ action, id: ref }: Json, socket) => {
      if (action !== 'ping' || refusals-- <= 0) return false;
      const error = { type: 'error', code: 'rate_limited', message: 'Wait.', retryable: true };
      socket.tell({ ...error, ref, retryAfter: 5 });
      return true;
    };
    chat.wake();
    await chat.pass(15_000);
    expect(chat.sockets).toHaveLength(1);
    expect(chat.socket.sent.filter(({ action }) => action === 'ping')).toHaveLength(2);
  });

  test('leaves a room once more when the server did not hear it', async () => {
    const chat = new FakeChat();
    const client = chat.connect();
    client.room('hall');
    const yard = client.room('yard');
    await chat.pass();
    let lost = 1;
    chat.onFrame = ({ action }: Json) => action === 'leave' && lost-- > 0;
    yard.leave();
    await chat.pass(15_000);
    chat.wake();
    await chat.pass();
    expect([...chat.socket.rooms]).toEqual(['hall']);
  });

  test('that comes back says that its rooms are being joined, not that there is none', async () => {
    const chat = new FakeChat();
    const client = chat.connect();
    const hall = client.room('hall');
    client.room('yard');
    await chat.pass();
    chat.socket.cut();
    await chat.pass(2);
    expect(hall.state.status).toBe('offline');
    chat.onFrame = ({ action }: Json) => action === 'join';
    client.room('attic');
    await chat.pass(2_000);
    expect(client.state.status).toBe('online');
    expect(hall.state.status).toBe('joining');
  });

  test('that can’t be had says so in its rooms as well, from the first attempt to the last', async () => {
    const chat = new FakeChat();
    chat.accepts = () => false;
    const client = chat.connect();
    const hall = client.room('hall');
    const statuses = new Set([hall.state.status]);
    hall.on('state', ({ status }) => statuses.add(status));
    await chat.pass(5_000);
    expect(client.state.status).toBe('offline');
    expect([...statuses]).toEqual(['joining', 'offline']);
    await client.close();
    expect(hall.state.status).toBe('offline');
  });

  test('that is over leaves no room on the way in', async () => {
    const chat = new FakeChat();
    const client = chat.connect();
    const hall = client.room('hall');
    expect(hall.state.status).toBe('joining');
    await client.close();
    expect(hall.state.status).toBe('offline');
  });

  test('whose person can’t be told does not invent a name', async () => {
    const chat = new FakeChat();
    chat.onCall = () => ({ status: 200, body: {} });
    const client = connect({
      url: 'https://chat.example.com',
      token: 'token',
      platform: chat.platform,
    });
    await Promise.all([
      chat.pass(),
      expect(client.whoAmI()).rejects.toMatchObject({ code: 'unexpected_answer' }),
    ]);
  });
});

describe('the clock', () => {
  test('can wait for longer than a timer can', async () => {
    let early = false;
    const cancel = standardPlatform.after(2 ** 31, () => {
      early = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    cancel();
    expect(early).toBe(false);
  });
});
