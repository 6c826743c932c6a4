import { describe, expect, test } from '@jest/globals';
import { EDGE_KEY_HEADER, type EdgeKey } from '../../../lambdas/auth/edge-key.ts';
import { connectHandler } from '../../../lambdas/edge/socket/connect.ts';
import { anAccount } from '../../fakes/samples.ts';
import { fakeServices } from '../../fakes/services.ts';
import { aContext } from './context.ts';
import { ask } from './http/asking.ts';

const edgeKey: EdgeKey = { admits: async (shown) => shown === 'right' };

async function behindTheEdge() {
  const services = { ...fakeServices(), edgeKey };
  await services.accounts.create(anAccount());
  return { services, token: await services.tokens.access('alice') };
}

async function connect(headers: Record<string, string>, key?: EdgeKey) {
  const { services, token } = await behindTheEdge();
  const event = {
    requestContext: { connectionId: 'c1', requestId: 'r1' },
    headers,
    queryStringParameters: { room: 'lobby', token },
  };
  const answer = await connectHandler({ ...services, edgeKey: key })(event, aContext());
  const recorded = await services.connections.find('c1', services.clock.now());
  return { answer, recorded, entries: services.entries };
}

describe('where an edge stands in front', () => {
  test('a socket that goes past it is refused, whatever its token, and leaves no trace', async () => {
    for (const headers of [{}, { [EDGE_KEY_HEADER]: 'wrong' }] as Record<string, string>[]) {
      const { answer, recorded, entries } = await connect(headers, edgeKey);
      expect(answer).toMatchObject({ statusCode: 403 });
      expect(JSON.stringify(answer)).toContain('direct_access');
      expect(recorded).toBeUndefined();
      expect(entries).toMatchObject([{ result: 'refused', code: 'direct_access' }]);
      expect(JSON.stringify(entries)).not.toContain('wrong');
    }
  });

  test('a socket that comes through it opens, in whatever case API Gateway gives the name', async () => {
    for (const name of [EDGE_KEY_HEADER, 'X-Parlor-Edge-Key']) {
      const { answer, recorded } = await connect({ [name]: 'right' }, edgeKey);
      expect(answer).toMatchObject({ statusCode: 200 });
      expect(recorded).toBeDefined();
    }
  });

  test.each([
    ['GET', '/api/rooms/'],
    ['POST', '/api/token/'],
    ['GET', '/nowhere'],
  ])('%s %s that goes past it is refused', async (method, path) => {
    const { services, token } = await behindTheEdge();
    expect(await ask(services, method, path, { token, body: {} })).toMatchObject({
      status: 403,
      headers: { 'x-error-code': 'direct_access' },
    });
    expect(services.entries).toMatchObject([{ result: 'refused', code: 'direct_access' }]);
  });

  test('a request that comes through it is answered', async () => {
    const { services, token } = await behindTheEdge();
    const headers = { [EDGE_KEY_HEADER]: 'right' };
    expect(await ask(services, 'GET', '/api/rooms/', { token, headers })).toMatchObject({
      status: 200,
    });
  });
});

test('without one a socket opens without more ado', async () => {
  expect((await connect({})).answer).toMatchObject({ statusCode: 200 });
});
