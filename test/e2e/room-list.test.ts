import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Stack } from '../../local/stack.ts';
import { call, connectV1, signUp } from './chat-client.ts';
import { guardedStack } from './guarded-stack.ts';

describe('a list of rooms', () => {
  let stack: Stack;
  let alice: string;
  let bob: string;
  beforeAll(async () => {
    stack = await guardedStack();
    alice = (await signUp(stack.url, 'Alice')).access;
    bob = (await signUp(stack.url, 'bob')).access;
  });
  afterAll(() => stack.close());

  const asAlice = (method: string, path: string, body?: unknown) =>
    call(stack.url, alice, method, path, body);
  const say = (room: string, content: string) =>
    call(stack.url, bob, 'POST', `/api/rooms/${encodeURIComponent(room)}/messages/`, { content });
  const list = async () => (await asAlice('GET', '/api/rooms/'))[1].results;

  test('shows what is unread, and marks it read for every device', async () => {
    await (await connectV1(stack.url, 'garden', alice)).close();
    await (await connectV1(stack.url, 'gardn', alice)).close();
    await say('garden', 'here');
    const socket = await connectV1(stack.url, 'küche', alice);
    for (const content of ['one', 'two', 'three']) await say('küche', content);
    expect(await list()).toMatchObject([
      { room: 'küche', read: 0, head: 3, lastMessage: { seq: 3, sender: 'bob', content: 'three' } },
      { room: 'garden', read: 0, head: 1, lastMessage: { content: 'here' } },
    ]);
    const read = `/api/rooms/${encodeURIComponent('küche')}/read/`;
    expect(await asAlice('PUT', read, { seq: 2 })).toEqual([200, { room: 'küche', read: 2 }]);
    expect(await asAlice('PUT', read, { seq: 1 })).toEqual([200, { room: 'küche', read: 2 }]);
    expect(await asAlice('PUT', read, { seq: 4 })).toMatchObject([
      400,
      { code: 'after_beyond_head' },
    ]);
    expect(await list()).toMatchObject([{ read: 2, head: 3 }, { read: 0 }]);
    await socket.close();
  });

  test('gains a room that was read only, and loses one that is taken off', async () => {
    await say('attic', 'hello');
    const marks = await Promise.all(
      [1, 0, 1, 0].map((seq) => asAlice('PUT', '/api/rooms/attic/read/', { seq })),
    );
    expect(marks.map(([status]) => status)).toEqual([200, 200, 200, 200]);
    expect(await list()).toMatchObject([{ room: 'attic', read: 1 }, {}, {}]);
    expect(await asAlice('DELETE', '/api/rooms/attic/')).toEqual([200, {}]);
    expect(await asAlice('DELETE', '/api/rooms/attic/')).toEqual([200, {}]);
    expect(await list()).toHaveLength(2);
  });

  test('is of one person, who can ask for his name', async () => {
    expect(await asAlice('GET', '/api/me/')).toEqual([200, { username: 'Alice', userId: 'alice' }]);
    expect(await call(stack.url, bob, 'GET', '/api/rooms/')).toMatchObject([200, {}]);
    for (const [method, path] of [
      ['GET', '/api/me/'],
      ['PUT', '/api/rooms/attic/read/'],
      ['DELETE', '/api/rooms/attic/'],
      ['POST', '/api/tickets/'],
    ] as const) {
      expect((await call(stack.url, '', method, path))[0]).toBe(401);
    }
  });
});
