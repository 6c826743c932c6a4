import { describe, expect, test } from '@jest/globals';
import { dynamoConnectionStore } from '../../../lambdas/aws/connection-store.ts';
import type { Connection, Presence } from '../../../lambdas/chat/connection.ts';
import type { ConnectionStore } from '../../../lambdas/chat/ports/connection-store.ts';
import { type PostPorts, postShard, type ShardTask } from '../../../lambdas/chat/post-shard.ts';
import { memoryTable } from '../../../local/database.ts';
import { fakeClock, START, turn } from '../../fakes/fake-clock.ts';
import { fakeConnectionGateway } from '../../fakes/fake-connection-gateway.ts';
import { fakeRandom } from '../../fakes/fake-random.ts';
import { aConnection } from '../../fakes/samples.ts';

/** When the round begins: connections of START are old enough then to be believed gone. */
const NOW = START + 60_000;

const aTask = (given: Partial<ShardTask> = {}): ShardTask => ({
  room: 'lobby',
  shard: 0,
  frames: { legacy: ['one', 'two', 'three'], v1: ['one to three'] },
  until: NOW + 11_000,
  // No pauses but those that a test is about.
  postsPerSecond: Number.POSITIVE_INFINITY,
  ...given,
});

/** A room with these connections. */
async function room(...given: Partial<Connection>[]) {
  const clock = fakeClock();
  const gateway = fakeConnectionGateway();
  const connections = dynamoConnectionStore(memoryTable());
  for (const [index, each] of given.entries()) {
    await connections.add(aConnection({ id: `c${index + 1}`, ...each }));
  }
  clock.set(NOW);
  const ports = { clock, gateway, connections, random: fakeRandom() };
  const post = (task: Partial<ShardTask> = {}, over: Partial<PostPorts> = {}) =>
    postShard({ ...ports, ...over }, aTask(task));
  return { ...ports, post };
}

async function idsIn(connections: ConnectionStore, shard = 0): Promise<string[]> {
  const ids: string[] = [];
  for await (const page of connections.inShard('lobby', shard, START)) {
    ids.push(...page.map(({ connectionId }) => connectionId));
  }
  return ids;
}

const nobody = { members: 0, delivered: 0, gone: 0, slow: 0, failed: 0 };
const many = (count: number): Partial<Connection>[] => Array.from({ length: count }, () => ({}));

describe('a round of frames', () => {
  test('reaches every connection of its shard, on every page, and no other', async () => {
    const { gateway, post } = await room(
      ...many(10),
      { id: 'in another shard', rooms: new Map([['lobby', 1]]) },
      { id: 'in another room', homeRoom: 'music' },
    );
    expect(await post()).toEqual({ ...nobody, members: 10, delivered: 10 });
    for (let n = 1; n <= 10; n++) expect(gateway.framesTo(`c${n}`)).toEqual(['one to three']);
    expect(gateway.posted).toHaveLength(10);
    expect(await post({ shard: 1 })).toEqual({ ...nobody, members: 1, delivered: 1 });
    expect(gateway.posted.at(-1)).toBe('in another shard');
  });

  test('reaches each client in the words that it understands, in order', async () => {
    const { gateway, post } = await room({ dialect: 'v1' }, { dialect: 'legacy' });
    expect(await post()).toEqual({ ...nobody, members: 2, delivered: 2 });
    expect(gateway.framesTo('c1')).toEqual(['one to three']);
    expect(gateway.framesTo('c2')).toEqual(['one', 'two', 'three']);
  });

  test('has one frame at a time under way to each connection', async () => {
    const { gateway, post } = await room({ dialect: 'legacy' });
    await post();
    expect(gateway.mostAtOnce).toBe(1);
  });

  test('in an empty room reaches nobody', async () => {
    const { post } = await room();
    expect(await post()).toEqual(nobody);
  });

  test('goes to two hundred at a time, and everything has ended at the end', async () => {
    const { gateway, post } = await room(...many(450));
    expect(await post()).toEqual({ ...nobody, members: 450, delivered: 450 });
    expect(gateway).toMatchObject({ mostAtOnce: 200, underWay: 0 });
  });

  test('tells in plain data what came of it', async () => {
    const { post } = await room(...many(3));
    const report = await post(JSON.parse(JSON.stringify(aTask({ postsPerSecond: 5_000 }))));
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });
});

