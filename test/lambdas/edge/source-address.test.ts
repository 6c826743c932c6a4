import { describe, expect, test } from '@jest/globals';
import { EDGE_KEY_HEADER, type EdgeKey } from '../../../lambdas/auth/edge-key.ts';
import { connectHandler } from '../../../lambdas/edge/socket/connect.ts';
import { VIEWER_ADDRESS_HEADER } from '../../../lambdas/edge/source-address.ts';
import { anAccount } from '../../fakes/samples.ts';
import { fakeServices } from '../../fakes/services.ts';
import { aContext } from './context.ts';
import { ask } from './http/asking.ts';

const edgeKey: EdgeKey = { admits: async (shown) => shown === 'right' };
const CLOUDFRONT = '198.51.100.1';
const VIEWER = '2001:db8::7';

/** The address that the log has of a socket and of a REST call with these headers. */
async function logged(headers: Record<string, string>, key?: EdgeKey, sourceIp = CLOUDFRONT) {
  const services = { ...fakeServices(), edgeKey: key };
  await services.accounts.create(anAccount());
  const token = await services.tokens.access('alice');
  await ask(services, 'GET', '/api/me/', { token, headers, sourceIp });
  const event = {
    requestContext: { connectionId: 'c1', identity: { sourceIp } },
    headers,
    queryStringParameters: { room: 'lobby', token },
  };
  await connectHandler(services)(event, aContext());
  const [rest, socket, ...more] = services.entries.map(({ address }) => address);
  expect(more).toEqual([]);
  expect(socket).toBe(rest);
  return rest;
}

const told = { [VIEWER_ADDRESS_HEADER]: VIEWER };

describe('the address in the log', () => {
  test('is the one that the edge tells', async () => {
    expect(await logged({ ...told, [EDGE_KEY_HEADER]: 'right' }, edgeKey)).toBe(VIEWER);
  });

  test('is the one that API Gateway sees, of who goes past the edge, whatever he claims', async () => {
    for (const headers of [told, { ...told, [EDGE_KEY_HEADER]: 'wrong' }]) {
      expect(await logged(headers, edgeKey)).toBe(CLOUDFRONT);
    }
  });

  test('is the one that API Gateway sees, where there is no key to tell the edge by', async () => {
    expect(await logged({ ...told, [EDGE_KEY_HEADER]: 'right' })).toBe(CLOUDFRONT);
  });

  test('is no other text', async () => {
    const headers = { [VIEWER_ADDRESS_HEADER]: 'nonsense', [EDGE_KEY_HEADER]: 'right' };
    expect(await logged(headers, edgeKey)).toBe(CLOUDFRONT);
    expect(await logged({ [EDGE_KEY_HEADER]: 'right' }, edgeKey, 'test-invoke')).toBeUndefined();
  });
});
