import { describe, expect, test } from '@jest/globals';
import { keys } from '../../../lambdas/aws/keys.ts';
import { auditHandler, type StreamEvent } from '../../../lambdas/edge/audit.ts';
import { START } from '../../fakes/fake-clock.ts';
import { anEvent, said } from '../../fakes/samples.ts';
import { type FakeServices, fakeServices } from '../../fakes/services.ts';
import { aRoomWith, heard, ROOM, stored } from '../chat/pumped-room.ts';
import { aContext } from './context.ts';

const record = (pk: string, SequenceNumber: string, eventName = 'INSERT') => ({
  eventName,
  dynamodb: { Keys: { pk: { S: pk } }, SequenceNumber },
});

describe('the audit function', () => {
  const run = async (services: FakeServices, ...Records: StreamEvent['Records']) =>
    await auditHandler(services)({ Records }, aContext());

  test('pumps what was left behind, a room once for all its records', async () => {
    const services = await aRoomWith([{}]);
    await stored(services, 1);
    await services.log.put(anEvent({ room: 'music' }));
    const answer = await run(
      services,
      record(keys.log(ROOM), '1'),
      record(keys.log('music'), '2'),
      record(keys.log(ROOM), '3'),
    );
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(heard(services, 'c1')).toEqual([1]);
    const found = services.entries.map(({ route, room, finding }) => [route, room, finding]);
    expect(found.toSorted()).toEqual([
      ['audit', 'lobby', 'rescued'],
      ['audit', 'music', 'rescued'],
    ]);
  });

  test('tells how posting went, for nobody else can say why it failed', async () => {
    const services = await aRoomWith([{}]);
    await stored(services, 1);
    services.gateway.post = () => Promise.reject(new Error('answered 403'));
    await run(services, record(keys.log(ROOM), '1'));
    expect(services.entries).toEqual([
      expect.objectContaining({
        finding: 'rescued',
        fanOut: expect.objectContaining({ delivered: 0, failed: 1 }),
        error: expect.stringContaining('answered 403'),
      }),
    ]);
  });

  test('looks after drafts that nobody was woken for', async () => {
    const services = await aRoomWith([{}]);
    const who = { userId: 'alice', sender: 'Alice', ...said('hello'), clientId: 'k', id: 'x' };
    await services.inbox.enqueue({ room: ROOM, ...who, searched: 0, leftAt: START });
    await run(services, record(keys.inbox(ROOM, 3), '1'));
    expect(heard(services, 'c1')).toEqual([1]);
  });

  test('passes over what is no event and no draft', async () => {
    const services = await aRoomWith([{}]);
    await stored(services, 1);
    const answer = await run(
      services,
      record(keys.log(ROOM), '1', 'REMOVE'),
      record(keys.log(ROOM), '2', 'MODIFY'),
      record(keys.lease(ROOM).pk, '3'),
      record(keys.presences(ROOM, 0), '4'),
      record(keys.connection('c1').pk, '5'),
      {},
      { eventName: 'INSERT', dynamodb: {} },
    );
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(services.gateway.posted).toEqual([]);
    expect(services.entries).toEqual([]);
  });

  test('asks for the batch again from the first record of a room that is behind', async () => {
    const services = await aRoomWith([{}]);
    await stored(services, 1);
    await services.log.put(anEvent({ room: 'music' }));
    const { head } = services.log;
    services.log.head = (room) =>
      room === 'music' ? Promise.reject(new Error('The log is down.')) : head(room);
    const answer = await run(
      services,
      record(keys.log(ROOM), '11'),
      record(keys.log('music'), '12'),
      record(keys.log('music'), '13'),
    );
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '12' }] });
    expect(heard(services, 'c1')).toEqual([1]);
    expect(services.entries).toContainEqual(
      expect.objectContaining({ route: 'audit', room: 'music', result: 'failed' }),
    );
  });

  test('understands every room’s name', async () => {
    const services = fakeServices();
    for (const room of ['проект', '100%', 'a#b']) {
      await services.log.put(anEvent({ room }));
      await run(services, record(keys.log(room), '1'));
      expect(await services.leases.find(room)).toMatchObject({ pumped: 1 });
    }
  });
});
