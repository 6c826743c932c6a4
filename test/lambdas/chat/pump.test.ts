import { describe, expect, test } from '@jest/globals';
import { roomPump } from '../../../lambdas/chat/pump.ts';
import type { PumpBudget } from '../../../lambdas/chat/pump-budget.ts';
import { anEvent } from '../../fakes/samples.ts';
import type { FakeServices } from '../../fakes/services.ts';
import { aRoomWith, before, heard, leaseCalls, ROOM, stored, taken } from './pumped-room.ts';

const nobody = { delivered: 0, gone: 0, slow: 0, failed: 0 };

/** A pump that may take its time. */
const patient = (services: FakeServices, given: Partial<PumpBudget> = {}) =>
  roomPump(services, () => ({
    rounds: 10,
    members: 1_000,
    deadline: Number.POSITIVE_INFINITY,
    ...given,
  }));

const pumpedTo = async ({ leases }: FakeServices) => (await leases.find(ROOM)).pumped;

describe('a quiet room', () => {
  test('costs two writes of the lease and no read of the log for a message', async () => {
    const services = await aRoomWith([{}, { dialect: 'legacy' }]);
    const event = await stored(services, 1);
    const calls = leaseCalls(services);
    let reads = 0;
    const { log } = services;
    services.log = {
      ...log,
      readForward: (...args) => {
        reads++;
        return log.readForward(...args);
      },
    };
    expect(await services.fanOut.deliver(event)).toEqual({ ...nobody, by: 'self', delivered: 2 });
    expect(calls).toEqual(['take', 'release']);
    expect(reads).toBe(0);
    expect(services.gateway.posted.toSorted()).toEqual(['c1', 'c2']);
    expect(await pumpedTo(services)).toBe(1);
    expect(await taken(services)).toMatchObject({ pumped: 1, members: 2 });
  });

  test('is woken without an event at the price of one read', async () => {
    const services = await aRoomWith([{}]);
    await stored(services, 1);
    const calls = leaseCalls(services);
    expect(await services.fanOut.wake(ROOM, false)).toMatchObject({ by: 'self', delivered: 1 });
    expect(calls).toEqual(['take', 'release']);
  });

  test('is not told twice what has been pumped', async () => {
    const services = await aRoomWith([{}]);
    const event = await stored(services, 1);
    await services.fanOut.deliver(event);
    expect(await services.fanOut.deliver(event)).toEqual({ ...nobody, by: 'self' });
    expect(heard(services, 'c1')).toEqual([1]);
    expect(await pumpedTo(services)).toBe(1);
  });
});

describe('a lease that is held', () => {
  test('is marked, and that is all that the writer does', async () => {
    const services = await aRoomWith([{}]);
    await taken(services);
    const calls = leaseCalls(services);
    const report = await services.fanOut.deliver(await stored(services, 1));
    expect(report).toEqual({ ...nobody, by: 'holder' });
    expect(calls).toEqual(['take', 'mark']);
    expect(services.gateway.posted).toEqual([]);
  });

  test('has its holder bring what came while it posted', async () => {
    const services = await aRoomWith([{}]);
    const { gateway } = services;
    const { post } = gateway;
    let second: Promise<unknown> | undefined;
    gateway.post = async (...args) => {
      second ??= stored(services, 2).then((event) => services.fanOut.deliver(event));
      expect(await second).toEqual({ ...nobody, by: 'holder' });
      return await post(...args);
    };
    const report = await patient(services).deliver(await stored(services, 1));
    expect(report).toEqual({ ...nobody, by: 'self', delivered: 2 });
    expect(heard(services, 'c1')).toEqual([1, 2]);
    expect(await pumpedTo(services)).toBe(2);
  });

  test('is not given up when it was marked after the last read', async () => {
    const services = await aRoomWith([{}]);
    before(services, 'release', async () => {
      await services.fanOut.deliver(await stored(services, 2));
    });
    expect(await patient(services).deliver(await stored(services, 1))).toMatchObject({
      by: 'self',
      delivered: 2,
    });
    expect(heard(services, 'c1')).toEqual([1, 2]);
  });

  test('is tried again when it is given up between take and mark', async () => {
    const services = await aRoomWith([{}]);
    const other = await taken(services);
    const { mark } = services.leases;
    services.leases.mark = async (...args) => {
      await services.leases.release(other, other);
      return await mark(...args);
    };
    expect(await services.fanOut.deliver(await stored(services, 1))).toMatchObject({ by: 'self' });
    expect(heard(services, 'c1')).toEqual([1]);
  });

  test('is not tried for ever', async () => {
    const services = await aRoomWith([{}]);
    services.leases.take = async () => 'held';
    services.leases.mark = async () => 'free';
    const calls = leaseCalls(services);
    expect(await services.fanOut.deliver(anEvent())).toEqual({ ...nobody, by: 'nobody' });
    expect(calls).toHaveLength(20);
  });

  test('is taken over once it has run out', async () => {
    const services = await aRoomWith([{}]);
    await taken(services);
    const event = await stored(services, 1);
    services.clock.advance(14_999);
    expect(await services.fanOut.deliver(event)).toMatchObject({ by: 'holder' });
    services.clock.advance(1);
    expect(await services.fanOut.deliver(event)).toMatchObject({ by: 'self', delivered: 1 });
  });
});

