import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SignJWT } from 'jose';
import { DEFAULT_SETTINGS } from '../../lambdas/aws/config.ts';
import type { Stack } from '../../local/stack.ts';
import { connectLegacy, connectV1, post, signUp } from './chat-client.ts';
import { guardedStack } from './guarded-stack.ts';

describe('a connection whose token runs out', () => {
  let dataFolder: string;
  let stack: Stack;
  let alice: string;
  let bob: string;
  beforeAll(async () => {
    dataFolder = await mkdtemp(join(tmpdir(), 'parlor-'));
    stack = await guardedStack({ dataFolder, tokenSweepMs: 200 });
    alice = (await signUp(stack.url, 'alice')).access;
    bob = (await signUp(stack.url, 'bob')).access;
  });
  afterAll(async () => {
    await stack.close();
    await rm(dataFolder, { recursive: true, force: true });
  });

  /** A token of Alice's that expires in so many seconds, or up to one more. */
  async function shortLived(seconds: number, folder = dataFolder): Promise<string> {
    const secret = await readFile(join(folder, 'token-secret'));
    const now = Date.now() / 1_000;
    return await new SignJWT({ token_type: 'access', user_id: 'alice' })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuedAt(Math.floor(now))
      .setExpirationTime(Math.ceil(now) + seconds)
      .setJti('short')
      .sign(secret);
  }

  const say = (room: string, content: string) =>
    post(
      stack.url,
      `/api/rooms/${room}/messages/`,
      { content },
      { authorization: `Bearer ${bob}` },
    );

  test('is told, gets nothing after it, and is closed', async () => {
    const socket = await connectV1(stack.url, 'closing', await shortLived(3));
    const closed = new Promise((resolve) => socket.socket.once('close', resolve));
    expect(await socket.nextOf('error')).toMatchObject({ code: 'token_expiring' });
    await say('closing', 'in time');
    expect(await socket.nextOf('chat_message')).toMatchObject({ content: 'in time' });
    for (;;) {
      const { type, code } = await socket.next();
      expect(type).toBe('error');
      if (code === 'token_expired') break;
    }
    expect(await closed).toBe(1000);
  });

  test('goes on with a new token of the same user, and of no other', async () => {
    const socket = await connectV1(stack.url, 'renewed', await shortLived(3));
    await socket.nextOf('error');
    socket.send({ action: 'auth', id: 'a1', token: bob });
    for (;;) {
      const { ref, code } = await socket.nextOf('error');
      if (ref === undefined) continue;
      expect([ref, code]).toEqual(['a1', 'wrong_user']);
      break;
    }
    expect(await socket.ask({ action: 'auth', id: 'a2', token: alice }, 'authenticated')).toEqual({
      type: 'authenticated',
      ref: 'a2',
      until: expect.stringMatching(/\+00:00$/),
    });
    await new Promise((resolve) => setTimeout(resolve, 4_500));
    await say('renewed', 'still here');
    expect(await socket.nextOf('chat_message')).toMatchObject({ content: 'still here' });
    await socket.close();
  });

  test('stays, if it is an old client’s, who can’t renew', async () => {
    const socket = await connectLegacy(stack.url, 'old', await shortLived(2));
    await new Promise((resolve) => setTimeout(resolve, 3_500));
    socket.send({ message: 'as ever' });
    expect(await socket.next()).toMatchObject({ type: 'chat_message', content: 'as ever' });
    await socket.close();
  });

  test('is closed although it is an old client’s, where the operator wants it strict', async () => {
    const folder = `${dataFolder}-strict`;
    const strict = await guardedStack({
      settings: { ...DEFAULT_SETTINGS, strictExpiry: true },
      tokenSweepMs: 200,
      dataFolder: folder,
    });
    try {
      await signUp(strict.url, 'alice');
      const socket = await connectLegacy(strict.url, 'old', await shortLived(2, folder));
      expect(await new Promise((resolve) => socket.socket.once('close', resolve))).toBe(1000);
    } finally {
      await strict.close();
    }
  });
});
