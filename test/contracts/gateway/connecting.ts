import { describe, expect, test } from '@jest/globals';
import type {
  ConnectEvent,
  DisconnectEvent,
  MessageEvent,
} from '../../../local/gateway/socket-events.ts';
import { keeping, type OpenGatewayUnderTest, ok, onSocket, Seen, signed } from './harness.ts';
import { rawStatus, rawUpgrade } from './raw-client.ts';
import { refusedBy, SocketClient } from './socket-client.ts';

export function connectingContract(open: OpenGatewayUnderTest): void {
  describe('connecting', () => {
    /** A gateway that keeps what $connect and $disconnect saw. */
    async function witness() {
      const connects = new Seen<ConnectEvent>();
      const disconnects = new Seen<DisconnectEvent>();
      const { url } = await open(() => ({
        socket: { $connect: keeping(connects), $disconnect: keeping(disconnects) },
      }));
      return { url, connects, disconnects };
    }

    test.each([
      ['/ws/chat/lobby/?token=t', { room: 'lobby', token: 't' }],
      ['/ws/chat/lobby?token=t', { room: 'lobby', token: 't' }],
      ['/ws/chat/lobby/', { room: 'lobby' }],
      ['/ws/chat/l%C3%B6bby/', { room: 'löbby' }],
      ['/ws/chat/100%2525/', { room: '100%25' }],
      ['/ws/chat/a&token=b+c/', { room: 'a&token=b+c' }],
      ['/ws/chat/lobby/?room=other&%72oom=third&x=1', { room: 'lobby', x: '1' }],
      ['/?room=lobby&token=t', { room: 'lobby', token: 't' }],
      ['/local?room=l%C3%B6bby&token=t', { room: 'löbby', token: 't' }],
      ['/local/?room=lobby&token=t', { room: 'lobby', token: 't' }],
    ])('%s reaches $connect as query parameters, decoded once', async (path, query) => {
      const { url, connects } = await witness();
      await SocketClient.open(url + path);
      expect((await connects.at(0)).queryStringParameters).toEqual(query);
    });

    test.each(['/ws/chat/', '/ws/chat/a/b/', '/ws/', '/other', '/local/x'])(
      'an upgrade at %s is refused with 403',
      async (path) => {
        const { url } = await witness();
        expect((await refusedBy(url + path)).status).toBe(403);
      },
    );

    test('an address of 4,096 characters is taken, a longer one refused with 414', async () => {
      const { url } = await witness();
      const path = '/local?token='.padEnd(4_096, 'x');
      await SocketClient.open(url + path);
      const refused = await refusedBy(`${url}${path}x`);
      expect(refused.status).toBe(414);
      expect(JSON.parse(refused.body)).toMatchObject({ code: 'address_too_long' });
    });

    test('an address counts as it reaches the stage, with the room in its query', async () => {
      const { url } = await witness();
      const room = 'x'.repeat(100);
      const path = `/ws/chat/${room}/?token=`;
      const longest = `/local?room=${room}&token=`.padEnd(4_096, 'x').length;
      const token = 'x'.repeat(longest - `/local?room=${room}&token=`.length);
      await SocketClient.open(url + path + token);
      expect((await refusedBy(`${url}${path}${token}x`)).status).toBe(414);
    });

    test('the $connect event tells headers as sent, query, and who connects', async () => {
      const { url, connects } = await witness();
      const headers = {
        'User-Agent': 'test',
        'X-Many': ['1', '2'],
        'x-forwarded-HOST': 'evil',
      };
      await SocketClient.open(`${url}/?room=a&tag=1&tag=2`, [], { headers });
      const host = url.slice('http://'.length);
      expect(await connects.at(0)).toEqual({
        headers: expect.objectContaining({
          Host: host,
          'User-Agent': 'test',
          'X-Many': '2',
          'X-Forwarded-Host': host,
          'X-Forwarded-For': '127.0.0.1',
        }),
        multiValueHeaders: expect.objectContaining({ Host: [host], 'X-Many': ['1', '2'] }),
        queryStringParameters: { room: 'a', tag: '2' },
        multiValueQueryStringParameters: { room: ['a'], tag: ['1', '2'] },
        requestContext: {
          routeKey: '$connect',
          eventType: 'CONNECT',
          connectionId: expect.stringMatching(/^[\w-]{15}=$/),
          connectedAt: expect.any(Number),
          requestTimeEpoch: expect.any(Number),
          requestTime: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}(:\d\d){3} \+0000$/),
          requestId: expect.any(String),
          extendedRequestId: expect.any(String),
          domainName: host,
          stage: 'local',
          apiId: 'local',
          identity: { sourceIp: '127.0.0.1', userAgent: 'test' },
          messageDirection: 'IN',
        },
        isBase64Encoded: false,
      });
    });

    test('the query maps are absent when there is no query', async () => {
      const { url, connects } = await witness();
      await SocketClient.open(`${url}/`);
      const event = await connects.at(0);
      expect(event).not.toHaveProperty('queryStringParameters');
      expect(event).not.toHaveProperty('multiValueQueryStringParameters');
    });

    test('a status of 400 or more refuses, with the headers and the body of $connect', async () => {
      const disconnects = new Seen<DisconnectEvent>();
      const { url } = await open(() => ({
        socket: {
          $connect: async () => ({
            statusCode: 401,
            headers: { 'WWW-Authenticate': 'Bearer', 'Content-Type': 'application/json' },
            body: '{"detail":"no"}',
          }),
          $disconnect: keeping(disconnects),
        },
      }));
      const refused = await refusedBy(`${url}/`);
      expect(refused).toMatchObject({ status: 401, body: '{"detail":"no"}' });
      expect(refused.headers).toMatchObject({
        'www-authenticate': 'Bearer',
        'content-type': 'application/json',
      });
      expect(disconnects.all).toEqual([]);
    });

    test.each([
      ['throws', () => Promise.reject(new Error('broken'))],
      ['answers nothing', async () => undefined],
      ['answers no status', async () => ({ body: 'hi' })],
      ['answers a status that is none', async () => ({ statusCode: 1_000 })],
      [
        'answers a header that breaks lines',
        async () => ({ statusCode: 200, headers: { a: '\r\n' } }),
      ],
      [
        'refuses with a header without a name',
        async () => ({ statusCode: 401, headers: { '': 'x' } }),
      ],
      ['never answers', () => new Promise<never>(() => {})],
    ])('a $connect that %s refuses with 502 and is logged once', async (_what, $connect) => {
      const { url, logged } = await open(() => ({ socket: { $connect } }), {
        integrationTimeoutSeconds: 0.2,
      });
      const refused = await refusedBy(`${url}/`);
      expect(refused.status).toBe(502);
      expect(JSON.parse(refused.body)).toMatchObject({ message: 'Internal server error' });
      expect(logged).toEqual([expect.stringContaining('$connect')]);
    });

    test('the upgrade waits for $connect, and a post inside it gets 410', async () => {
      const posts = new Seen<number>();
      const { url } = await open((connectionsUrl) => ({
        socket: {
          $connect: onSocket(async ({ requestContext }) => {
            posts.add((await signed(connectionsUrl, requestContext.connectionId)).status);
            return { statusCode: 200 };
          }),
        },
      }));
      await SocketClient.open(`${url}/`);
      expect(posts.all).toEqual([410]);
    });

    test.each([
      ['Sec-WebSocket-Protocol', 'second'],
      ['sec-websocket-protocol', 'second'],
      ['SEC-WEBSOCKET-PROTOCOL', 'first'],
    ])('the subprotocol that $connect returns as %s is echoed', async (header, chosen) => {
      const $connect = async () => ({ statusCode: 200, headers: { [header]: chosen } });
      const { url } = await open(() => ({ socket: { $connect } }));
      const client = await SocketClient.open(`${url}/`, ['first', 'second']);
      expect(client.socket.protocol).toBe(chosen);
    });

    test('no subprotocol is echoed when $connect returns none, and the client hangs up', async () => {
      const { url } = await open(() => ({ socket: { $connect: ok } }));
      await expect(SocketClient.open(`${url}/`, ['first'])).rejects.toThrow('no subprotocol');
    });

    test.each([true, false])(
      'a client that leaves during $connect is disconnected with 1006 (by a reset: %s)',
      async (byReset) => {
        const disconnects = new Seen<DisconnectEvent>();
        const entered = Promise.withResolvers<void>();
        const left = Promise.withResolvers<void>();
        const { url } = await open(() => ({
          socket: {
            $connect: async () => {
              entered.resolve();
              await left.promise;
              return { statusCode: 200 };
            },
            $disconnect: keeping(disconnects),
          },
        }));
        const tcp = rawUpgrade(url);
        await entered.promise;
        if (byReset) tcp.resetAndDestroy();
        else tcp.destroy();
        // Once it has answered twice, the gateway has seen the client leave.
        for (let request = 0; request < 2; request += 1) await fetch(url);
        left.resolve();
        const { requestContext } = await disconnects.at(0);
        expect(requestContext.disconnectStatusCode).toBe(1006);
        expect(disconnects.all).toHaveLength(1);
      },
    );

    test.each(['in one piece with the request', 'after it'])(
      'what a client sends before the answer, %s, is handled after it',
      async (when) => {
        const messages = new Seen<MessageEvent>();
        const { url } = await open(() => ({ socket: { $default: keeping(messages) } }));
        const early = Buffer.from('8182000000006869', 'hex');
        const tcp = rawUpgrade(url, when === 'after it' ? undefined : early);
        if (when === 'after it') tcp.write(early);
        expect((await messages.at(0)).body).toBe('hi');
        tcp.destroy();
      },
    );

    test('an oversize frame that comes before the answer closes with 1009', async () => {
      const disconnects = new Seen<DisconnectEvent>();
      const { url } = await open(() => ({ socket: { $disconnect: keeping(disconnects) } }));
      rawUpgrade(url, Buffer.from('81ff000000000001000000000000', 'hex'));
      expect((await disconnects.at(0)).requestContext.disconnectStatusCode).toBe(1009);
    });

    test('an upgrade request that is no sound one is refused before $connect', async () => {
      const { url, connects } = await witness();
      const headers = { connection: 'Upgrade', upgrade: 'websocket' };
      const { status } = await rawStatus(url, headers);
      expect(status).toBe(400);
      expect(connects.all).toEqual([]);
    });
  });
}
