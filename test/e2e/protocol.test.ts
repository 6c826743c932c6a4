import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SignJWT } from 'jose';
import { ACTION_NAMES } from '../../lambdas/edge/socket/served-by.ts';
import type { Stack } from '../../local/stack.ts';
import { ERRORS } from '../../protocol/errors.ts';
import { ClientFrames, ServerFrames } from '../../protocol/frames.ts';
import { FRAME_BYTES } from '../../protocol/limits.ts';
import { type ChatSocket, connectLegacy, connectV1, signUp } from './chat-client.ts';
import { SpecClient } from './spec-client.ts';
import { temporaryStack } from './temporary-stack.ts';
import { Transcript } from './transcript.ts';

const PATIENCE_MS = 60_000;

const PAGE = readFileSync(new URL('../../PROTOCOL.md', import.meta.url), 'utf8');

/** The examples that can be run, by their titles. */
const EXAMPLES = PAGE.split(/^### (?=\d)/m)
  .slice(1)
  .map((section) => ({
    title: section.slice(0, section.indexOf('\n')),
    lines: [...section.matchAll(/^```transcript\n(.*?)^```/gms)]
      .flatMap(([, block = '']) => block.split('\n'))
      .filter(Boolean),
  }))
  .filter(({ lines }) => lines.length > 0);

let dataFolder: string;
let stack: Stack;
const started: SpecClient[] = [];
beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'parlor-'));
  stack = await temporaryStack({ dataFolder, tokenSweepMs: 200 });
  for (const person of ['alice', 'bob', 'carol']) await signUp(stack.url, person);
});
afterAll(async () => {
  for (const client of started) client.stop();
  await stack.close();
  await rm(dataFolder, { recursive: true, force: true });
});

async function tokenOf(person: string, seconds = 300): Promise<string> {
  const secret = await readFile(join(dataFolder, 'token-secret'));
  const now = Math.floor(Date.now() / 1_000);
  return await new SignJWT({ token_type: 'access', user_id: person })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuedAt(now)
    .setExpirationTime(now + seconds)
    .setJti(`${person}-${seconds}`)
    .sign(secret);
}

function specClient(room: string, username: string): SpecClient {
  const client = new SpecClient({
    url: stack.url,
    room,
    username,
    token: () => tokenOf(username),
    loses: () => false,
    patienceMs: 700,
  });
  started.push(client);
  return client;
}

/** @throws after `PATIENCE_MS`, so that a client that never gets there ends too */
async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`This never came to be: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('PROTOCOL.md', () => {
  test('names every frame, every field of it, and every error that a socket can meet', () => {
    for (const frame of Object.values({ ...ClientFrames, ...ServerFrames })) {
      for (const field of Object.keys(frame.shape)) expect(PAGE).toContain(`\`${field}\``);
    }
    for (const name of ACTION_NAMES) {
      expect(PAGE).toContain(`\n#### ${name}\n`);
    }
    const types = Object.values(ServerFrames).map(({ shape }) => shape.type.def.values[0]);
    for (const type of types) expect(PAGE).toContain(`\n#### ${type}\n`);
    // Those of forms, of moderation and of REST alone stand in openapi.yaml.
    const restOnly = ['cursor_invalid', 'bad_authorization_header', 'authentication_failed'];
    restOnly.push('permission_denied', 'not_found', 'method_not_allowed', 'body_too_large');
    restOnly.push('unsupported_media_type', 'login_throttled', 'last_superuser');
    const named = Object.keys(ERRORS).filter((code) => PAGE.includes(`\`${code}\``));
    expect(named).toEqual(Object.keys(ERRORS).filter((code) => !restOnly.includes(code)));
  });

  test('has eight examples, seven of which can be run word by word', () => {
    expect(EXAMPLES.map(({ title }) => title[0])).toEqual(['1', '2', '3', '4', '5', '6', '7']);
    expect(PAGE).toContain('\n### 8. A busy room\n');
  });

  test.each(EXAMPLES)('example $title goes as written', ({ lines }) =>
    new Transcript(stack.url, tokenOf).run(lines),
  );
});

describe('a busy room', () => {
  const SOCKETS = 6;
  const SENDS = 10;

  test('comes in packed frames, whole and in order, with an ack for each message', async () => {
    const token = await tokenOf('alice');
    const listener = specClient('hall', 'bob');
    const bob = await connectV1(stack.url, 'hall', await tokenOf('bob'));
    const carol = await connectLegacy(stack.url, 'hall', await tokenOf('carol'));
    const writers = await Promise.all(
      Array.from({ length: SOCKETS }, () => connectV1(stack.url, 'hall', token)),
    );
    const acks = (await Promise.all(writers.map(sendAtOnce))).flat();

    const packed = ServerFrames.events.parse(await bob.nextOf('events'));
    const seqs = packed.events.map(({ seq }) => seq);
    expect(seqs.length).toBeGreaterThan(1);
    expect(seqs).toEqual(seqs.map((_, index) => index + Number(seqs[0])));
    expect(Buffer.byteLength(JSON.stringify(packed))).toBeLessThanOrEqual(FRAME_BYTES);
    // An old client gets the same, one by one, in the old fields.
    ServerFrames.legacyChatMessage.parse(await carol.next());
    ServerFrames.legacyChatMessage.parse(await carol.next());

    await until(() => listener.shown.length >= SOCKETS * SENDS);
    expect(listener.shown.map(({ seq }) => seq)).toEqual(listener.shown.map((_, n) => n + 1));
    const places = new Map(listener.shown.map(({ clientId, seq }) => [clientId, seq]));
    expect(acks.map(({ clientId, seq }) => [clientId, seq]).sort()).toEqual([...places].sort());
    await Promise.all([bob, carol, ...writers].map((socket) => socket.close()));
  }, 60_000);

  /** All at once, and again what is to be sent again. @returns an ack for each */
  async function sendAtOnce(writer: ChatSocket, n: number) {
    const frames = new Map(
      Array.from({ length: SENDS }, (_, i) => {
        const [id, content] = [`${n}-${i}`, `message ${n}-${i}`];
        return [id, { action: 'sendMessage', id, room: 'hall', content, clientId: id, after: 0 }];
      }),
    );
    for (const frame of frames.values()) writer.send(frame);
    const acks = new Map<string, Record<string, unknown>>();
    while (acks.size < SENDS) {
      const frame = await writer.next();
      if (frame.type === 'ack') acks.set(String(frame.ref), frame);
      if (frame.type !== 'error' || frame.code === 'token_expiring') continue;
      expect(frame).toMatchObject({ retryable: true });
      const seconds = Number(frame.retryAfter ?? 0);
      await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
      writer.send(frames.get(String(frame.ref)));
    }
    return [...acks.values()];
  }
});
