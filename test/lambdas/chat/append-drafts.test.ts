import { describe, expect, test } from '@jest/globals';
import type { Draft } from '../../../lambdas/chat/append.ts';
import { appendDrafts } from '../../../lambdas/chat/append-drafts.ts';
import type { RoomEvent } from '../../../lambdas/chat/event.ts';
import type { QueuedDraft } from '../../../lambdas/chat/ports/inbox.ts';
import { GROUP_EVENTS } from '../../../protocol/limits.ts';
import { START } from '../../fakes/fake-clock.ts';
import { anEvent, said } from '../../fakes/samples.ts';
import { type FakeServices, fakeServices } from '../../fakes/services.ts';
import { contested } from '../../fakes/troubled-event-logs.ts';
import { ROOM } from './pumped-room.ts';

const draft = (given: Partial<Draft> = {}): Draft => ({
  room: ROOM,
  userId: 'alice',
  sender: 'Alice',
  ...said('hello'),
  clientId: 'c',
  ...given,
});

const left = (n: number, given: Partial<QueuedDraft> = {}): QueuedDraft => ({
  ...draft(),
  clientId: `client-${n}`,
  ...said(`message ${n}`),
  id: `left-${n}`,
  searched: 0,
  leftAt: START + n,
  reply: { connectionId: `c${n}`, ref: `ref-${n}` },
  ...given,
});

const bobs = (seq: number) => anEvent({ seq, userId: 'bob' });

/** Services whose inbox holds these drafts. */
async function withLeft(...drafts: QueuedDraft[]): Promise<FakeServices> {
  const services = fakeServices();
  for (const each of drafts) await services.inbox.enqueue(each);
  return services;
}

const all = ({ log }: FakeServices): Promise<RoomEvent[]> => log.readForward(ROOM, 0, 10_000);

const framesTo = ({ gateway }: FakeServices, connectionId: string): unknown[] =>
  gateway.framesTo(connectionId).map((text) => JSON.parse(text));

describe('the holder of the lease', () => {
  test('puts many drafts in one item, in the order in which they were left', async () => {
    const services = await withLeft(left(3), left(1), left(2));
    await services.log.put(bobs(1));
    const puts: number[] = [];
    const { put } = services.log;
    services.log.put = (...events) => {
      puts.push(events.length);
      return put(...events);
    };
    expect(await appendDrafts(services, ROOM)).toBe('all');
    expect(puts).toEqual([3]);
    expect((await all(services)).map(({ seq, id }) => [seq, id])).toEqual([
      [1, 'event-1'],
      [2, 'left-1'],
      [3, 'left-2'],
      [4, 'left-3'],
    ]);
    expect(await services.inbox.read(ROOM, 10)).toEqual([]);
  });

  test('counts on from where the log ends', async () => {
    const services = await withLeft(left(1), left(2));
    await services.log.put(anEvent({ seq: 1, userId: 'bob', n: 0, p: 1 }));
    await appendDrafts(services, ROOM);
    expect(await all(services)).toMatchObject([
      { n: 0, p: 1 },
      { n: 1, p: 1 },
      { n: 2, p: 1 },
    ]);
  });

  test.each([
    { drafts: 1, crowded: undefined },
    { drafts: 2, crowded: true },
  ])('says of $drafts that the room is crowded: $crowded', async ({ drafts, crowded }) => {
    const services = await withLeft(...Array.from({ length: drafts }, (_, n) => left(n + 1)));
    await appendDrafts(services, ROOM);
    for (const event of await all(services)) expect(event.crowded).toBe(crowded);
  });

  test('answers each sender where its message stands', async () => {
    const services = await withLeft(left(1), left(2, { reply: undefined }), left(3));
    await appendDrafts(services, ROOM);
    expect(framesTo(services, 'c1')).toEqual([
      {
        type: 'ack',
        ref: 'ref-1',
        room: ROOM,
        seq: 1,
        id: 'left-1',
        clientId: 'client-1',
        timestamp: expect.stringMatching(/\+00:00$/),
        duplicate: false,
      },
    ]);
    expect(framesTo(services, 'c3')).toMatchObject([{ ref: 'ref-3', seq: 3 }]);
    expect(services.gateway.posted).toEqual(['c1', 'c3']);
  });

  test('answers only once the messages are stored', async () => {
    const services = await withLeft(left(1));
    services.log.put = () => Promise.reject(new Error('The log is down.'));
    await expect(appendDrafts(services, ROOM)).rejects.toThrow('The log is down.');
    expect(services.gateway.posted).toEqual([]);
    expect(await services.inbox.read(ROOM, 10)).toHaveLength(1);
  });

  test('goes on when a sender can’t be answered', async () => {
    const services = await withLeft(left(1), left(2), left(3));
    services.gateway.set('c1', new Error('The gateway answered 500.'));
    services.gateway.set('c2', 'gone');
    expect(await appendDrafts(services, ROOM)).toBe('all');
    expect(framesTo(services, 'c3')).toMatchObject([{ seq: 3 }]);
    expect(await all(services)).toHaveLength(3);
  });

  test('never lets time run backwards', async () => {
    const services = await withLeft(left(1, { searched: 1 }), left(2, { searched: 1 }));
    await services.log.put({ ...bobs(1), at: START + 90_000 });
    await appendDrafts(services, ROOM);
    expect((await all(services)).map(({ at }) => at)).toEqual(Array(3).fill(START + 90_000));
  });

  test('tries the next slot when another writer was faster', async () => {
    const services = await withLeft(left(1), left(2));
    services.log = contested(services.log, bobs, 2);
    expect(await appendDrafts(services, ROOM)).toBe('all');
    expect((await all(services)).map(({ userId }) => userId)).toEqual([
      ...['bob', 'bob'],
      ...['alice', 'alice'],
    ]);
    expect(framesTo(services, 'c2')).toMatchObject([{ seq: 4 }]);
  });

  test('gives up when others always are, and the drafts stay', async () => {
    const services = await withLeft(left(1));
    services.log = contested(services.log, bobs);
    await expect(appendDrafts(services, ROOM)).rejects.toThrow('Other writers');
    expect(await services.inbox.read(ROOM, 10)).toHaveLength(1);
    expect(services.gateway.posted).toEqual([]);
  });

  test('puts no more in one item than it may hold', async () => {
    const long = 'x'.repeat(7_000);
    const drafts = Array.from({ length: 30 }, (_, n) => left(n + 1, { ...said(`${long}${n}`) }));
    const services = await withLeft(...drafts);
    const puts: number[] = [];
    const { put } = services.log;
    services.log.put = (...events) => {
      puts.push(Buffer.byteLength(JSON.stringify(events)));
      return put(...events);
    };
    expect(await appendDrafts(services, ROOM)).toBe('all');
    expect(puts.length).toBeGreaterThan(1);
    for (const bytes of puts) expect(bytes).toBeLessThan(110_000);
    expect((await all(services)).map(({ id }) => id)).toEqual(drafts.map(({ id }) => id));
  });

  test('empties an inbox of several groups, and leaves the rest of a very full one', async () => {
    const fill = (count: number) =>
      withLeft(...Array.from({ length: count }, (_, n) => left(n + 1, { reply: undefined })));
    const full = await fill(GROUP_EVENTS + 1);
    expect(await appendDrafts(full, ROOM)).toBe('all');
    expect(await all(full)).toHaveLength(GROUP_EVENTS + 1);

    const fuller = await fill(10 * GROUP_EVENTS + 1);
    expect(await appendDrafts(fuller, ROOM)).toBe('some');
    const rest = await fuller.inbox.read(ROOM, 2 * GROUP_EVENTS);
    expect(rest.length).toBeGreaterThan(0);
    expect((await all(fuller)).length + rest.length).toBe(10 * GROUP_EVENTS + 1);
  });
});