describe('a token or a row that has expired', () => {
  test('keeps frames from its connection', async () => {
    const { gateway, post } = await room(
      { authUntil: NOW },
      { authUntil: NOW + 1 },
      { expiresAt: START + 30_000 },
    );
    expect(await post()).toEqual({ ...nobody, members: 2, delivered: 1, slow: 1 });
    expect(gateway.posted).toEqual(['c2']);
  });

  test('while its frames are posted keeps the rest from it', async () => {
    const { clock, gateway, post } = await room({ dialect: 'legacy', authUntil: NOW + 20 });
    const { post: send } = gateway;
    gateway.post = async (...args) => {
      clock.advance(10);
      return await send(...args);
    };
    expect(await post()).toEqual({ ...nobody, members: 1, slow: 1 });
    expect(gateway.framesTo('c1')).toEqual(['one', 'two']);
  });

  test('takes nothing from the rate of the others', async () => {
    const expired = Array.from({ length: 50 }, () => ({ authUntil: NOW }));
    const { clock, post } = await room(...expired, {});
    expect(await post({ postsPerSecond: 10 })).toMatchObject({ delivered: 1, slow: 50 });
    expect(clock.now()).toBeLessThanOrEqual(NOW + 100);
  });
});

describe('after a failed frame', () => {
  test.each([
    ['slow', { slow: 1 }],
    ['gone', { gone: 1 }],
    ['gone but open', { gone: 1 }],
  ] as const)('that was %s its connection gets no later one', async (behaviour, counted) => {
    const { gateway, post } = await room({ dialect: 'legacy' }, { dialect: 'legacy' });
    gateway.next('c1', 'delivered', behaviour);
    expect(await post()).toEqual({ ...nobody, members: 2, delivered: 1, ...counted });
    expect(gateway.framesTo('c1')).toEqual(['one']);
    expect(gateway.framesTo('c2')).toEqual(['one', 'two', 'three']);
  });

  test('that was a fault its connection gets no later one, and others get all', async () => {
    const { gateway, connections, post } = await room(...many(5), { dialect: 'legacy' });
    const fault = new Error('The gateway answered 500.');
    gateway.set('c2', fault);
    gateway.next('c6', 'delivered', new Error('A later fault.'));
    expect(await post()).toEqual({ ...nobody, members: 6, delivered: 4, failed: 2, fault });
    expect(gateway.framesTo('c6')).toEqual(['one']);
    expect(await idsIn(connections)).toHaveLength(6);
  });

  test('that was slow its connection stays in the room', async () => {
    const { gateway, connections, post } = await room({}, {});
    gateway.set('c1', 'slow');
    await post();
    expect(await idsIn(connections)).toEqual(['c1', 'c2']);
  });
});

describe('a throttled post', () => {
  test('is tried again after pauses by chance, and no frame comes twice or out of order', async () => {
    const { clock, gateway, post } = await room({ dialect: 'legacy' });
    gateway.next('c1', 'delivered', 'throttled', 'throttled', 'throttled', 'delivered');
    expect(await post()).toEqual({ ...nobody, members: 1, delivered: 1 });
    expect(gateway.framesTo('c1')).toEqual(['one', 'two', 'three']);
    const random = fakeRandom();
    expect(clock.sleeps).toEqual([100, 200, 400].map((most) => random.fraction() * most));
  });

  test('is given up after three more, and then its connection is slow', async () => {
    const { clock, gateway, connections, post } = await room({ dialect: 'legacy' }, {});
    gateway.set('c1', 'throttled');
    expect(await post()).toEqual({ ...nobody, members: 2, delivered: 1, slow: 1 });
    expect(gateway.posted.filter((id) => id === 'c1')).toHaveLength(4);
    expect(clock.sleeps).toHaveLength(3);
    expect(await idsIn(connections)).toEqual(['c1', 'c2']);
  });

  test('is not tried again after the lease or the token', async () => {
    const { clock, gateway, post } = await room({}, { authUntil: NOW + 6_000 });
    clock.sleep = async () => clock.advance(6_000);
    gateway.set('c1', 'throttled');
    gateway.set('c2', 'throttled');
    expect(await post({ until: NOW + 12_000 })).toMatchObject({ slow: 2 });
    expect(gateway.posted.filter((id) => id === 'c2')).toHaveLength(1);
    expect(gateway.posted.length).toBeLessThan(4);
  });
});

describe('the end of the lease', () => {
  test('is the end of all posts', async () => {
    const { gateway, post } = await room(...many(10));
    expect(await post({ until: NOW })).toEqual({ ...nobody, members: 10, slow: 10 });
    expect(gateway.posted).toEqual([]);
  });

  test('comes between two frames as between two connections', async () => {
    const { clock, gateway, post } = await room(...many(1_000), { id: 'last', dialect: 'legacy' });
    const { post: send } = gateway;
    const late: number[] = [];
    gateway.post = async (...args) => {
      if (clock.now() >= NOW + 100) late.push(clock.now());
      clock.advance(1);
      return await send(...args);
    };
    const report = await post({ until: NOW + 100 });
    expect(late).toEqual([]);
    expect(report).toEqual({ ...nobody, members: 1_001, delivered: 100, slow: 901 });
  });

  test('is not waited for longer than those need who wait for their turn', async () => {
    const { clock, gateway, post } = await room(...many(1_000));
    const report = await post({ until: NOW + 1_000, postsPerSecond: 100 });
    expect(report.delivered + report.slow).toBe(1_000);
    expect(gateway.posted.length).toBeLessThanOrEqual(110);
    // 200 at once, of which each has its turn 10 ms after the one before.
    expect(clock.now()).toBeLessThanOrEqual(NOW + 1_000 + 2_000);
  });
});

