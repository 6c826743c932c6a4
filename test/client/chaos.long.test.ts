import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Timing } from '../../client/options.ts';
import { connect } from '../../client/parlor.ts';
import type { Message, Parlor, Room } from '../../client/types.ts';
import type { Stack } from '../../local/stack.ts';
import { signUp } from '../e2e/chat-client.ts';
import { temporaryStack } from '../e2e/temporary-stack.ts';
import { type ChaosProxy, chaosProxy } from './chaos-proxy.ts';

/** As in life, but with shorter pauses, for a test has no ten seconds to wait. */
const HASTY: Partial<Timing> = {
  heartbeat: 400,
  answer: 800,
  ack: 600,
  backoffMin: 20,
  backoffMax: 200,
  patience: 100,
  socketLife: 2_000,
};

const PEOPLE = ['anna', 'bela', 'cleo'];
const ROOMS = ['hall', 'yard'];
const MESSAGES = 12;

let stack: Stack;
const tokens = new Map<string, string>();

beforeAll(async () => {
  stack = await temporaryStack();
  for (const name of PEOPLE) tokens.set(name, (await signUp(stack.url, name)).access);
});

afterAll(() => stack.close());

interface Person {
  name: string;
  chat: Parlor;
  rooms: Room[];
  seen: Map<string, Message[]>;
}

function arrive(proxy: ChaosProxy, name: string, rooms: string[]): Person {
  const chat = connect({
    url: proxy.url,
    token: tokens.get(name) ?? '',
    username: name,
    timing: HASTY,
  });
  const seen = new Map<string, Message[]>();
  const entered = rooms.map((roomName) => {
    const room = chat.room(roomName, { after: 0 });
    const messages: Message[] = [];
    seen.set(roomName, messages);
    room.on('message', (message) => messages.push(message));
    return room;
  });
  return { name, chat, rooms: entered, seen };
}

/** Resolves when a room's reader has as many messages as were sent. */
function readingOf({ rooms, seen }: Person, count: number): Promise<unknown> {
  return Promise.all(
    rooms.map(
      (room) =>
        new Promise<void>((resolve) => {
          const look = () => (seen.get(room.name)?.length ?? 0) >= count && resolve();
          room.on('message', look);
          look();
        }),
    ),
  );
}

describe('through a network that cuts, delays, doubles and swallows', () => {
  test.each([1, 2, 3])(
    'everyone sees every message once, in one order, and each send is answered (seed %i)',
    async (seed) => {
      const faults = { cut: 0.02, delay: 0.1, duplicate: 0.1, swallow: 0.05, refuse: 0.1 };
      const proxy = await chaosProxy(stack.url, seed, faults);
      const rooms = ROOMS.map((room) => `${room}-${seed}`);
      const people = PEOPLE.map((name) => arrive(proxy, name, rooms));

      const sent = await Promise.all(
        people.flatMap(({ name, rooms }) =>
          rooms.flatMap((room) =>
            Array.from({ length: MESSAGES }, async (_, index) => {
              const { seq } = await room.send(`${name} ${index}`);
              return { room: room.name, seq, content: `${name} ${index}` };
            }),
          ),
        ),
      );
      const total = PEOPLE.length * MESSAGES;
      await Promise.all(people.map((person) => readingOf(person, total)));

      for (const room of rooms) {
        const [first, ...others] = people.map(({ seen }) => seen.get(room) ?? []);
        expect(first?.map(({ seq }) => seq)).toEqual(
          Array.from({ length: total }, (_, i) => i + 1),
        );
        for (const other of others) expect(other).toEqual(first);
        // Each person's own are in the order of writing.
        for (const { name } of people) {
          const own = first?.filter(({ sender }) => sender === name).map(({ content }) => content);
          expect(own).toEqual(Array.from({ length: MESSAGES }, (_, i) => `${name} ${i}`));
        }
        const answered = sent.filter((message) => message.room === room);
        for (const { seq, content } of answered) expect(first?.[seq - 1]?.content).toBe(content);
      }
      for (const count of Object.values(proxy.tally)) expect(count).toBeGreaterThan(0);
      await Promise.all(people.map(({ chat }) => chat.close()));
      await proxy.close();
    },
    60_000,
  );
});
