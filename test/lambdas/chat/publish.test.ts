import { describe, expect, test } from '@jest/globals';
import {
  type Published,
  publish,
  publishAndWait,
  type Queued,
  requireJoined,
} from '../../../lambdas/chat/publish.ts';
import { aConnection, anEvent, said } from '../../fakes/samples.ts';
import { type FakeServices, fakeServices } from '../../fakes/services.ts';
import { contested } from '../../fakes/troubled-event-logs.ts';

const draft = { room: 'lobby', userId: 'alice', sender: 'Alice', clientId: 'c', ...said('hello') };

/** A room with one connection. */
async function aRoom(): Promise<FakeServices> {
  const services = fakeServices();
  await services.connections.add(aConnection());
  return services;
}

/** The room's newest event says that many write to it. */
async function aCrowdedRoom(): Promise<FakeServices> {
  const services = await aRoom();
  const at = services.clock.now();
  await services.log.put(
    anEvent({ seq: 1, userId: 'bob', at, crowded: true }),
    anEvent({ seq: 2, userId: 'bob', at, crowded: true }),
  );
  return services;
}

function stored(sent: Published | Queued): Published {
  if ('event' in sent) return sent;
  throw new Error('It was left in the inbox.');
}

describe('a message that is sent', () => {
  test('is stored, then brought to the room', async () => {
    const services = await aRoom();
    const sent = await publish(services, draft);
    expect(sent).toMatchObject({
      duplicate: false,
      event: { seq: 1 },
      fanOut: { by: 'self', delivered: 1 },
    });
    const [frame = ''] = services.gateway.framesTo(aConnection().id);
    expect(JSON.parse(frame)).toMatchObject({ content: 'hello', seq: 1, clientId: 'c' });
  });

  test('is brought to the room once, however often it is sent', async () => {
    const services = await aRoom();
    await publish(services, draft);
    const again = stored(await publish(services, draft));
    expect(again).toMatchObject({ duplicate: true, event: { seq: 1 } });
    expect(again.fanOut).toBeUndefined();
    expect(services.gateway.posted).toHaveLength(1);
  });

  test('is brought to nobody when it could not be stored', async () => {
    const services = await aRoom();
    services.log.put = () => Promise.reject(new Error('The log is down.'));
    await expect(publish(services, draft)).rejects.toThrow('The log is down.');
    expect(services.gateway.posted).toEqual([]);
  });

  test('is stored although it could be brought to nobody', async () => {
    const services = await aRoom();
    const fault = new Error('The store is down.');
    services.leases.take = () => Promise.reject(fault);
    const sent = await publish(services, draft);
    expect(sent).toMatchObject({ event: { seq: 1 }, fanOut: { by: 'nobody', failed: 1, fault } });
  });
});

describe('a message to a room in which many write', () => {
  test('is left in the inbox after three slots, with where its sender is answered', async () => {
    const services = await aRoom();
    const rivals = contested(services.log, (seq) => anEvent({ seq, userId: 'bob' }), 3);
    services.log = { ...services.log, put: rivals.put };
    await services.leases.take(
      'lobby',
      'holder',
      services.clock.now(),
      Number.MAX_SAFE_INTEGER,
      false,
    );
    const reply = { connectionId: 'c1', ref: 'r' };
    const sent = await publish(services, { ...draft, after: 0 }, { reply });
    expect(sent).toMatchObject({ searched: 3, fanOut: { by: 'holder' } });
    expect(await services.inbox.read('lobby', 10)).toEqual([
      { ...draft, after: 0, id: 'id-1', searched: 3, leftAt: services.clock.now(), reply },
    ]);
    expect(await services.leases.find('lobby')).toMatchObject({ drafts: 1, drained: 0 });
    expect(services.gateway.posted).toEqual([]);
  });

  test('is put into the log by its writer, if nobody else is there to do it', async () => {
    const services = await aCrowdedRoom();
    const reply = { connectionId: aConnection().id, ref: 'r' };
    const sent = await publish(services, draft, { reply });
    expect(sent).toMatchObject({ searched: 2, fanOut: { by: 'relay' } });
    expect(await services.log.readForward('lobby', 2, 10)).toMatchObject([
      { seq: 3, id: 'id-1', clientId: 'c', payload: { content: 'hello' } },
    ]);
    const frames = services.gateway.framesTo(aConnection().id).map((frame) => JSON.parse(frame));
    expect(frames).toContainEqual(expect.objectContaining({ type: 'ack', ref: 'r', seq: 3 }));
    // Its writer doesn't stay with a room in which several wrote at once.
    await services.relay.run();
    expect(await services.leases.find('lobby')).toMatchObject({ pumped: 3, drained: 1 });
  });

  test('gets an id of its own where the client has none', async () => {
    const services = await aCrowdedRoom();
    services.fanOut.wake = async () => ({
      by: 'holder',
      delivered: 0,
      gone: 0,
      slow: 0,
      failed: 0,
    });
    await publish(services, { ...draft, clientId: undefined });
    expect(await services.inbox.read('lobby', 10)).toMatchObject([
      { id: 'id-1', clientId: 'id-1' },
    ]);
  });

  test('is a duplicate, and not left, if it is in the log', async () => {
    const services = await aCrowdedRoom();
    const original = { seq: 3, userId: 'alice', clientId: 'c', payload: { content: 'hello' } };
    await services.log.put(anEvent(original), anEvent({ seq: 4, userId: 'bob' }));
    const sent = await publish(services, draft);
    expect(sent).toMatchObject({ duplicate: true, event: { seq: 3 } });
    expect(await services.inbox.read('lobby', 10)).toEqual([]);
  });
});

