import { describe, expect, test } from '@jest/globals';
import { memoryStore } from '../../client/memory-store.ts';
import { FakeChat, refusal } from './fake-chat.ts';

describe('a connection', () => {
  test('waits for nothing after it was closed', async () => {
    const chat = new FakeChat();
    const client = chat.connect();
    for (let i = 1; i <= 30; i++) client.room(`room-${i}`);
    await chat.pass(100);
    expect(chat.timers).toBeGreaterThan(0);
    await client.close();
    await chat.pass(0);
    expect(chat.timers).toBe(0);
  });

  test('that is closed while it is being opened never opens', async () => {
    const chat = new FakeChat();
    const client = chat.connect();
    client.room('hall');
    await chat.pass(1);
    expect(chat.sockets).toHaveLength(1);
    await client.close();
    await chat.pass();
    expect(chat.timers).toBe(0);
    expect(chat.socket.open).toBe(false);
  });

  test('that was closed before the token came opens no socket', async () => {
    const chat = new FakeChat();
    let answer = (_: string) => {};
    const token = () => new Promise<string>((resolve) => (answer = resolve));
    const client = chat.connect({ token });
    client.room('hall');
    await chat.pass();
    await client.close();
    answer('late');
    await chat.pass();
    expect(chat.sockets).toHaveLength(0);
    expect(chat.timers).toBe(0);
  });

  test('that ends for good answers everyone who waits', async () => {
    const chat = new FakeChat();
    const client = chat.connect();
    const room = client.room('hall');
    await chat.pass();
    chat.onFrame = () => true;
    const before = room.send('before');
    const out = { type: 'error', code: 'user_inactive', message: 'Disabled.', retryable: false };
    chat.onCall = () => refusal(401, 'user_inactive');
    chat.accepts = () => false;
    chat.socket.tell({ ...out, code: 'token_expired' });
    chat.socket.cut();
    await chat.pass(5_000);
    expect(client.state).toMatchObject({ status: 'closed', error: { code: 'user_inactive' } });
    await expect(before).rejects.toMatchObject({ code: 'user_inactive' });
    await expect(room.send('after')).rejects.toMatchObject({ code: 'user_inactive' });
    expect(chat.timers).toBe(0);
  });

  test('closes its store once, however often it is closed', async () => {
    const chat = new FakeChat();
    let closings = 0;
    const close = async () => void closings++;
    const client = chat.connect({ store: { ...memoryStore(), close } });
    await Promise.all([client.close(), client.close()]);
    await client.close();
    expect(closings).toBe(1);
  });

  test('that is given up by who hears that it is open counts for nothing', async () => {
    const chat = new FakeChat();
    const client = chat.connect();
    const first = client.room('hall');
    const statuses: unknown[] = [];
    const stop = client.on('state', ({ status }) => {
      if (status !== 'online') return;
      stop();
      first.leave();
      client.room('hall').on('state', (state) => statuses.push(state.status));
    });
    await chat.pass(3);
    expect(client.state.status).toBe('connecting');
    expect(new Set(statuses)).toEqual(new Set(['joining']));
    await chat.pass();
    expect(statuses.at(-1)).toBe('live');
    expect(chat.sockets.map(({ open }) => open)).toEqual([false, true]);
  });

  test('survives what a listener does in the middle of opening', async () => {
    const chat = new FakeChat();
    const client = chat.connect();
    client.room('hall');
    client.on('state', ({ status }) => {
      if (status === 'online') void client.close();
    });
    await chat.pass(1_000);
    expect(client.state.status).toBe('closed');
    expect(chat.socket.open).toBe(false);
    expect(chat.timers).toBe(0);
  });
});
