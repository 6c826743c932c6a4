import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Stack } from '../../local/stack.ts';
import { connectLegacy, connectV1, get, PASSWORD, post, signUp } from './chat-client.ts';
import { guardedStack } from './guarded-stack.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describe('a superuser', () => {
  let dataFolder: string;
  let stack: Stack;
  let root: string;
  beforeAll(async () => {
    dataFolder = await mkdtemp(join(tmpdir(), 'parlor-'));
    stack = await guardedStack({ dataFolder });
    await promisify(execFile)(
      process.execPath,
      ['bin/createsuperuser.ts', '--username', 'root', '--password', PASSWORD],
      { cwd: ROOT, env: { ...process.env, NODE_OPTIONS: '', PARLOR_DATA: dataFolder } },
    );
    const login = await post(stack.url, '/api/token/', { username: 'root', password: PASSWORD });
    root = (await login.json()).access;
  });
  afterAll(async () => {
    await stack.close();
    await rm(dataFolder, { recursive: true, force: true });
  });

  const asRoot = (path: string, body: unknown) =>
    post(stack.url, path, body, { authorization: `Bearer ${root}` });

  test('removes somebody from a room: his open sockets get nothing more, and he has no way in', async () => {
    const { access: mallory } = await signUp(stack.url, 'mallory');
    const sockets = [
      await connectV1(stack.url, 'calm', mallory),
      await connectLegacy(stack.url, 'calm', mallory),
    ];
    const other = await connectV1(stack.url, 'elsewhere', mallory);
    expect(await other.ask({ action: 'join', room: 'calm' }, 'joined')).toBeDefined();

    const removal = { username: 'Mallory', removed: true };
    const answer = await asRoot('/api/rooms/calm/members/', removal);
    expect([answer.status, await answer.json()]).toEqual([200, removal]);
    for (const socket of [...sockets, other]) {
      expect(await socket.next()).toMatchObject({
        ...{ type: 'error', code: 'removed_from_room', room: 'calm' },
      });
    }
    await asRoot('/api/rooms/calm/messages/', { content: 'not for him' });
    // The next frame is the answer to the ping, not the message.
    for (const socket of [sockets[0], other]) {
      socket?.send({ action: 'ping' });
      expect(await socket?.next()).toMatchObject({ type: 'pong' });
    }
    expect(await other.ask({ action: 'join', room: 'calm' }, 'error')).toMatchObject({
      code: 'removed_from_room',
    });
    await expect(connectV1(stack.url, 'calm', mallory)).rejects.toThrow(/refused with 403/);
    for (const path of [
      '/api/rooms/calm/messages/',
      '/api/rooms/calm/events/',
      '/chat/history/calm/',
    ]) {
      expect((await get(stack.url, path, mallory)).status).toBe(403);
    }
    const send = post(
      stack.url,
      '/api/rooms/calm/messages/',
      { content: 'x' },
      {
        authorization: `Bearer ${mallory}`,
      },
    );
    expect((await send).status).toBe(403);

    await asRoot('/api/rooms/calm/members/', { ...removal, removed: false });
    expect(await other.ask({ action: 'join', room: 'calm' }, 'joined')).toMatchObject({ head: 1 });
    await Promise.all([...sockets, other].map((socket) => socket.close()));
  });

  test('disables an account: its sockets are closed and its tokens are of no use', async () => {
    const { access, refresh } = await signUp(stack.url, 'trudy');
    const socket = await connectLegacy(stack.url, 'calm', access);
    const closed = new Promise((resolve) => socket.socket.once('close', resolve));
    const answer = await asRoot('/api/accounts/', { username: 'trudy', disabled: true });
    expect(answer.status).toBe(200);
    expect(await closed).toBe(1000);
    expect((await get(stack.url, '/api/rooms/', access)).status).toBe(401);
    expect((await post(stack.url, '/api/token/refresh/', { refresh })).status).toBe(401);
    await expect(connectV1(stack.url, 'calm', access)).rejects.toThrow(/refused with 401/);
  });

  test('is not needed by who logs out: the login’s sockets and tokens end, others’ don’t', async () => {
    const lost = await signUp(stack.url, 'victor');
    const login = { username: 'victor', password: PASSWORD };
    const kept = await (await post(stack.url, '/api/token/', login)).json();
    const socket = await connectLegacy(stack.url, 'calm', lost.access);
    const other = await connectV1(stack.url, 'calm', kept.access);
    const closed = new Promise((resolve) => socket.socket.once('close', resolve));
    const { refresh } = lost;
    expect((await post(stack.url, '/api/token/blacklist/', { refresh })).status).toBe(200);
    expect(await closed).toBe(1000);
    expect((await get(stack.url, '/api/rooms/', lost.access)).status).toBe(401);
    await expect(connectV1(stack.url, 'calm', lost.access)).rejects.toThrow(/refused with 401/);
    expect(await other.ask({ action: 'ping' }, 'pong')).toBeDefined();
    await other.close();
  });

  test('is the only one who may', async () => {
    const { access } = await signUp(stack.url, 'bob');
    for (const [path, body] of [
      ['/api/rooms/calm/members/', { username: 'root', removed: true }],
      ['/api/accounts/', { username: 'root', disabled: true }],
    ] as const) {
      const answer = await post(stack.url, path, body, { authorization: `Bearer ${access}` });
      expect(answer.status).toBe(403);
      expect(await answer.json()).toMatchObject({ code: 'permission_denied' });
      const unknown = await asRoot(path, { ...body, username: 'nobody' });
      expect([unknown.status, await unknown.json()]).toEqual([
        400,
        { username: ['There is no such user.'] },
      ]);
    }
  });
});
