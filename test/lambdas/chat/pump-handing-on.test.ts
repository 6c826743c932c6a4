import { describe, expect, test } from '@jest/globals';
import { resumePump, roomPump } from '../../../lambdas/chat/pump.ts';
import { type PumpBudget, relayBudget } from '../../../lambdas/chat/pump-budget.ts';
import type { FakeServices } from '../../fakes/services.ts';
import { aRoomWith, before, heard, leaseWas, ROOM, stored, taken } from './pumped-room.ts';

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

describe('what is too much for a sender’s own function', () => {
  test('is handed on after one round, and pumped to the end by who claims it', async () => {
    const services = await aRoomWith([{}]);
    const report = await services.fanOut.deliver(await stored(services, 1, 2));
    expect(report).toEqual({ ...nobody, by: 'relay', delivered: 1 });
    expect(services.relay.handOns).toMatchObject([{ room: ROOM }]);
    await stored(services, 3);
    expect(await services.relay.run()).toEqual([{ ...nobody, by: 'self', delivered: 1 }]);
    expect(heard(services, 'c1')).toEqual([1, 2, 3]);
    expect(await taken(services)).toMatchObject({ pumped: 3 });
  });

  test.each([
    { members: 200, posted: 1 },
    { members: 201, posted: 0 },
  ])('is a room of $members: $posted posts of its own', async ({ members, posted }) => {
    const services = await aRoomWith([{}]);
    await leaseWas(services, { members });
    await services.fanOut.deliver(await stored(services, 1));
    expect(services.gateway.posted).toHaveLength(posted);
    expect(services.relay.handOns).toHaveLength(1 - posted);
    await services.relay.run();
    expect(heard(services, 'c1')).toEqual([1]);
  });

  test('is handed on before a round that begins too late', async () => {
    const services = await aRoomWith([{}]);
    const { post } = services.gateway;
    services.gateway.post = (...args) => {
      services.clock.advance(1_000);
      return post(...args);
    };
    const pump = patient(services, { deadline: services.clock.now() + 1_000 });
    const report = await pump.deliver(await stored(services, 1, 2));
    expect(report).toMatchObject({ by: 'relay', delivered: 1 });
    expect(services.relay.handOns).toHaveLength(1);
  });

  test('is pumped by itself when it can’t be handed on', async () => {
    const services = await aRoomWith([{}]);
    const fault = new Error('Lambda answered 429.');
    services.relay.fail(fault);
    const report = await services.fanOut.deliver(await stored(services, 1, 2));
    expect(report).toEqual({ ...nobody, by: 'self', delivered: 1, fault });
    expect(heard(services, 'c1')).toEqual([1, 2]);
    expect(await taken(services)).toMatchObject({ pumped: 2 });
  });
});

describe('a room that was handed on', () => {
  /** A room whose lease waits for whoever brings the ticket. */
  async function handedOn(): Promise<{ services: FakeServices; ticket: string }> {
    const services = await aRoomWith([{}]);
    const { owner: ticket } = await taken(services);
    await stored(services, 1, 2);
    return { services, ticket };
  }

  test('is pumped by the first who claims it, and by no other', async () => {
    const { services, ticket } = await handedOn();
    const budget = relayBudget(services.clock, 900_000);
    const reports = await Promise.all([
      resumePump(services, ROOM, ticket, budget),
      resumePump(services, ROOM, ticket, budget),
    ]);
    expect(reports).toEqual([
      { ...nobody, by: 'self', delivered: 1 },
      { ...nobody, by: 'nobody' },
    ]);
    expect(await resumePump(services, ROOM, ticket, budget)).toEqual({ ...nobody, by: 'nobody' });
    expect(heard(services, 'c1')).toEqual([1, 2]);
  });

  test('is handed on again when little time is left, but not before a round', async () => {
    const { services, ticket } = await handedOn();
    const { clock, relay } = services;
    const late = await resumePump(services, ROOM, ticket, relayBudget(clock, 15_000));
    expect(late).toEqual({ ...nobody, by: 'relay', delivered: 1 });
    expect(relay.handOns).toHaveLength(1);
    expect(relay.handOns[0]?.ticket).not.toBe(ticket);
    expect(await relay.run()).toMatchObject([{ by: 'self', delivered: 0 }]);
    expect(heard(services, 'c1')).toEqual([1, 2]);
  });

  test('keeps its lease for as long as its rounds take', async () => {
    const { services, ticket } = await handedOn();
    const { clock, gateway } = services;
    const { post } = gateway;
    gateway.post = async (...args) => {
      clock.advance(10_000);
      const { seq } = await services.log.head(ROOM);
      if (seq < 6) await stored(services, seq + 1, seq + 2);
      return await post(...args);
    };
    const report = await resumePump(services, ROOM, ticket, relayBudget(clock, 900_000));
    expect(report).toMatchObject({ by: 'self', delivered: 3, slow: 0 });
    expect(heard(services, 'c1')).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe('a pump that', () => {
  test('has lost its lease stops', async () => {
    const services = await aRoomWith([{}]);
    before(services, 'advance', async () => {
      services.clock.advance(15_000);
      await taken(services, 'the next');
      await stored(services, 3);
    });
    const report = await patient(services).deliver(await stored(services, 1, 2));
    expect(report).toEqual({ ...nobody, by: 'self', delivered: 1 });
    expect(heard(services, 'c1')).toEqual([1, 2]);
    expect(await pumpedTo(services)).toBe(0);
    expect(await services.leases.claim(ROOM, 'the next', 'me', 0)).not.toBe('lost');
  });

  test('fails gives the lease up, so that the next may take it', async () => {
    const services = await aRoomWith([{}]);
    const { readForward } = services.log;
    const fault = new Error('The log is down.');
    services.log.readForward = () => Promise.reject(fault);
    const report = await services.fanOut.deliver(await stored(services, 1, 2));
    expect(report).toEqual({ ...nobody, by: 'self', failed: 1, fault });
    expect(await pumpedTo(services)).toBe(0);

    services.log.readForward = readForward;
    await services.fanOut.wake(ROOM, false);
    expect(heard(services, 'c1')).toEqual([1, 2]);
  });

  test('can’t give its lease up reports the fault that came first', async () => {
    const services = await aRoomWith([{}]);
    const fault = new Error('The table is down.');
    services.log.readForward = () => Promise.reject(fault);
    services.leases.release = () => Promise.reject(new Error('Still down.'));
    const report = await services.fanOut.deliver(await stored(services, 1, 2));
    expect(report).toEqual({ ...nobody, by: 'self', failed: 1, fault });
  });

  test('can’t even take the lease throws nothing', async () => {
    const services = await aRoomWith([{}]);
    const fault = new Error('The table is down.');
    services.leases.take = () => Promise.reject(fault);
    const report = await services.fanOut.deliver(await stored(services, 1));
    expect(report).toEqual({ ...nobody, by: 'nobody', failed: 1, fault });
  });
});
