import { describe, expect, test } from '@jest/globals';
import { dynamoEventLog } from '../../../lambdas/aws/event-log.ts';
import type { Draft } from '../../../lambdas/chat/append.ts';
import { appendDrafts } from '../../../lambdas/chat/append-drafts.ts';
import type { RoomEvent } from '../../../lambdas/chat/event.ts';
import { publish, publishAndWait } from '../../../lambdas/chat/publish.ts';
import { memoryTable } from '../../../local/database.ts';
import { START } from '../../fakes/fake-clock.ts';
import { anEvent, said } from '../../fakes/samples.ts';
import { type FakeServices, fakeServices } from '../../fakes/services.ts';
import { contested } from '../../fakes/troubled-event-logs.ts';
import { leaseCalls, ROOM } from './pumped-room.ts';

const draft = (given: Partial<Draft> = {}): Draft => ({
  room: ROOM,
  userId: 'alice',
  sender: 'Alice',
  ...said('hello'),
  clientId: 'c',
  ...given,
});

const bobs = (seq: number) => anEvent({ seq, userId: 'bob' });

/** Services in which others always take the slot first, for so many puts. */
function crowded(times = Number.POSITIVE_INFINITY): FakeServices {
  const services = fakeServices();
  services.log = contested(dynamoEventLog(memoryTable()), bobs, times);
  return services;
}

const all = ({ log }: FakeServices): Promise<RoomEvent[]> => log.readForward(ROOM, 0, 10_000);

const framesTo = ({ gateway }: FakeServices, connectionId: string): unknown[] =>
  gateway.framesTo(connectionId).map((text) => JSON.parse(text));

describe('a writer', () => {
  test('leaves its draft after three lost slots', async () => {
    const services = crowded();
    // Somebody pumps the room: the draft stays for him.
    const now = services.clock.now();
    await services.leases.take(ROOM, 'holder', now, now + 60_000, false);
    const reply = { connectionId: 'c1', ref: 'f1' };
    const sent = await publish(services, draft(), { reply });
    expect(sent).toMatchObject({ searched: 3, fanOut: { by: 'holder' } });
    expect(await services.inbox.read(ROOM, 10)).toEqual([
      { ...draft(), id: 'id-1', searched: 3, leftAt: services.clock.now(), reply },
    ]);
    expect(await services.leases.find(ROOM)).toMatchObject({ drafts: 1, drained: 0 });
    expect(await all(services)).toHaveLength(3);
  });

  test('stores its message itself in the third slot, with the word that the room is crowded', async () => {
    const services = crowded(2);
    const third = { seq: 3, crowded: true };
    expect(await publish(services, draft())).toMatchObject({ event: third });
    expect(await services.inbox.read(ROOM, 10)).toEqual([]);
    const second = await publish(crowded(1), draft());
    expect(second).toMatchObject({ event: { seq: 2 } });
    expect(second).not.toHaveProperty('event.crowded');
  });

  test('that lost its slot to one with that word leaves its draft at once', async () => {
    const services = fakeServices();
    const rival = (seq: number) => ({ ...bobs(seq), crowded: true as const });
    services.log = contested(dynamoEventLog(memoryTable()), rival);
    const now = services.clock.now();
    await services.leases.take(ROOM, 'holder', now, now + 60_000, false);
    expect(await publish(services, draft())).toMatchObject({ searched: 1 });
  });

  test('writes nothing but its draft while somebody puts drafts in the log', async () => {
    const services = crowded();
    const now = services.clock.now();
    await services.leases.take(ROOM, 'holder', now, now + 60_000, true);
    const calls = leaseCalls(services);
    expect(await publish(services, draft())).toMatchObject({ fanOut: { by: 'holder' } });
    expect(calls).toEqual(['find']);
    expect(await services.inbox.read(ROOM, 10)).toHaveLength(1);
  });

  test('is seen although it left its draft after the inbox had been read', async () => {
    const services = crowded(6);
    const { read } = services.inbox;
    let late: Promise<unknown> | undefined;
    services.inbox.read = async (...args) => {
      const drafts = await read(...args);
      late ??= publish(services, draft({ clientId: 'late' }));
      await late;
      return drafts;
    };
    await publish(services, draft());
    await services.relay.run();
    expect((await all(services)).map(({ clientId }) => clientId)).toEqual(
      expect.arrayContaining(['c', 'late']),
    );
    expect(await services.inbox.read(ROOM, 10)).toEqual([]);
  });

  test.each([
    { age: 999, tried: 0 },
    { age: 1_000, tried: 1 },
  ])('tries $tried slots of a room that was crowded $age ms ago', async ({ age, tried }) => {
    const services = fakeServices();
    await services.log.put({ ...bobs(1), at: START, crowded: true });
    services.clock.set(START + age);
    let puts = 0;
    const { put } = services.log;
    services.log.put = (...args) => {
      puts++;
      return put(...args);
    };
    const now = services.clock.now();
    await services.leases.take(ROOM, 'holder', now, now + 60_000, false);
    await publish(services, draft());
    expect(puts).toBe(tried);
    expect(await services.inbox.read(ROOM, 10)).toHaveLength(1 - tried);
  });

  test('that finds the lease free puts its draft in the log itself', async () => {
    const services = crowded(3);
    const sent = await publish(services, draft(), { reply: { connectionId: 'c1', ref: 'f1' } });
    expect(sent).toMatchObject({ fanOut: { by: 'relay' } });
    expect(framesTo(services, 'c1')).toMatchObject([{ type: 'ack', ref: 'f1', seq: 4 }]);
    await services.relay.run();
    expect(await services.leases.find(ROOM)).toMatchObject({ pumped: 4, drafts: 1, drained: 1 });
  });

  test('with a wrong draft leaves nothing', async () => {
    const services = crowded();
    await expect(publish(services, draft({ after: 7 }))).rejects.toMatchObject({
      code: 'after_beyond_head',
    });
    expect(await services.inbox.read(ROOM, 10)).toEqual([]);
  });
});

describe('a sender without a connection', () => {
  /** Somebody holds the lease, and looks into the inbox when the clock shows this. */
  async function heldUntil(at: number): Promise<FakeServices> {
    const services = crowded(3);
    const { clock } = services;
    await services.leases.take(ROOM, 'holder', START, START + 60_000, false);
    const { sleep } = clock;
    clock.sleep = async (ms) => {
      await sleep(ms);
      if (clock.now() >= at) await appendDrafts(services, ROOM);
    };
    return services;
  }

  test('waits until his message stands in the log', async () => {
    const services = await heldUntil(START + 2_000);
    const sent = await publishAndWait(services, draft());
    expect(sent).toMatchObject({ event: { seq: 4, clientId: 'c' }, duplicate: false });
    expect(services.clock.now() - START).toBeLessThan(2_500);
  });

  test('finds it also when he gave it no name', async () => {
    const services = await heldUntil(START + 500);
    const sent = await publishAndWait(services, draft({ clientId: undefined }));
    expect(sent).toMatchObject({ event: { seq: 4, payload: { content: 'hello' } } });
  });

  test('is told that the room is busy after ten seconds', async () => {
    const services = await heldUntil(START + 60_000);
    await expect(publishAndWait(services, draft())).rejects.toMatchObject({
      code: 'room_busy',
      details: { retryAfter: 1 },
    });
    const waited = services.clock.now() - START;
    expect(waited).toBeGreaterThanOrEqual(10_000);
    expect(waited).toBeLessThan(10_500);
    expect(await services.inbox.read(ROOM, 10)).toHaveLength(1);
  });
});