describe('a round', () => {
  test('whose connections can’t be read is not over: who comes next posts it again', async () => {
    const services = await aRoomWith([{ dialect: 'legacy' }]);
    const { connections } = services;
    services.connections = {
      ...connections,
      // biome-ignore lint/correctness/useYield: it fails before there is anything to yield
      async *inShard() {
        throw new Error('throttled');
      },
    };
    const report = await services.fanOut.deliver(await stored(services, 1));
    expect(report).toMatchObject({ delivered: 0, failed: 1 });
    expect(await services.leases.find(ROOM)).toMatchObject({ pumped: 0 });

    services.connections = connections;
    services.clock.advance(1);
    expect(await services.fanOut.wake(ROOM, false)).toMatchObject({ by: 'self', delivered: 1 });
    expect(await services.leases.find(ROOM)).toMatchObject({ pumped: 1 });
  });

  test('takes along what writers left behind that died', async () => {
    const services = await aRoomWith([{}]);
    await services.fanOut.deliver(await stored(services, 1, 2, 3));
    expect(heard(services, 'c1')).toEqual([1, 2, 3]);
    expect(await pumpedTo(services)).toBe(3);
  });

  test('is one frame for who understands it, and one for each message for who does not', async () => {
    const services = await aRoomWith([{}, { dialect: 'legacy' }]);
    await services.fanOut.deliver(await stored(services, 1, 2, 3, 4, 5));
    const { gateway } = services;
    expect(gateway.framesTo('c1').map((text) => JSON.parse(text).type)).toEqual(['events']);
    expect(gateway.framesTo('c2').map((text) => JSON.parse(text).content)).toEqual(
      [1, 2, 3, 4, 5].map((seq) => `message ${seq}`),
    );
  });

  test('of more than a page is followed by another', async () => {
    const services = await aRoomWith([{}]);
    const seqs = Array.from({ length: 201 }, (_, index) => index + 1);
    const report = await patient(services).deliver(await stored(services, ...seqs));
    expect(report).toMatchObject({ by: 'self', delivered: 2 });
    expect(heard(services, 'c1')).toEqual(seqs);
  });
});

describe('events that are too long for one round', () => {
  test('go out in several, and are read once', async () => {
    const services = await aRoomWith([{}]);
    const content = '"'.repeat(8_000);
    for (let seq = 1; seq <= 12; seq++) await services.log.put(anEvent({ seq, content }));
    let reads = 0;
    const { log } = services;
    services.log = {
      ...log,
      readForward: (...args) => {
        reads++;
        return log.readForward(...args);
      },
    };
    const calls = leaseCalls(services);
    await patient(services).wake(ROOM, false);
    expect(heard(services, 'c1')).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
    expect(calls.filter((call) => call === 'advance').length).toBeGreaterThan(2);
    // Once more at the end, to see whether anything has come.
    expect(reads).toBe(2);
  });

  test('are followed by what was not read with them, also when one was left over', async () => {
    const services = await aRoomWith([{}]);
    // A page of them: all but the last fit in a round.
    for (let seq = 1; seq <= 199; seq++) {
      await services.log.put(anEvent({ seq, content: 'x'.repeat(200) }));
    }
    await services.log.put(anEvent({ seq: 200, content: '"'.repeat(8_000) }));
    await services.log.put(anEvent({ seq: 201 }));
    await patient(services).wake(ROOM, false);
    expect(heard(services, 'c1').slice(-3)).toEqual([199, 200, 201]);
    expect(await pumpedTo(services)).toBe(201);
  });
});
