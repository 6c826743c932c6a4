import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Stack } from '../../local/stack.ts';
import { connectLegacy, connectV1, get, PASSWORD, post, signUp } from './chat-client.ts';
import { temporaryStack } from './temporary-stack.ts';

const OLD_TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/;

describe('an unchanged client of the old chat', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await temporaryStack();
  });
  afterAll(() => stack.close());

  test('registers, logs in, talks, and finds it all in the history', async () => {
    const registered = await post(stack.url, '/accounts/registration/', {
      username: 'alice',
      password: PASSWORD,
    });
    expect(registered.status).toBe(201);
    expect(await registered.json()).toEqual({ username: 'alice' });

    const loggedIn = await fetch(`${stack.url}/accounts/login/`, {
      method: 'POST',
      body: new URLSearchParams({ username: 'alice', password: PASSWORD }),
    });
    expect(loggedIn.status).toBe(200);
    const { access, refresh, ...rest } = await loggedIn.json();
    expect(rest).toEqual({});
    const claims = JSON.parse(Buffer.from(access.split('.')[1], 'base64url').toString());
    expect(claims).toEqual({
      token_type: 'access',
      exp: claims.iat + 300,
      iat: expect.any(Number),
      jti: expect.any(String),
      user_id: expect.any(String),
    });
    const bob = await signUp(stack.url, 'bob');

    const sockets = [
      await connectLegacy(stack.url, 'global', access),
      await connectLegacy(stack.url, 'global', bob.access),
    ] as const;
    sockets[0].send({ message: 'hello' });
    const frames = await Promise.all(sockets.map((socket) => socket.next()));
    for (const frame of frames) {
      expect(frame).toEqual({
        type: 'chat_message',
        sender: 'alice',
        content: 'hello',
        timestamp: expect.stringMatching(OLD_TIMESTAMP),
        room: 'global',
      });
    }

    const history = await get(stack.url, '/chat/history/global/', access);
    expect(history.status).toBe(200);
    expect(await history.json()).toEqual([
      {
        sender: 'alice',
        content: 'hello',
        timestamp: String(frames[0]?.timestamp).replace('+00:00', 'Z'),
        room: 'global',
      },
    ]);

    const refreshed = await post(stack.url, '/api/token/refresh/', { refresh });
    expect(refreshed.status).toBe(200);
    expect(await refreshed.json()).toHaveProperty('access');
    await Promise.all(sockets.map((socket) => socket.close()));
  });

  test('is refused at the handshake with a bad, a missing or a refresh token', async () => {
    const { refresh } = await signUp(stack.url, 'carol');
    for (const token of ['', 'garbage', refresh]) {
      await expect(connectLegacy(stack.url, 'global', token)).rejects.toThrow(/refused with 401/);
    }
  });

  test('gets an error frame for an empty message, and the connection lives on', async () => {
    const { access } = await signUp(stack.url, 'dave');
    const socket = await connectLegacy(stack.url, 'quiet', access);
    expect(await socket.ask({ message: '' }, 'error')).toMatchObject({ code: 'content_empty' });
    expect(await socket.ask('not json', 'error')).toMatchObject({ code: 'malformed_json' });
    socket.send({ message: 'still here', user: 'ignored, as it was' });
    expect(await socket.next()).toMatchObject({ sender: 'dave', content: 'still here' });
    await socket.close();
  });

  test('sees what a new client says, and the other way round, each in its own frames', async () => {
    const [old, recent] = await Promise.all([
      signUp(stack.url, 'erin'),
      signUp(stack.url, 'frank'),
    ]);
    const oldSocket = await connectLegacy(stack.url, 'mixed', old.access);
    const newSocket = await connectV1(stack.url, 'mixed', recent.access);
    oldSocket.send({ message: 'from the old' });
    expect(Object.keys(await oldSocket.next()).sort()).toEqual([
      'content',
      'room',
      'sender',
      'timestamp',
      'type',
    ]);
    expect(await newSocket.next()).toMatchObject({ content: 'from the old', seq: 1 });
    newSocket.send({ action: 'sendMessage', room: 'mixed', content: 'from the new' });
    expect(await oldSocket.next()).toMatchObject({ sender: 'frank', content: 'from the new' });
    await Promise.all([oldSocket.close(), newSocket.close()]);
  });
});
