import { describe, expect, test } from '@jest/globals';
import { auditRoom } from '../../../lambdas/chat/audit.ts';
import { START } from '../../fakes/fake-clock.ts';
import { said } from '../../fakes/samples.ts';
import type { FakeServices } from '../../fakes/services.ts';
import { aRoomWith, heard, leaseCalls, ROOM, stored, taken } from './pumped-room.ts';

const EVENT = new Set(['event'] as const);
const DRAFT = new Set(['draft'] as const);

const leaveDraft = ({ inbox }: FakeServices) =>
  inbox.enqueue({
    room: ROOM,
    userId: 'alice',
    sender: 'Alice',
    ...said('hello'),
    clientId: 'c',
    id: 'left-1',
    searched: 0,
    leftAt: START,
    reply: { connectionId: 'c1', ref: 'f1' },
  });

describe('the audit', () => {
  test('finds a room pumped, and leaves it in peace', async () => {
    const services = await aRoomWith([{}]);
    await services.fanOut.deliver(await stored(services, 1));
    const calls = leaseCalls(services);
    expect(await auditRoom(services, ROOM, EVENT)).toBe('pumped');
    expect(new Set(calls)).toEqual(new Set(['find']));
    expect(services.gateway.posted).toEqual(['c1']);
  });

  test('pumps a room whose writer died after its put', async () => {
    const services = await aRoomWith([{}]);
    await stored(services, 1);
    expect(await auditRoom(services, ROOM, EVENT)).toBe('rescued');
    expect(heard(services, 'c1')).toEqual([1]);
  });

  test('sees to the end what it had to hand on', async () => {
    const services = await aRoomWith([{}]);
    await stored(services, 1, 2, 3);
    const { sleep } = services.clock;
    services.clock.sleep = async (ms) => {
      await services.relay.run();
      await sleep(ms);
    };
    expect(await auditRoom(services, ROOM, EVENT)).toBe('rescued');
    expect(heard(services, 'c1')).toEqual([1, 2, 3]);
  });

  test('waits until a dead holder’s lease has run out', async () => {
    const services = await aRoomWith([{}]);
    const begun = services.clock.now();
    await taken(services, 'dead');
    await stored(services, 1);
    expect(await auditRoom(services, ROOM, EVENT)).toBe('rescued');
    expect(heard(services, 'c1')).toEqual([1]);
    const waited = services.clock.now() - begun;
    expect(waited).toBeGreaterThanOrEqual(15_000);
    expect(waited).toBeLessThan(17_000);
  });

  test('does not take for a rescue what a living holder does meanwhile', async () => {
    const services = await aRoomWith([{}]);
    const lease = await taken(services, 'alive');
    await stored(services, 1);
    const { sleep } = services.clock;
    services.clock.sleep = async (ms) => {
      await services.leases.advance(lease, { ...lease, pumped: 1 }, services.clock.now() + 15_000);
      await sleep(ms);
    };
    expect(await auditRoom(services, ROOM, EVENT)).toBe('pumped');
    expect(services.gateway.posted).toEqual([]);
  });

  test('leaves a room to the writer who gets there a moment later', async () => {
    const services = await aRoomWith([{}]);
    const event = await stored(services, 1);
    const { sleep } = services.clock;
    services.clock.sleep = async (ms) => {
      await services.fanOut.deliver(event);
      await sleep(ms);
    };
    expect(await auditRoom(services, ROOM, EVENT)).toBe('pumped');
    expect(services.gateway.posted).toEqual(['c1']);
  });

  test('puts a draft in the log whose writer died before waking anyone', async () => {
    const services = await aRoomWith([{}]);
    await leaveDraft(services);
    expect(await services.leases.find(ROOM)).toMatchObject({ drafts: 0 });
    expect(await auditRoom(services, ROOM, DRAFT)).toBe('rescued');
    expect(await services.inbox.read(ROOM, 10)).toEqual([]);
    expect(await services.log.head(ROOM)).toMatchObject({ seq: 1 });
    expect(services.gateway.framesTo('c1').map((text) => JSON.parse(text).type)).toEqual([
      'ack',
      'chat_message',
    ]);
  });

  test('does so also when a dead holder stands before it', async () => {
    const services = await aRoomWith([{}]);
    await taken(services, 'dead');
    await leaveDraft(services);
    expect(await auditRoom(services, ROOM, DRAFT)).toBe('rescued');
    expect(await services.log.head(ROOM)).toMatchObject({ seq: 1 });
  });

  test('says that a room is behind when its patience ends', async () => {
    const services = await aRoomWith([{}]);
    const begun = services.clock.now();
    await stored(services, 1);
    const lease = await taken(services, 'stuck');
    const { sleep } = services.clock;
    services.clock.sleep = async (ms) => {
      await services.leases.advance(lease, lease, services.clock.now() + 15_000);
      await sleep(ms);
    };
    expect(await auditRoom(services, ROOM, EVENT)).toBe('behind');
    const waited = services.clock.now() - begun;
    expect(waited).toBeGreaterThanOrEqual(20_000);
    expect(waited).toBeLessThan(21_000);
  });

  test('does not trust that the lease was pumped by one who could not', async () => {
    const services = await aRoomWith([{}]);
    await stored(services, 1, 2);
    const { readForward } = services.log;
    let faults = 3;
    services.log.readForward = (...args) =>
      faults-- > 0 ? Promise.reject(new Error('The log is down.')) : readForward(...args);
    expect(await auditRoom(services, ROOM, EVENT)).not.toBe('behind');
    await services.relay.run();
    expect(heard(services, 'c1')).toEqual([1, 2]);
  });
});
