import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { type Gateway, openGateway } from '../../../local/gateway/gateway.ts';

let gateway: Gateway;
beforeEach(async () => {
  gateway = await openGateway({ log: () => undefined });
});
afterEach(() => gateway.close());

describe('a body of JSON', () => {
  test.each([
    ['comes as text', Buffer.from('{"password":"pä"}'), false],
    [
      'comes in base64 where it is not UTF-8: nothing is lost',
      Buffer.from('"p\xe4"', 'latin1'),
      true,
    ],
  ])('%s', async (_, body, isBase64Encoded) => {
    const events: APIGatewayProxyEventV2[] = [];
    const none = async () => ({ statusCode: 404 });
    const url = await gateway.serve({
      port: 0,
      routes: {
        socket: { $connect: none, $disconnect: none, $default: none },
        http: [
          {
            path: '$default',
            handler: async (event) => {
              events.push(event as APIGatewayProxyEventV2);
              return { statusCode: 200 };
            },
          },
        ],
      },
    });
    await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    const coding = isBase64Encoded ? 'base64' : 'utf8';
    expect(events).toMatchObject([{ isBase64Encoded, body: body.toString(coding) }]);
  });
});
