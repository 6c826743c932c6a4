import { describe, expect, test } from '@jest/globals';
import { postShard } from '../../../lambdas/chat/post-shard.ts';
import { SHARD_CONNECTIONS } from '../../../protocol/limits.ts';
import { turn } from '../../fakes/fake-clock.ts';
import type { FakeServices } from '../../fakes/services.ts';
import { aRoomWith, heard, leaseWas, ROOM, stored } from './pumped-room.ts';

const inShard = (shard: number) => ({ rooms: new Map([[ROOM, shard]]) });

/** A room of four shards with a connection in each: c1 in shard 0, c2 in 1, ... */
async function fourShards(): Promise<FakeServices> {
  const services = await aRoomWith([0, 1, 2, 3].map(inShard));
  await leaseWas(services, { shards: 4 });
  return services;
}

describe('the shards of a room', () => {
  test('are all done with when one of them can’t be read, and the round is not over', async () => {
    const services = await fourShards();
    const { inShard: read } = services.connections;
    let underWay = 0;
    services.connections.inShard = async function* (room, shard, now) {
      if (shard === 0) throw new Error('throttled');
      underWay++;
      for (let turns = 0; turns < 20; turns++) await turn();
      yield* read(room, shard, now);
      underWay--;
    };
    const report = await services.fanOut.deliver(await stored(services, 1));
    expect(report.failed).toBe(1);
    expect(underWay).toBe(0);
    expect([2, 3, 4].map((n) => heard(services, `c${n}`))).toEqual([[1], [1], [1]]);
    expect(await services.leases.find(ROOM)).toMatchObject({ pumped: 0 });
  });

  test.each([
    { connections: SHARD_CONNECTIONS, shards: 1 },
    { connections: SHARD_CONNECTIONS + 1, shards: 2 },
  ])('are $shards after a round with $connections in one', async ({ connections, shards }) => {
    const services = await aRoomWith(Array.from({ length: connections }, () => ({})));
    const report = await services.fanOut.deliver(await stored(services, 1));
    expect(report).toMatchObject({ delivered: connections, failed: 0 });
    expect(await services.leases.find(ROOM)).toMatchObject({ shards, pumped: 1 });
    expect(services.relay.tasks).toEqual([]);
  });

  test.each([
    { connections: 2 * SHARD_CONNECTIONS, shards: 2 },
    { connections: 2 * SHARD_CONNECTIONS + 1, shards: 4 },
  ])('of two become $shards with $connections, by the average', async (given) => {
    const crowd = Array.from({ length: given.connections }, () => inShard(1));
    const services = await aRoomWith(crowd);
    await leaseWas(services, { shards: 2 });
    await services.fanOut.deliver(await stored(services, 1));
    expect(await services.leases.shards(ROOM)).toBe(given.shards);
  });

  test('never become fewer, and stay when nothing was posted', async () => {
    const services = await fourShards();
    await services.fanOut.wake(ROOM, false);
    expect(await services.leases.shards(ROOM)).toBe(4);
    await services.fanOut.deliver(await stored(services, 1));
    expect(await services.leases.shards(ROOM)).toBe(4);
  });
});

describe('a round over several shards', () => {
  test('is one task for each, with its share of the room’s posts and of the lease’s time', async () => {
    const services = await fourShards();
    const { clock, relay } = services;
    const now = clock.now();
    const report = await services.fanOut.deliver(await stored(services, 1));
    expect(report).toEqual({ by: 'self', delivered: 4, gone: 0, slow: 0, failed: 0 });
    expect(relay.tasks.map(({ shard }) => shard)).toEqual([0, 1, 2, 3]);
    for (const task of relay.tasks) {
      expect(task).toMatchObject({
        room: ROOM,
        postsPerSecond: 25_000,
        until: now + 11_000,
      });
    }
    for (const id of ['c1', 'c2', 'c3', 'c4']) expect(heard(services, id)).toEqual([1]);
    expect(await services.leases.take(ROOM, 'me', clock.now(), 0, false)).toMatchObject({
      members: 4,
    });
  });

  test('is posted by the holder where a worker fails', async () => {
    const services = await fourShards();
    const fault = new Error('Lambda answered 500.');
    const { postShard: posting } = services.relay;
    services.relay.postShard = (task) => (task.shard === 2 ? Promise.reject(fault) : posting(task));
    const report = await services.fanOut.deliver(await stored(services, 1));
    expect(report).toEqual({ by: 'self', delivered: 4, gone: 0, slow: 0, failed: 0, fault });
    expect(services.relay.tasks).toHaveLength(3);
    expect(heard(services, 'c3')).toEqual([1]);
    expect((await services.leases.find(ROOM)).pumped).toBe(1);
  });

  test('counts every connection by how it was served', async () => {
    const services = await fourShards();
    const { gateway } = services;
    gateway.set('c1', 'gone');
    gateway.set('c2', 'slow');
    gateway.set('c3', new Error('The gateway answered 500.'));
    const report = await services.fanOut.deliver(await stored(services, 1));
    expect(report).toMatchObject({ by: 'self', delivered: 1, gone: 1, slow: 1, failed: 1 });
    expect(report).toHaveProperty('fault');
  });

  test('is over only when the last shard is', async () => {
    const services = await fourShards();
    await services.fanOut.deliver(await stored(services, 1));
    expect(services.gateway.underWay).toBe(0);
  });
});

test('no post begins in the last four seconds of the lease', async () => {
  const services = await aRoomWith([{}, {}, {}]);
  const { clock, gateway } = services;
  const { post } = gateway;
  gateway.post = async (...args) => {
    clock.advance(6_000);
    return await post(...args);
  };
  const task = {
    room: ROOM,
    shard: 0,
    frames: { v1: ['a', 'b', 'c'], legacy: [] },
    until: clock.now() + 11_000,
    postsPerSecond: 1_000,
  };
  const report = await postShard(services, task);
  expect(report).toMatchObject({ members: 3, delivered: 0, slow: 3 });
  expect(gateway.posted.length).toBeLessThan(9);
});

test.each([
  { members: 10_000, lasts: 15_000 },
  { members: 100_000, lasts: 44_000 },
  { members: 1_000_000, lasts: 60_000 },
])(
  'the lease of $members members lasts for a round and as much again: $lasts ms',
  async (given) => {
    const services = await aRoomWith([inShard(0)], { roomPostsPerSecond: 5_000 });
    await leaseWas(services, { members: given.members, shards: 2 });
    const now = services.clock.now();
    await services.fanOut.deliver(await stored(services, 1));
    await services.relay.run();
    for (const { until } of services.relay.tasks) expect(until).toBe(now + given.lasts - 4_000);
    expect(services.relay.tasks).toHaveLength(2);
  },
);
