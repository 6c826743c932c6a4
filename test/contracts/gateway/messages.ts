import { describe, expect, test } from '@jest/globals';
import type { ConnectEvent, MessageEvent } from '../../../local/gateway/socket-events.ts';
import { keeping, type OpenGatewayUnderTest, ok, onSocket, Seen } from './harness.ts';
import { SocketClient } from './socket-client.ts';

const naming = (name: string) => async () => ({ statusCode: 200, body: name });

export function messagesContract(open: OpenGatewayUnderTest): void {
  describe('messages', () => {
    test.each([
      ['{"action":"sendMessage"}', 'sendMessage'],
      ['{"action":"other"}', '$default'],
      ['{"action":"$connect"}', '$default'],
      ['{"action":"toString"}', '$default'],
      ['{"action":5}', '$default'],
      ['{"message":"hi"}', '$default'],
      ['["sendMessage"]', '$default'],
      ['null', '$default'],
      ['sendMessage', '$default'],
      ['', '$default'],
    ])('%s goes to %s', async (message, route) => {
      const routes = ['$connect', '$default', 'sendMessage', '5'];
      const socket = Object.fromEntries(routes.map((name) => [name, naming(name)]));
      const { url } = await open(() => ({ socket }));
      const client = await SocketClient.open(`${url}/`);
      client.send(message);
      expect(await client.next()).toBe(route);
    });

    test('a message that no route takes is answered Forbidden, and the connection lives on', async () => {
      const { url } = await open(() => ({ socket: { ping: naming('pong') } }));
      const client = await SocketClient.open(`${url}/`);
      client.send('hi');
      expect(JSON.parse(await client.next())).toMatchObject({ message: 'Forbidden' });
      client.send({ action: 'ping' });
      expect(await client.next()).toBe('pong');
    });

    test('a message event holds request context and body, no headers and no query', async () => {
      const connects = new Seen<ConnectEvent>();
      const messages = new Seen<MessageEvent>();
      const { url } = await open(() => ({
        socket: { $connect: keeping(connects), $default: keeping(messages) },
      }));
      const client = await SocketClient.open(`${url}/?room=a`);
      client.send('hëllo');
      const connect = (await connects.at(0)).requestContext;
      expect(await messages.at(0)).toEqual({
        requestContext: {
          ...connect,
          routeKey: '$default',
          eventType: 'MESSAGE',
          messageId: expect.any(String),
          requestId: expect.any(String),
          extendedRequestId: expect.any(String),
          requestTime: expect.any(String),
          requestTimeEpoch: expect.any(Number),
        },
        body: 'hëllo',
        isBase64Encoded: false,
      });
    });

    test.each([
      ['quiet', ok],
      ['empty', naming('')],
    ])('a %s answer comes back as an empty message', async (action, handler) => {
      const { url } = await open(() => ({ socket: { [action]: handler } }));
      const client = await SocketClient.open(`${url}/`);
      client.send({ action });
      expect(await client.next()).toBe('');
    });

    test('of a route without a response no answer comes back, but that it failed does', async () => {
      const socket = { $default: naming('lost'), broken: () => Promise.reject(new Error('no')) };
      const { url } = await open(() => ({
        socket: { ...socket, loud: naming('heard') },
        withoutResponse: ['$default', 'broken'],
      }));
      const client = await SocketClient.open(`${url}/`);
      client.send('hi');
      await client.settled();
      client.send({ action: 'loud' });
      expect(await client.next()).toBe('heard');
      client.send({ action: 'broken' });
      expect(JSON.parse(await client.next())).toMatchObject({ message: 'Internal server error' });
      expect(client.unread).toBe(0);
    });

    test('frames of one client are handled concurrently', async () => {
      const second = Promise.withResolvers<void>();
      const { url } = await open(() => ({
        socket: {
          first: async () => {
            await second.promise;
            return { statusCode: 200, body: 'first' };
          },
          second: async () => {
            second.resolve();
            return { statusCode: 200, body: 'second' };
          },
        },
      }));
      const client = await SocketClient.open(`${url}/`);
      client.send({ action: 'first' });
      client.send({ action: 'second' });
      expect([await client.next(), await client.next()].sort()).toEqual(['first', 'second']);
    });

    test.each([
      ['throws', () => Promise.reject(new Error('broken')), 'Internal server error'],
      ['answers nothing', async () => undefined, 'Internal server error'],
      [
        'answers what is no text',
        async () => ({ statusCode: 200, body: {} }),
        'Internal server error',
      ],
      ['answers what JSON cannot carry', async () => ({ statusCode: 1n }), 'Internal server error'],
      ['never answers', () => new Promise<never>(() => {}), 'Endpoint request timed out'],
    ])(
      'a handler that %s makes the gateway answer, once logged',
      async (_what, broken, message) => {
        const ids = new Seen<string>();
        const $connect = onSocket(({ requestContext }) => {
          ids.add(requestContext.connectionId);
          return { statusCode: 200 };
        });
        const { url, logged } = await open(
          () => ({ socket: { $connect, broken, fine: naming('fine') } }),
          { integrationTimeoutSeconds: 0.2 },
        );
        const client = await SocketClient.open(`${url}/`);
        client.send({ action: 'broken' });
        expect(JSON.parse(await client.next())).toEqual({
          message,
          connectionId: await ids.at(0),
          requestId: expect.any(String),
        });
        expect(logged).toEqual([expect.stringContaining('broken')]);
        client.send({ action: 'fine' });
        expect(await client.next()).toBe('fine');
      },
    );

    test('a handler gets the time it has left, and a request id', async () => {
      const { url } = await open(() => ({
        socket: {
          $default: onSocket((_event, context) => ({
            statusCode: 200,
            body: JSON.stringify({ ...context, left: context.getRemainingTimeInMillis() }),
          })),
        },
      }));
      const client = await SocketClient.open(`${url}/`);
      client.send('hi');
      const { left, ...context } = JSON.parse(await client.next());
      expect(left).toBeGreaterThan(20_000);
      expect(left).toBeLessThanOrEqual(29_000);
      expect(context).toEqual({ awsRequestId: expect.any(String), functionName: 'local--default' });
    });
  });
}