describe('a connection of which the gateway says that it is gone', () => {
  const rooms = new Map([
    ['lobby', 0],
    ['music', 2],
  ]);

  test('is asked after, and every row of it goes', async () => {
    const { gateway, connections, post } = await room({ rooms }, { rooms });
    gateway.set('c1', 'gone');
    expect(await post()).toEqual({ ...nobody, members: 2, delivered: 1, gone: 1 });
    expect(gateway.asked).toEqual(['c1']);
    expect(await connections.touch('c1', START)).toBe('gone');
    expect(await idsIn(connections)).toEqual(['c2']);
    expect(await connections.ofUser('alice', START)).toMatchObject([{ connectionId: 'c2' }]);
  });

  test('goes also where only its presence is left', async () => {
    const place = { rooms: new Map([['lobby', 3]]) };
    const { gateway, connections, post } = await room(
      { id: 'c1', ...place },
      { id: 'c1', homeRoom: 'x' },
    );
    await connections.remove('c1');
    expect(await idsIn(connections, 3)).toEqual(['c1']);
    gateway.set('c1', 'gone');
    await post({ shard: 3 });
    expect(await idsIn(connections, 3)).toEqual([]);
  });

  test('but that lives stays', async () => {
    const { gateway, connections, post } = await room({});
    gateway.set('c1', 'gone but open');
    expect(await post()).toEqual({ ...nobody, members: 1, gone: 1 });
    expect(await idsIn(connections)).toEqual(['c1']);
  });

  test.each([
    { age: 9_999, stays: ['c1'], asked: [] },
    { age: 10_000, stays: [], asked: ['c1'] },
  ])('at the age of $age ms', async ({ age, stays, asked }) => {
    const { gateway, connections, post } = await room({ connectedAt: NOW - age });
    gateway.set('c1', 'gone');
    expect(await post()).toEqual({ ...nobody, members: 1, gone: 1 });
    expect(await idsIn(connections)).toEqual(stays);
    expect(gateway.asked).toEqual(asked);
  });

  test('stays if that cannot be found out', async () => {
    const { gateway, connections, post } = await room({}, {});
    const fault = new Error('The gateway does not answer.');
    gateway.isOpen = () => Promise.reject(fault);
    gateway.set('c1', 'gone');
    expect(await post()).toEqual({ ...nobody, members: 2, delivered: 1, failed: 1, fault });
    expect(await idsIn(connections)).toEqual(['c1', 'c2']);
  });

  test('harms no other if it cannot be removed', async () => {
    const { gateway, connections, post } = await room({}, {});
    gateway.set('c1', 'gone');
    const fault = new Error('The store is down.');
    const broken = { ...connections, remove: () => Promise.reject(fault) };
    const report = await post({}, { connections: broken });
    expect(report).toEqual({ ...nobody, members: 2, delivered: 1, failed: 1, fault });
  });
});

describe('the rate', () => {
  test('is kept to over the whole round, however many wait', async () => {
    const { clock, gateway, post } = await room(...many(250), { dialect: 'legacy' });
    const times: number[] = [];
    const { post: send } = gateway;
    gateway.post = async (...args) => {
      times.push(clock.now());
      return await send(...args);
    };
    // One at a time moves this clock on; waiting for one's turn is what takes the time.
    await post({ until: NOW + 60_000, postsPerSecond: 50 });
    expect(times).toHaveLength(253);
    for (const [index, time] of times.entries()) {
      // A tenth of a second's worth may come at once.
      expect(time - NOW).toBeGreaterThanOrEqual((index - 5) * 20 - 1);
    }
  });
});

describe('a list of connections that cannot be read', () => {
  const presence = (connectionId: string): Presence => ({
    connectionId,
    dialect: 'v1',
    connectedAt: START,
    authUntil: NOW + 300_000,
  });
  const fault = new Error('The page could not be read.');

  test.each([0, 1, 3])('after %i pages reaches whom it named, and fails', async (pages) => {
    async function* brokenList() {
      for (let page = 0; page < pages; page++) yield [presence(`a${page}`), presence(`b${page}`)];
      await turn();
      throw fault;
    }
    const { gateway, connections, post } = await room();
    const broken = { ...connections, inShard: brokenList };
    await expect(post({}, { connections: broken })).rejects.toBe(fault);
    expect(gateway.posted).toHaveLength(2 * pages);
    expect(gateway.underWay).toBe(0);
  });
});
