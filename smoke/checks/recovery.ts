import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'expect';
import WebSocket from 'ws';
import { type ChatSocket, type Frame, get, post } from '../../test/e2e/chat-client.ts';
import { SpecClient } from '../../test/e2e/spec-client.ts';
import type { Group } from '../check.ts';
import type { Target } from '../target.ts';

const PATIENCE_MS = 45_000;

/**
 * A client of one room that reconnects and catches up, as PROTOCOL.md asks for.
 *
 * @param lost the share of frames that get lost on their way to it
 */
export function specClient(target: Target, room: string, base: string, lost = 0): SpecClient {
  return new SpecClient({
    url: target.url,
    room,
    username: target.name(base),
    token: async () => (await target.person(base)).access,
    loses: () => Math.random() < lost,
    patienceMs: 1_000,
    open: (token) => {
      const [address, protocols, headers] = target.handshakeV1(room, token);
      return new WebSocket(address, protocols, { headers });
    },
    follow: (link) => target.follow(link),
  });
}

/** @throws Error with what was waited for, when it does not come to be */
export async function until(what: string, isSo: () => boolean, patienceMs = PATIENCE_MS) {
  const deadline = Date.now() + patienceMs;
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error(`In vain waited for: ${what}`);
    await sleep(20);
  }
}

/** The whole log of a room, by following the links. */
export async function replay(target: Target, room: string, limit: number): Promise<Frame[]> {
  const { access } = await target.person('bob');
  const events: Frame[] = [];
  let path: string | null = `${target.url}/api/rooms/${room}/events/?after=0&limit=${limit}`;
  while (path) {
    const page = await (await get('', path, access)).json();
    events.push(...page.results);
    path = page.next && target.follow(page.next);
  }
  return events;
}

/** All at once, and again what is to be sent again. @returns an ack for each */
async function sendAtOnce(writer: ChatSocket, room: string, ids: readonly string[]) {
  const send = (id: string) =>
    writer.send({ action: 'sendMessage', id, room, content: id, clientId: id, after: 0 });
  ids.forEach(send);
  const acks = new Map<string, Frame>();
  while (acks.size < ids.length) {
    const frame = await writer.next();
    if (frame.type === 'ack') acks.set(String(frame.ref), frame);
    if (frame.type !== 'error') continue;
    expect(frame).toMatchObject({ retryable: true });
    await sleep(Number(frame.retryAfter ?? 0) * 1_000);
    send(String(frame.ref));
  }
  return [...acks.values()];
}

const dense = (events: readonly { seq?: unknown }[]) =>
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));

export const RECOVERY: Group = {
  title: 'members of one room',
  checks: [
    {
      name: 'replay what they missed, in pages, and read history both ways',
      async run(target) {
        const room = target.name('replayed');
        const { access } = await target.person('alice');
        const headers = { authorization: `Bearer ${access}` };
        for (let n = 1; n <= 5; n++) {
          const path = `/api/rooms/${room}/messages/`;
          expect((await post(target.url, path, { content: `${n}` }, headers)).status).toBe(201);
        }
        const events = await replay(target, room, 2);
        expect(events.map(({ content }) => content)).toEqual(['1', '2', '3', '4', '5']);
        dense(events);
        const messages = `${target.url}/api/rooms/${room}/messages/?limit=2`;
        const newest = await (await get('', messages, access)).json();
        const older = await (await get('', target.follow(newest.next), access)).json();
        const back = await (await get('', target.follow(older.previous), access)).json();
        expect(back.results).toEqual(newest.results);
        const old = await get(target.url, `/chat/history/${room}/?limit=3`, access);
        const contents = (await old.json()).map(({ content }: { content: string }) => content);
        expect(contents).toEqual(['5', '4', '3']);
      },
    },
    {
      name: 'who write at once are all acknowledged, and see one order without a hole',
      patienceMs: 90_000,
      async run(target) {
        const room = target.name('busy');
        const { access } = await target.person('alice');
        const listeners = [specClient(target, room, 'bob'), specClient(target, room, 'carol')];
        try {
          const writers = await Promise.all(
            Array.from({ length: 4 }, () => target.connectV1(room, access)),
          );
          const ids = (n: number) => Array.from({ length: 8 }, (_, i) => `${n}-${i}`);
          const sent = await Promise.all(writers.map((each, n) => sendAtOnce(each, room, ids(n))));
          const acks = sent.flat();
          await until('all messages at both listeners', () =>
            listeners.every(({ shown }) => shown.length >= acks.length),
          );
          for (const { shown } of listeners) {
            dense(shown);
            const places = shown.map(({ clientId, seq }) => [clientId, seq]);
            expect(acks.map(({ clientId, seq }) => [clientId, seq]).sort()).toEqual(places.sort());
          }
          await Promise.all(writers.map((socket) => socket.close()));
        } finally {
          for (const listener of listeners) listener.stop();
        }
      },
    },
    {
      name: 'who are cut off, or lose frames, have everything in the end, once and in order',
      patienceMs: 120_000,
      async run(target) {
        const each = 8;
        const room = target.name('storm');
        const people = {
          alice: specClient(target, room, 'alice', 0.3),
          bob: specClient(target, room, 'bob'),
          carol: specClient(target, room, 'carol', 0.3),
        };
        const clients = Object.values(people);
        try {
          for (let n = 0; n < each; n++) {
            for (const [name, client] of Object.entries(people)) client.say(`${n}`, `${name}-${n}`);
          }
          for (const [client, after] of [
            [people.alice, 2],
            [people.bob, 4],
            [people.carol, 6],
          ] as const) {
            await until(`${after} messages before the cut`, () => client.shown.length >= after);
            const before = client.connections;
            client.cut();
            await until('another connection', () => client.connections > before);
          }
          const total = each * clients.length;
          await until('everything at everyone', () =>
            clients.every(({ unsent, shown }) => unsent === 0 && shown.length >= total),
          );
          const log = (await replay(target, room, 200)).map(({ seq, clientId }) => [seq, clientId]);
          dense(log.map(([seq]) => ({ seq })));
          expect(new Set(log.map(([, clientId]) => clientId)).size).toBe(total);
          for (const { shown } of clients) {
            expect(shown.map(({ seq, clientId }) => [seq, clientId])).toEqual(log);
          }
          // Own messages are in the order in which they were said.
          const own = log.map(([, id]) => String(id)).filter((id) => id.startsWith('alice'));
          expect(own).toEqual(Array.from({ length: each }, (_, n) => `alice-${n}`));
        } finally {
          for (const client of clients) client.stop();
        }
      },
    },
  ],
};
