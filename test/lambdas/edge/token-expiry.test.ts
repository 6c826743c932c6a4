import { describe, expect, test } from '@jest/globals';
import { tokenExpiryHandler } from '../../../lambdas/edge/token-expiry.ts';
import { START } from '../../fakes/fake-clock.ts';
import { aConnection } from '../../fakes/samples.ts';
import { fakeServices } from '../../fakes/services.ts';
import { aContext } from './context.ts';

describe('the token-expiry function', () => {
  test('tells, closes, and writes one line', async () => {
    const services = fakeServices();
    const { connections, clock } = services;
    await connections.add(aConnection({ id: 'c1', authUntil: START + 90_000 }));
    await connections.add(aConnection({ id: 'c2', authUntil: START - 1 }));
    clock.advance(60_000);
    const expiry = { told: 1, closed: 1, failed: 0 };
    expect(await tokenExpiryHandler(services)({}, aContext())).toEqual(expiry);
    expect(services.gateway.closed).toEqual(['c2']);
    expect(services.entries).toMatchObject([{ route: 'token-expiry', result: 'ok', expiry }]);
  });

  async function withExpired(...ids: string[]) {
    const services = fakeServices();
    for (const id of ids) await services.connections.add(aConnection({ id, authUntil: START - 1 }));
    return services;
  }

  test('tells what it could not do, though the rest went well', async () => {
    const services = await withExpired('c1', 'c2', 'c3');
    services.gateway.next('c2', new Error('The gateway answered 500.'));
    const expiry = { told: 0, closed: 2, failed: 1 };
    expect(await tokenExpiryHandler(services)({}, aContext())).toEqual(expiry);
    const error = expect.stringContaining('The gateway answered 500.');
    expect(services.entries).toMatchObject([{ result: 'ok', expiry, error }]);
    expect(services.meter.counts).toEqual({ ExpiryFailures: 1 });
  });

  test('fails where nothing could be done', async () => {
    const services = await withExpired('c1', 'c2');
    services.connections.find = () => Promise.reject(new Error('The table is down.'));
    await expect(tokenExpiryHandler(services)({}, aContext())).rejects.toThrow('is down');
    const error = expect.stringContaining('The table is down.');
    const expiry = { told: 0, closed: 0, failed: 2 };
    expect(services.entries).toMatchObject([{ result: 'failed', code: 'internal', expiry, error }]);
    expect(services.meter.counts).toEqual({ Errors: 1, ExpiryFailures: 2 });
  });

  test('fails where the lists can’t be read, so that it is seen', async () => {
    const services = fakeServices();
    services.connections.expiringAt = () => {
      throw new Error('The table is down.');
    };
    await expect(tokenExpiryHandler(services)({}, aContext())).rejects.toThrow('is down');
    expect(services.entries).toMatchObject([{ route: 'token-expiry', result: 'failed' }]);
  });
});