describe('a sender who waits', () => {
  /** The holder of the lease is somebody else, who does this when a tenth of a second has gone. */
  async function heldRoom(then: (services: FakeServices) => Promise<unknown>) {
    const services = await aCrowdedRoom();
    await services.leases.take(
      'lobby',
      'holder',
      services.clock.now(),
      Number.MAX_SAFE_INTEGER,
      false,
    );
    const { sleep } = services.clock;
    services.clock.sleep = async (ms) => {
      await sleep(ms);
      await then(services);
    };
    return services;
  }

  test('gets what was stored at once', async () => {
    const services = await aRoom();
    const start = services.clock.now();
    const sent = await publishAndWait(services, draft);
    expect(sent).toMatchObject({ duplicate: false, event: { seq: 1 } });
    expect(services.clock.now() - start).toBeLessThan(100);
  });

  test('gets his message when it stands in the log, also behind those of others', async () => {
    let looks = 0;
    const services = await heldRoom(async ({ inbox, log }) => {
      looks++;
      const [left] = await inbox.read('lobby', 1);
      if (looks === 1) await log.put(anEvent({ seq: 3, userId: 'bob', clientId: 'c' }));
      if (looks === 3 && left) await log.put(anEvent({ ...left, seq: 4 }));
    });
    const sent = await publishAndWait(services, draft);
    expect(sent).toMatchObject({ duplicate: false, event: { seq: 4, id: 'id-1' } });
    expect(sent.fanOut).toMatchObject({ by: 'holder' });
    expect(services.clock.sleeps).toHaveLength(3);
  });

  test('finds it also without a clientId of his own', async () => {
    const services = await heldRoom(async ({ inbox, log }) => {
      const [left] = await inbox.read('lobby', 1);
      if (left) await log.put(anEvent({ ...left, seq: 3 }));
    });
    const sent = await publishAndWait(services, { ...draft, clientId: undefined });
    expect(sent).toMatchObject({ event: { seq: 3, payload: { content: 'hello' } } });
  });

  test('is told after ten seconds that the room is busy', async () => {
    const services = await heldRoom(async () => {});
    const start = services.clock.now();
    await expect(publishAndWait(services, draft)).rejects.toMatchObject({
      code: 'room_busy',
      details: { retryAfter: 1 },
    });
    expect(services.clock.now() - start).toBe(10_000);
    expect(await services.inbox.read('lobby', 10)).toHaveLength(1);
  });
});

describe('a connection', () => {
  test('speaks in the rooms that it is in, and in no other', () => {
    const rooms = new Map([
      ['lobby', 0],
      ['music', 1],
    ]);
    const connection = aConnection({ rooms });
    expect(() => requireJoined(connection, 'music')).not.toThrow();
    expect(() => requireJoined(connection, 'Music')).toThrow(
      expect.objectContaining({ code: 'not_joined' }),
    );
  });
});
