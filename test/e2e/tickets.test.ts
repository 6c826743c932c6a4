import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { SignJWT } from 'jose';
import type { Stack } from '../../local/stack.ts';
import { ChatSocket, call, connectV1, signUp } from './chat-client.ts';
import { guardedStack } from './guarded-stack.ts';

describe('a ticket', () => {
  let dataFolder: string;
  let stack: Stack;
  let alice: string;
  /** What the functions log, as the operator sees it. */
  const written: string[] = [];
  beforeAll(async () => {
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
      written.push(String(text));
      return true;
    });
    dataFolder = await mkdtemp(join(tmpdir(), 'parlor-'));
    stack = await guardedStack({ dataFolder, tokenSweepMs: 200, logLevel: 'info' });
    alice = (await signUp(stack.url, 'alice')).access;
  });
  afterAll(async () => {
    await stack.close();
    await rm(dataFolder, { recursive: true, force: true });
    jest.restoreAllMocks();
  });

  async function newTicket(token = alice): Promise<string> {
    const [status, body] = await call(stack.url, token, 'POST', '/api/tickets/');
    expect([status, body.expiresIn]).toEqual([201, expect.any(Number)]);
    return String(body.ticket);
  }
  const openWith = (ticket: string) =>
    new ChatSocket(`${stack.url.replace('http', 'ws')}/ws/chat/porch/?ticket=${ticket}`, [
      'parlor.v1',
    ]).opened();

  test('opens a socket in the query or in the token’s place, once', async () => {
    for (const open of [openWith, (ticket: string) => connectV1(stack.url, 'porch', ticket)]) {
      const ticket = await newTicket();
      const socket = await open(ticket);
      expect(socket.socket.protocol).toBe('parlor.v1');
      expect(await socket.ask({ action: 'ping' }, 'pong')).toMatchObject({
        heads: [{ room: 'porch' }],
      });
      await expect(openWith(ticket)).rejects.toThrow(/refused with 401/);
      await expect(connectV1(stack.url, 'porch', ticket)).rejects.toThrow(/refused with 401/);
      await socket.close();
    }
  });

  test('opens one socket of fifty that are opened at once', async () => {
    const ticket = await newTicket();
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => openWith(ticket)));
    const opened = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(opened).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(String(outcome.reason)).toMatch(/with 401/);
    }
    await Promise.all(opened.map((socket) => socket.close()));
  });

  test('opens a socket that ends with the token by which it was got', async () => {
    const now = Math.floor(Date.now() / 1_000);
    const brief = await new SignJWT({ token_type: 'access', user_id: 'alice' })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuedAt(now)
      .setExpirationTime(now + 3)
      .setJti('brief')
      .sign(await readFile(join(dataFolder, 'token-secret')));
    const socket = await openWith(await newTicket(brief));
    const closed = new Promise((resolve) => socket.socket.once('close', resolve));
    for (;;) {
      const { code } = await socket.nextOf('error');
      if (code === 'token_expired') break;
      expect(code).toBe('token_expiring');
    }
    expect(await closed).toBe(1000);
  });

  test('is written in no log', async () => {
    const ticket = await newTicket();
    await (await openWith(ticket)).close();
    await expect(openWith(ticket)).rejects.toThrow(/refused with 401/);
    const log = written.join('');
    for (const word of ['createTicket', '$connect', 'ticket_not_valid'])
      expect(log).toContain(word);
    expect(log).not.toContain(ticket);
  });
});
