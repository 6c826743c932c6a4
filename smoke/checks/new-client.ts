import { expect } from 'expect';
import { FRAME_BURST, FRAMES_PER_SECOND } from '../../protocol/limits.ts';
import { type ChatSocket, get, post } from '../../test/e2e/chat-client.ts';
import type { Group } from '../check.ts';
import type { Target } from '../target.ts';

/** Alice and Bob in one room. */
export async function inRoom(
  target: Target,
  base: string,
  talk: (room: string, mine: ChatSocket, theirs: ChatSocket) => Promise<void>,
): Promise<void> {
  const [alice, bob] = [await target.person('alice'), await target.person('bob')];
  const room = target.name(base);
  const [mine, theirs] = await Promise.all([
    target.connectV1(room, alice.access),
    target.connectV1(room, bob.access),
  ]);
  await talk(room, mine, theirs);
  await Promise.all([mine.close(), theirs.close()]);
}

export async function eventsOf(target: Target, room: string) {
  const { access } = await target.person('bob');
  const answer = await get(target.url, `/api/rooms/${encodeURIComponent(room)}/events/`, access);
  expect(answer.status).toBe(200);
  return (await answer.json()) as { head: number; results: Record<string, unknown>[] };
}

export const NEW_CLIENT: Group = {
  title: 'a client that offers parlor.v1',
  checks: [
    {
      name: 'gets its subprotocol back, and only that',
      needs: ['subprotocol'],
      run: (target) =>
        inRoom(target, 'handshake', async (_, mine) => {
          expect(mine.socket.protocol).toBe('parlor.v1');
        }),
    },
    {
      name: 'is told where its message stands, and everyone gets it with that seq',
      run: (target) =>
        inRoom(target, 'acks', async (room, mine, theirs) => {
          const ack = await mine.ask(
            { action: 'sendMessage', id: 'f1', room, content: 'hi', clientId: 'c1', after: 0 },
            'ack',
          );
          expect(ack).toEqual({
            type: 'ack',
            ref: 'f1',
            room,
            seq: 1,
            id: expect.any(String),
            clientId: 'c1',
            timestamp: expect.any(String),
            duplicate: false,
          });
          expect(await theirs.next()).toEqual({
            type: 'chat_message',
            sender: target.name('alice'),
            content: 'hi',
            timestamp: ack.timestamp,
            room,
            seq: 1,
            id: ack.id,
            clientId: 'c1',
          });
        }),
    },
    {
      name: 'may send again what it has sent, and gets the original',
      run: (target) =>
        inRoom(target, 'retries', async (room, mine, theirs) => {
          const said = { content: 'once', clientId: 'r1', after: 0 };
          const frame = { action: 'sendMessage', room, ...said };
          const first = await mine.ask(frame, 'ack');
          const second = await mine.ask(frame, 'ack');
          expect(second).toEqual({ ...first, duplicate: true });
          expect(await mine.ask({ ...frame, content: 'twice' }, 'error')).toMatchObject({
            code: 'client_id_reused',
          });
          await theirs.next();
          expect((await eventsOf(target, room)).results).toHaveLength(1);
        }),
    },
    {
      name: 'changes and deletes what it said, for everybody and for good',
      run: (target) =>
        inRoom(target, 'changes', async (room, mine, theirs) => {
          const ack = async (frame: object) =>
            (await mine.ask({ room, ...frame }, 'ack')) as unknown as { seq: number };
          await ack({ action: 'sendMessage', content: 'helo' });
          await theirs.next();
          const text = { action: 'edit', seq: 1, content: 'hello' };
          expect(await ack({ ...text, baseVersion: 1 })).toMatchObject({ seq: 2 });
          expect(await theirs.next()).toMatchObject({ type: 'edit', target: 1, content: 'hello' });
          const again = await mine.ask({ room, ...text, baseVersion: 1 }, 'error');
          expect(again).toMatchObject({
            ...{ code: 'edit_conflict', current: { version: 2, content: 'hello' } },
          });
          const [message] = (await eventsOf(target, room)).results;
          expect(message).toMatchObject({ content: 'hello', version: 2 });
          expect(await theirs.ask({ room, action: 'delete', seq: 1 }, 'error')).toMatchObject({
            code: 'not_your_message',
          });
          await ack({ action: 'delete', seq: 1 });
          expect(await theirs.next()).toMatchObject({ type: 'deletion', seq: 3, target: 1 });
          const left = (await eventsOf(target, room)).results;
          expect(left).toMatchObject([
            { type: 'message', content: '', deleted: { by: target.name('alice') } },
            { type: 'edit', content: '', erased: true },
            { type: 'deletion', target: 1 },
          ]);
        }),
    },
    {
      name: 'joins, leaves, and learns the heads of its rooms',
      run: (target) =>
        inRoom(target, 'lobby', async (room, mine, theirs) => {
          const other = target.name('größe-2');
          await mine.ask({ action: 'sendMessage', room, content: 'one' }, 'ack');
          expect(await theirs.ask({ action: 'join', id: 'j', room: other }, 'joined')).toEqual({
            type: 'joined',
            ref: 'j',
            room: other,
            head: 0,
            unread: 0,
          });
          const { heads } = (await theirs.ask({ action: 'ping' }, 'pong')) as { heads: unknown[] };
          expect(heads).toHaveLength(2);
          expect(heads).toEqual(
            expect.arrayContaining([
              { room, head: 1, unread: 1 },
              { room: other, head: 0, unread: 0 },
            ]),
          );
          expect(await theirs.ask({ action: 'leave', room }, 'left')).toEqual({
            type: 'left',
            room,
          });
          await mine.ask({ action: 'sendMessage', room, content: 'two' }, 'ack');
          // Whoever left gets nothing: the next frame is the answer to the ping.
          theirs.send({ action: 'ping', id: 'next' });
          expect(await theirs.next()).toMatchObject({ type: 'pong', ref: 'next' });
          await theirs.ask({ action: 'sendMessage', room: other, content: 'here' }, 'ack');
          const { access } = await target.person('bob');
          const rooms = await (await get(target.url, '/api/rooms/', access)).json();
          expect(rooms.results[0].room).toBe(other);
        }),
    },
    {
      name: 'is slowed down when it floods, and nobody else is',
      run: (target) =>
        inRoom(target, 'flood', async (_, mine, theirs) => {
          await expectSlowedDown(mine);
          expect(await theirs.ask({ action: 'ping' }, 'pong')).toBeDefined();
        }),
    },
    {
      name: 'is refused with the right status for a wrong room or token',
      async run(target) {
        const { access } = await target.person('alice');
        for (const [room, token, status] of [
          ['no spaces', access, 400],
          [target.name('room'), `${access}x`, 401],
        ] as const) {
          await expect(target.connectV1(room, token)).rejects.toThrow(target.refusedWith(status));
        }
      },
    },
    {
      name: 'is refused at a path that is no room',
      needs: ['socket paths'],
      async run(target) {
        const { access } = await target.person('alice');
        await expect(target.connectV1('a/b', access)).rejects.toThrow(/refused with 4\d\d/);
      },
    },
    {
      name: 'shares the room with servers that send over REST, exactly once by their key',
      run: (target) =>
        inRoom(target, 'rest', async (room, _, theirs) => {
          const { access } = await target.person('alice');
          const send = () =>
            post(
              target.url,
              `/api/rooms/${room}/messages/`,
              { content: 'deploy done' },
              { authorization: `Bearer ${access}`, 'idempotency-key': 'deploy-17' },
            );
          const [first, second] = [await send(), await send()];
          expect([first.status, second.status]).toEqual([201, 200]);
          expect(await second.json()).toEqual(await first.json());
          expect(await theirs.next()).toMatchObject({
            content: 'deploy done',
            clientId: 'deploy-17',
          });
        }),
    },
  ],
};

/** More than a burst, and fewer than would close the connection. */
const FLOOD = 120;

/** Sends a flood: it is refused, unless it was answered so slowly that it is none. */
async function expectSlowedDown(socket: ChatSocket): Promise<void> {
  const began = performance.now();
  for (let n = 0; n < FLOOD; n++) socket.send({ action: 'ping', id: String(n) });
  for (let answered = 0; answered < FLOOD; answered++) {
    const answer = await socket.next();
    if (answer.type === 'pong') continue;
    const refused = { type: 'error', code: 'rate_limited', retryable: true };
    expect(answer).toMatchObject({ ...refused, retryAfter: expect.any(Number) });
    return;
  }
  const drained = (FLOOD - FRAME_BURST) / FRAMES_PER_SECOND;
  expect(performance.now() - began).toBeGreaterThan(drained * 1_000);
}
