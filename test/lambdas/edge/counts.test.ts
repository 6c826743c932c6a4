import { describe, expect, test } from '@jest/globals';
import { keys } from '../../../lambdas/aws/keys.ts';
import { auditHandler } from '../../../lambdas/edge/audit.ts';
import { connectHandler } from '../../../lambdas/edge/socket/connect.ts';
import { disconnectHandler } from '../../../lambdas/edge/socket/disconnect.ts';
import { anAccount } from '../../fakes/samples.ts';
import { fakeServices } from '../../fakes/services.ts';
import { aRoomWith, ROOM, stored, taken } from '../chat/pumped-room.ts';
import { aContext } from './context.ts';
import { ask } from './http/asking.ts';
import { speak, withConnection } from './socket/speaking.ts';

const requestContext = { connectionId: 'c1' };

describe('what is counted', () => {
  test('connections: opened, refused, closed and for how long they were open', async () => {
    const services = fakeServices();
    await services.accounts.create(anAccount());
    const token = await services.tokens.access('alice');
    const connect = (queryStringParameters: Record<string, string>) =>
      connectHandler(services)({ requestContext, queryStringParameters }, aContext());
    await connect({ room: ROOM, token });
    await connect({ room: ROOM, token: 'x.y.z' });
    const connectedAt = services.clock.now();
    await disconnectHandler(services)(
      {
        requestContext: { ...requestContext, connectedAt, requestTimeEpoch: connectedAt + 90_000 },
      },
      aContext(),
    );
    expect(services.meter.counts).toEqual({
      ...{ ConnectionsOpened: 1, ConnectionsRefused: 1, ConnectionsClosed: 1 },
      ConnectionMinutes: 1.5,
      ...{ Requests: 3, RequestsRefused: 1 },
    });
    expect(services.entries.at(-1)).toMatchObject({ route: '$disconnect', openMinutes: 1.5 });
  });

  test('a handshake that fails by our doing is an error, and no refusal', async () => {
    const services = fakeServices();
    services.tokens.verify = () => Promise.reject(new Error('No secret.'));
    const queryStringParameters = { room: ROOM, token: 'x.y.z' };
    await connectHandler(services)({ requestContext, queryStringParameters }, aContext());
    expect(services.meter.counts).toEqual({ Requests: 1, Errors: 1 });
  });

  test('a message’s way: how long it took to store, and the round to those who are there', async () => {
    const services = await withConnection();
    const { put } = services.log;
    services.log.put = async (...events) => {
      services.clock.advance(7);
      return put(...events);
    };
    await speak(services, 'send', { action: 'sendMessage', room: 'lobby', content: 'hello' });
    expect(services.meter.measured).toMatchObject({ AppendLatency: [7], FanOutSize: [1] });
    expect(services.meter.measured.FanOutTime).toHaveLength(1);
    expect(services.meter.counts).toEqual({ Requests: 1 });
  });

  test('refusals are not errors, and what the table does wrong is', async () => {
    const services = await withConnection();
    await speak(services, 'send', { action: 'sendMessage', room: 'elsewhere', content: 'hello' });
    expect(services.meter.counts).toEqual({ Requests: 1, RequestsRefused: 1 });
    services.log.head = () => Promise.reject(new Error('The log is down.'));
    await speak(services, 'send', { action: 'sendMessage', room: 'lobby', content: 'hello' });
    expect(services.meter.counts).toEqual({ Requests: 2, RequestsRefused: 1, Errors: 1 });
  });

  test('what came past the edge, among what was refused', async () => {
    const services = { ...fakeServices(), edgeKey: { admits: async () => false } };
    await connectHandler(services)({ requestContext, queryStringParameters: {} }, aContext());
    expect(services.meter.counts).toEqual({
      ...{ ConnectionsRefused: 1, Requests: 1, RequestsRefused: 1, DirectAccess: 1 },
    });
  });

  test('logins that are refused, and accounts that people made', async () => {
    const services = fakeServices();
    const body = { username: 'alice', password: 'correct horse battery' };
    await ask(services, 'POST', '/accounts/registration/', { body });
    await ask(services, 'POST', '/accounts/registration/', { body });
    expect(services.meter.counts).toEqual({ Requests: 2, RequestsRefused: 1, Registrations: 1 });
    for (const path of ['/api/token/', '/accounts/login/']) {
      await ask(services, 'POST', path, { body });
      await ask(services, 'POST', path, { body: { ...body, password: 'wrong' } });
    }
    expect(services.meter.counts).toEqual({
      ...{ Requests: 6, RequestsRefused: 3, Registrations: 1, LoginsRefused: 2 },
    });
  });

  test('a room that is too large for its sender is handed over', async () => {
    const services = await aRoomWith([{}]);
    const lease = await taken(services);
    await services.leases.release(lease, { ...lease, members: 5_000 });
    await stored(services, 1);
    await services.fanOut.wake(ROOM, false);
    expect(services.meter.counts).toEqual({ PumpHandovers: 1 });
  });

  test('a room that the audit had to bring up to date, and none that was', async () => {
    const services = await aRoomWith([{}]);
    await stored(services, 1);
    const Records = [{ eventName: 'INSERT', dynamodb: { Keys: { pk: { S: keys.log(ROOM) } } } }];
    await auditHandler(services)({ Records }, aContext());
    await auditHandler(services)({ Records }, aContext());
    expect(services.meter.counts).toEqual({ AuditRescues: 1 });
  });
});
