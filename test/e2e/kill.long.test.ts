import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ChatSocket, connectV1, get, signUp } from './chat-client.ts';
import { type Server, startServer } from './server.ts';
import { SpecClient } from './spec-client.ts';

const ROOMS = 5;
const CONNECTIONS = 50;
const SENDS_EACH = 20;

describe('a server that is killed while a thousand messages come in', () => {
  let dataFolder: string;
  let server: Server;
  beforeAll(async () => {
    dataFolder = await mkdtemp(join(tmpdir(), 'parlor-kill-'));
    server = await startServer(dataFolder);
  });
  afterAll(async () => {
    server.process.kill('SIGKILL');
    await rm(dataFolder, { recursive: true, force: true });
  });

  test('has lost nothing that it acknowledged, and goes on where it stopped', async () => {
    const { access } = await signUp(server.url, 'alice');
    const sockets = await Promise.all(
      Array.from({ length: CONNECTIONS }, (_, n) =>
        connectV1(server.url, `room-${n % ROOMS}`, access),
      ),
    );
    const acknowledged = new Map<string, { room: string; seq: number }>();
    const died = once(server.process, 'exit');

    const senders = sockets.map((socket, n) => sendAll(socket, n, acknowledged, killAtHalf));
    function killAtHalf() {
      if (acknowledged.size === (CONNECTIONS * SENDS_EACH) / 2) server.process.kill('SIGKILL');
    }
    await died;
    await Promise.allSettled(senders);
    expect(acknowledged.size).toBeGreaterThanOrEqual((CONNECTIONS * SENDS_EACH) / 2);
    expect(acknowledged.size).toBeLessThan(CONNECTIONS * SENDS_EACH);

    server = await startServer(dataFolder);
    const stored = new Map<string, { room: string; seq: number }>();
    for (let n = 0; n < ROOMS; n++) {
      const events = await replayAll(server.url, `room-${n}`, access);
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
      for (const { room, seq, clientId } of events) {
        expect(stored.has(clientId)).toBe(false);
        stored.set(clientId, { room, seq });
      }
    }
    for (const [clientId, place] of acknowledged) expect(stored.get(clientId)).toEqual(place);

    // Somebody else, for Alice's fifty connections are too young to be taken for gone.
    const bob = await signUp(server.url, 'bob');
    const socket = await connectV1(server.url, 'room-0', bob.access);
    const ack = await socket.ask(
      { action: 'sendMessage', room: 'room-0', content: 'and on' },
      'ack',
    );
    expect(ack.seq).toBe([...stored.values()].filter(({ room }) => room === 'room-0').length + 1);
    await socket.close();
  }, 60_000);

  test('is found again by its clients, who catch up and send what they had not, untold', async () => {
    const { access } = await signUp(server.url, 'carol');
    const clients = Array.from(
      { length: 10 },
      (_, n) =>
        new SpecClient({
          url: server.url,
          room: `lively-${n % 2}`,
          username: 'carol',
          token: async () => access,
          loses: () => false,
          patienceMs: 2_000,
        }),
    );
    try {
      for (let i = 0; i < 12; i++)
        clients.forEach((client, n) => void client.say(`${i}`, `${n}-${i}`));
      await until(() => clients.every(({ shown }) => shown.length >= 10));
      const died = once(server.process, 'exit');
      server.process.kill('SIGKILL');
      await died;
      server = await startServer(dataFolder, new URL(server.url).port);

      const everyone = (n: number) => clients.filter((_, other) => other % 2 === n % 2).length * 12;
      await until(() =>
        clients.every(({ shown, unsent }, n) => unsent === 0 && shown.length === everyone(n)),
      );
      for (const [n, { shown }] of clients.entries()) {
        expect(shown).toEqual(clients[n % 2]?.shown);
        expect(new Set(shown.map(({ clientId }) => clientId)).size).toBe(everyone(n));
      }
    } finally {
      for (const client of clients) client.stop();
    }
  }, 60_000);
});

/** Looks until it is so; the test's own time is the limit. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Sends one message after the other, each when the one before has been acknowledged. */
async function sendAll(
  socket: ChatSocket,
  n: number,
  acknowledged: Map<string, { room: string; seq: number }>,
  onAck: () => void,
): Promise<void> {
  const room = `room-${n % ROOMS}`;
  const closed = once(socket.socket, 'close').then(() => {
    throw new Error('the server is gone');
  });
  closed.catch(() => {});
  for (let i = 0; i < SENDS_EACH; i++) {
    const clientId = `${n}-${i}`;
    const frame = { action: 'sendMessage', room, content: `message ${clientId}`, clientId };
    const seq = await Promise.race([seqOf(socket, frame), closed]);
    acknowledged.set(clientId, { room, seq });
    onAck();
  }
}

/**
 * Sends a message and takes its ack; one of the message before may come twice, and late. A message that
 * is refused since there is too much to do is sent again, as clients do.
 */
async function seqOf(socket: ChatSocket, frame: { clientId: string }): Promise<number> {
  socket.send(frame);
  for (;;) {
    const { type, clientId, seq, retryable, retryAfter } = await socket.next();
    if (type === 'ack' && clientId === frame.clientId) return Number(seq);
    if (type !== 'error') continue;
    if (!retryable) throw new Error(`${frame.clientId} is refused for good.`);
    await new Promise((resolve) => setTimeout(resolve, 1_000 * Number(retryAfter)));
    socket.send(frame);
  }
}

interface ReplayedEvent {
  room: string;
  seq: number;
  clientId: string;
}

async function replayAll(url: string, room: string, token: string): Promise<ReplayedEvent[]> {
  const events: ReplayedEvent[] = [];
  let path: string | null = `/api/rooms/${room}/events/?limit=200`;
  while (path) {
    const page = await (await get(url, path, token)).json();
    events.push(...page.results);
    path = page.next?.slice(url.length) ?? null;
  }
  return events;
}
