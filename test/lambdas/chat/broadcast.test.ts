import { describe, expect, test } from '@jest/globals';
import { broadcast } from '../../../lambdas/chat/broadcast.ts';
import type { Connection, Presence } from '../../../lambdas/chat/connection.ts';
import { eventFrames } from '../../../lambdas/chat/event-frames.ts';
import type { ConnectionStore } from '../../../lambdas/chat/ports/connection-store.ts';
import { fakeClock, START, turn } from '../../fakes/fake-clock.ts';
import { fakeConnectionGateway } from '../../fakes/fake-connection-gateway.ts';
import { memoryConnectionStore } from '../../fakes/memory-connection-store.ts';
import { aConnection, anEvent } from '../../fakes/samples.ts';

const event = anEvent();
const frames = eventFrames(event);

/** A room with these connections, old enough to be believed gone. */
async function room(...given: Partial<Connection>[]) {
  const clock = fakeClock();
  const gateway = fakeConnectionGateway();
  const connections = memoryConnectionStore();
  for (const [index, each] of given.entries()) {
    await connections.add(aConnection({ id: `c${index + 1}`, ...each }));
  }
  clock.advance(60_000);
  const deliver = (over: Partial<ConnectionStore> = {}) =>
    broadcast({ connections: { ...connections, ...over }, gateway, clock }).deliver(event);
  return { clock, gateway, connections, deliver };
}

async function idsIn(connections: ConnectionStore, now = START): Promise<string[]> {
  const ids: string[] = [];
  for await (const page of connections.inRoom('lobby', now)) {
    ids.push(...page.map(({ connectionId }) => connectionId));
  }
  return ids;
}

const nobody = { delivered: 0, gone: 0, slow: 0, failed: 0 };

describe('an event', () => {
  test('reaches every connection of its room, on every page, and no other', async () => {
    const inRoom = Array.from({ length: 10 }, (_, index) => ({ userId: `user-${index}` }));
    const { gateway, deliver } = await room(...inRoom, { id: 'elsewhere', homeRoom: 'music' });
    expect(await deliver()).toEqual({ ...nobody, delivered: 10 });
    for (let n = 1; n <= 10; n++) expect(gateway.framesTo(`c${n}`)).toEqual([frames.v1]);
    expect(gateway.posted).not.toContain('elsewhere');
  });

  test('reaches each client in the words that it understands', async () => {
    const { gateway, deliver } = await room({ dialect: 'v1' }, { dialect: 'legacy' });
    await deliver();
    expect(gateway.framesTo('c1')).toEqual([frames.v1]);
    expect(gateway.framesTo('c2')).toEqual([frames.legacy]);
  });

  test('in an empty room reaches nobody', async () => {
    const { deliver } = await room();
    expect(await deliver()).toEqual(nobody);
  });

  test('is kept from connections whose token or whose row has expired', async () => {
    const { clock, gateway, deliver } = await room(
      { authUntil: START + 60_000 },
      { authUntil: START + 60_001 },
      { expiresAt: START + 30_000 },
    );
    expect(clock.now()).toBe(START + 60_000);
    expect(await deliver()).toEqual({ ...nobody, delivered: 1 });
    expect(gateway.posted).toEqual(['c2']);
  });

  test('goes out to two hundred at a time, and everything has ended at the end', async () => {
    const { gateway, deliver } = await room(...Array.from({ length: 450 }, () => ({})));
    expect(await deliver()).toEqual({ ...nobody, delivered: 450 });
    expect(gateway).toMatchObject({ mostAtOnce: 200, underWay: 0 });
  });
});

describe('one connection', () => {
  test('that fails harms no other', async () => {
    const { gateway, connections, deliver } = await room({}, {}, {}, {}, {});
    const fault = new Error('The gateway answered 500.');
    gateway.set('c2', fault);
    expect(await deliver()).toEqual({ ...nobody, delivered: 4, failed: 1, fault });
    expect(await idsIn(connections)).toHaveLength(5);
  });

  test('that is slow is skipped and stays', async () => {
    const { gateway, connections, deliver } = await room({}, {});
    gateway.set('c1', 'slow');
    expect(await deliver()).toEqual({ ...nobody, delivered: 1, slow: 1 });
    expect(gateway.posted).toHaveLength(2);
    expect(await idsIn(connections)).toEqual(['c1', 'c2']);
  });

  test('that has ended is asked after, and every row of it goes', async () => {
    const rooms = new Set(['lobby', 'music']);
    const { gateway, connections, deliver } = await room({ rooms }, { rooms });
    gateway.set('c1', 'gone');
    expect(await deliver()).toEqual({ ...nobody, delivered: 1, gone: 1 });
    expect(gateway.asked).toEqual(['c1']);
    expect(await connections.touch('c1', START)).toBe('gone');
    expect(await idsIn(connections)).toEqual(['c2']);
    expect(await connections.ofUser('alice', START)).toMatchObject([{ connectionId: 'c2' }]);
  });

  test('that has ended goes also where only its presence is left', async () => {
    const { gateway, connections, deliver } = await room({ id: 'c1' }, { id: 'c1', homeRoom: 'x' });
    await connections.remove('c1');
    expect(await idsIn(connections)).toEqual(['c1']);
    gateway.set('c1', 'gone');
    await deliver();
    expect(await idsIn(connections)).toEqual([]);
  });

  test('that got a 410 but lives stays', async () => {
    const { gateway, connections, deliver } = await room({});
    gateway.set('c1', 'gone but open');
    expect(await deliver()).toEqual({ ...nobody, gone: 1 });
    expect(await idsIn(connections)).toEqual(['c1']);
  });

  test.each([
    { age: 9_999, stays: ['c1'] },
    { age: 10_000, stays: [] },
  ])('that got a 410 at the age of $age ms', async ({ age, stays }) => {
    const { gateway, connections, deliver } = await room({ connectedAt: START + 60_000 - age });
    gateway.set('c1', 'gone');
    expect(await deliver()).toEqual({ ...nobody, gone: 1 });
    expect(await idsIn(connections)).toEqual(stays);
  });

  test('of which it cannot be found out whether it lives stays', async () => {
    const { gateway, connections, deliver } = await room({}, {});
    const fault = new Error('The gateway does not answer.');
    const isOpen = gateway.isOpen;
    gateway.isOpen = (id) => (id === 'c1' ? Promise.reject(fault) : isOpen(id));
    gateway.set('c1', 'gone');
    expect(await deliver()).toEqual({ ...nobody, delivered: 1, failed: 1, fault });
    expect(await idsIn(connections)).toEqual(['c1', 'c2']);
  });

  test('that could not be removed harms no other', async () => {
    const { gateway, deliver } = await room({}, {});
    gateway.set('c1', 'gone');
    const fault = new Error('The store is down.');
    const remove = () => Promise.reject(fault);
    expect(await deliver({ remove })).toEqual({ ...nobody, delivered: 1, failed: 1, fault });
  });
});

describe('a list of connections that breaks off', () => {
  const presence = (connectionId: string): Presence => ({
    connectionId,
    dialect: 'v1',
    connectedAt: START,
    authUntil: START + 300_000,
  });
  const fault = new Error('The second page could not be read.');

  async function* onePage() {
    yield [presence('c1'), presence('c2')];
    await turn();
    throw fault;
  }

  test('reaches whom it named, and is told', async () => {
    const { gateway, deliver } = await room();
    const report = await deliver({ inRoom: onePage });
    expect(report).toEqual({ ...nobody, delivered: 2, failed: 1, fault });
    expect(gateway.underWay).toBe(0);
  });
});
