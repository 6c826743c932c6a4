import { describe, expect, test } from '@jest/globals';
import type { FanOutJob } from '../../../lambdas/chat/ports/relay.ts';
import { fanOutHandler } from '../../../lambdas/edge/fanout.ts';
import type { FakeServices } from '../../fakes/services.ts';
import { aRoomWith, heard, ROOM, stored, taken } from '../chat/pumped-room.ts';
import { aContext } from './context.ts';

describe('the fanout function', () => {
  const run = async (services: FakeServices, job: FanOutJob, remainingMs = 900_000) =>
    await fanOutHandler(services)(job, aContext(remainingMs));

  test('goes on with a room that was handed on, once', async () => {
    const services = await aRoomWith([{}]);
    const { owner: ticket } = await taken(services);
    await stored(services, 1, 2);
    const job: FanOutJob = { kind: 'resume', room: ROOM, ticket };
    expect(await run(services, job)).toMatchObject({ by: 'self', delivered: 1 });
    expect(await run(services, job)).toMatchObject({ by: 'nobody', delivered: 0 });
    expect(heard(services, 'c1')).toEqual([1, 2]);
    expect(services.entries).toMatchObject([
      {
        ...{ route: 'fanout resume', result: 'ok', room: ROOM, requestId: 'request-1' },
        fanOut: { by: 'self', delivered: 1, gone: 0, slow: 0, failed: 0 },
      },
      { fanOut: { by: 'nobody' } },
    ]);
  });

  test('hands on again when Lambda is about to stop it', async () => {
    const services = await aRoomWith([{}]);
    const { owner: ticket } = await taken(services);
    await stored(services, 1, 2);
    const report = await run(services, { kind: 'resume', room: ROOM, ticket }, 10_000);
    expect(report).toMatchObject({ by: 'relay' });
    expect(services.relay.handOns).toHaveLength(1);
  });

  test('posts to one shard for another worker', async () => {
    const services = await aRoomWith([{ rooms: new Map([[ROOM, 1]]) }, {}]);
    const task = {
      room: ROOM,
      shard: 1,
      frames: { v1: ['{"seq":1}'], legacy: ['{}'] },
      until: services.clock.now() + 10_000,
      postsPerSecond: 100,
    };
    expect(await run(services, { kind: 'shard', task })).toEqual({
      ...{ members: 1, delivered: 1, gone: 0, slow: 0, failed: 0 },
    });
    expect(services.gateway.posted).toEqual(['c1']);
    expect(services.entries).toMatchObject([
      { route: 'fanout shard', room: ROOM, fanOut: { members: 1, delivered: 1 } },
    ]);
  });

  test('tells a fault in words, which travel as JSON', async () => {
    const services = await aRoomWith([{}, {}]);
    services.gateway.set('c1', new Error('The gateway answered 500.'));
    const frames = { v1: ['{"seq":1}'], legacy: [] };
    const until = services.clock.now() + 10_000;
    const task = { room: ROOM, shard: 0, frames, until, postsPerSecond: 100 };
    const report = await run(services, { kind: 'shard', task });
    const travelled = JSON.parse(JSON.stringify(report));
    expect(travelled).toMatchObject({ delivered: 1, failed: 1 });
    expect(travelled.fault).toContain('The gateway answered 500.');
    expect(services.entries[0]?.error).toContain('The gateway answered 500.');
  });
});
