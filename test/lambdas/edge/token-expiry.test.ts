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

  test('fails where the lists can’t be read, so that it is seen', async () => {
    const services = fakeServices();
    services.connections.expiringAt = () => {
      throw new Error('The table is down.');
    };
    await expect(tokenExpiryHandler(services)({}, aContext())).rejects.toThrow('is down');
    expect(services.entries).toMatchObject([{ route: 'token-expiry', result: 'failed' }]);
  });
});