describe('a draft that is a duplicate', () => {
  const once = async (services: FakeServices) => {
    expect(await appendDrafts(services, ROOM)).toBe('all');
    const events = await all(services);
    expect(events.filter(({ clientId }) => clientId === 'client-1')).toHaveLength(1);
    expect(await services.inbox.read(ROOM, 10)).toEqual([]);
  };

  test('of another in the inbox is stored once, and both are told', async () => {
    const services = await withLeft(
      left(1),
      left(1, { id: 'again', leftAt: START + 9, reply: { connectionId: 'c9', ref: 'ref-9' } }),
    );
    await once(services);
    expect(framesTo(services, 'c1')).toMatchObject([{ seq: 1, id: 'left-1', duplicate: false }]);
    expect(framesTo(services, 'c9')).toMatchObject([{ seq: 1, id: 'left-1', duplicate: true }]);
  });

  test('of what a retry has stored meanwhile is not stored again', async () => {
    const services = await withLeft(left(1));
    await services.log.put(
      anEvent({ seq: 1, id: 'direct', clientId: 'client-1', content: 'message 1' }),
    );
    await once(services);
    expect(framesTo(services, 'c1')).toMatchObject([{ seq: 1, id: 'direct', duplicate: true }]);
  });

  test('of what a retry stores between the look and the put is not stored again', async () => {
    const services = await withLeft(left(1), left(2));
    const mine = (seq: number) =>
      anEvent({ seq, id: 'direct', clientId: 'client-1', content: 'message 1' });
    services.log = contested(services.log, mine, 1);
    await once(services);
    expect(framesTo(services, 'c1')).toMatchObject([{ seq: 1, id: 'direct', duplicate: true }]);
    expect(framesTo(services, 'c2')).toMatchObject([{ seq: 2, duplicate: false }]);
  });

  test('because its holder died after the put is found, and is the original', async () => {
    const services = await withLeft(left(1));
    const { remove } = services.inbox;
    services.inbox.remove = () => Promise.reject(new Error('Died.'));
    await expect(appendDrafts(services, ROOM)).rejects.toThrow('Died.');
    services.inbox.remove = remove;
    await once(services);
    expect(framesTo(services, 'c1')).toMatchObject([{ seq: 1, id: 'left-1', duplicate: false }]);
  });

  test('in name only, with other content, is answered by an error', async () => {
    const services = await withLeft(left(1));
    await services.log.put(anEvent({ seq: 1, clientId: 'client-1', content: 'other' }));
    await once(services);
    expect(framesTo(services, 'c1')).toEqual([
      expect.objectContaining({
        type: 'error',
        ref: 'ref-1',
        code: 'client_id_reused',
        room: ROOM,
        retryable: false,
      }),
    ]);
  });
});
