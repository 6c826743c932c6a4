import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { describe, expect, test } from '@jest/globals';
import type { GatewayLimits } from '../../../local/gateway/gateway.ts';
import type { ConnectEvent, DisconnectEvent } from '../../../local/gateway/socket-events.ts';
import { keeping, type OpenGatewayUnderTest, Seen, signed } from './harness.ts';
import { SocketClient } from './socket-client.ts';

const KB = 1024;

export function postsContract(open: OpenGatewayUnderTest): void {
  async function connected(limits: Partial<GatewayLimits> = {}) {
    const connects = new Seen<ConnectEvent>();
    const disconnects = new Seen<DisconnectEvent>();
    const { url, connectionsUrl } = await open(
      () => ({ socket: { $connect: keeping(connects), $disconnect: keeping(disconnects) } }),
      limits,
    );
    const client = await SocketClient.open(`${url}/`, [], { headers: { 'user-agent': 'test' } });
    const { connectionId } = (await connects.at(0)).requestContext;
    const post = (body: string | Uint8Array<ArrayBuffer>, to = connectionId) =>
      signed(connectionsUrl, to, { method: 'POST', body });
    return { client, connectionsUrl, connectionId, disconnects, post };
  }

  const failureOf = async (response: Response) => ({
    status: response.status,
    type: response.headers.get('x-amzn-errortype'),
    body: await response.json(),
  });

  const failure = (status: number, type: string) => ({
    status,
    type,
    body: { message: expect.any(String) },
  });

  describe('the @connections API', () => {
    test('a post of up to 128 KB reaches the client as one text message', async () => {
      const { client, post } = await connected();
      for (const body of ['hëllo', 'x'.repeat(128 * KB)]) {
        expect((await post(body)).status).toBe(200);
        expect(await client.next()).toBe(body);
      }
    });

    test('a post that is not UTF-8 does not make the client hang up', async () => {
      const { client, post } = await connected();
      await post(Uint8Array.of(0xc3, 0x28));
      expect(await client.next()).toBe('\ufffd(');
    });

    test('a post over 128 KB gets 413', async () => {
      const { client, post } = await connected();
      expect(await failureOf(await post('x'.repeat(128 * KB + 1)))).toEqual(
        failure(413, 'PayloadTooLargeException'),
      );
      await client.settled();
      expect(client.unread).toBe(0);
    });

    test.each(['POST', 'GET', 'DELETE'])(
      '%s for a connection that is gone gets 410',
      async (method) => {
        const { client, connectionsUrl, connectionId, disconnects } = await connected();
        await client.close();
        await disconnects.at(0);
        for (const id of [connectionId, 'd1Y6deLooAMCJxA=']) {
          expect(await failureOf(await signed(connectionsUrl, id, { method }))).toEqual(
            failure(410, 'GoneException'),
          );
        }
      },
    );

    test.each(['x', 'd1Y6deLooAMCJxA', '9f1c2b1e-5a0c-4a8e-9d57-0d5f3d3f2a11', '%'])(
      'a connection id of the wrong shape, %s, gets 400',
      async (id) => {
        const { post } = await connected();
        expect(await failureOf(await post('hi', id))).toEqual({
          ...failure(400, 'BadRequestException'),
          body: { message: 'Invalid connectionId' },
        });
      },
    );

    test('a request without a signature gets 403', async () => {
      const { connectionsUrl, connectionId } = await connected();
      const url = `${connectionsUrl}/@connections/${encodeURIComponent(connectionId)}`;
      const bearer = { authorization: 'Bearer AWS4-HMAC-SHA256' };
      for (const headers of [{}, bearer]) {
        const response = await fetch(url, { method: 'POST', headers, body: 'hi' });
        expect(await failureOf(response)).toEqual(failure(403, 'ForbiddenException'));
      }
    });

    test('posts beyond the rate get 429', async () => {
      const { post } = await connected({ postsPerSecond: 0.001, postBurst: 2 });
      expect((await post('1')).status).toBe(200);
      expect((await post('2')).status).toBe(200);
      expect(await failureOf(await post('3'))).toEqual(failure(429, 'LimitExceededException'));
    });

    test('a client that does not read gets no more than its buffer holds: then 429', async () => {
      const { client, post } = await connected({ bufferedBytes: 256 * KB });
      client.socket.pause();
      const body = 'x'.repeat(128 * KB);
      let sent = 0;
      let response = await post(body);
      // The kernel's own buffers fill up first.
      while (response.status === 200 && sent < 1_000) {
        sent += 1;
        response = await post(body);
      }
      expect(await failureOf(response)).toEqual(failure(429, 'LimitExceededException'));
      client.socket.resume();
      for (let read = 0; read < sent; read += 1) await client.next();
      expect((await post('again')).status).toBe(200);
      expect(await client.next()).toBe('again');
    });

    test('GET tells when the connection was opened and last active, and whose it is', async () => {
      const { client, connectionsUrl, connectionId, post } = await connected();
      const get = async () =>
        (await signed(connectionsUrl, connectionId, { method: 'GET' })).json() as Promise<{
          connectedAt: string;
          lastActiveAt: string;
          identity: unknown;
        }>;
      const before = await get();
      expect(before.identity).toEqual({ sourceIp: '127.0.0.1', userAgent: 'test' });
      await post('hi');
      await client.next();
      const after = await get();
      expect(after.connectedAt).toBe(before.connectedAt);
      expect(new Date(after.connectedAt).toISOString()).toBe(after.connectedAt);
      expect(Date.parse(after.lastActiveAt)).toBeGreaterThanOrEqual(
        Date.parse(before.lastActiveAt),
      );
    });

    test('DELETE closes with 1000, seen alike, and later posts get 410 at once', async () => {
      const { client, connectionsUrl, connectionId, disconnects, post } = await connected();
      const deleted = await signed(connectionsUrl, connectionId, { method: 'DELETE' });
      expect(deleted.status).toBe(204);
      expect((await post('hi')).status).toBe(410);
      expect((await client.closed).code).toBe(1000);
      expect((await disconnects.at(0)).requestContext).toMatchObject({
        disconnectStatusCode: 1000,
        disconnectReason: 'Connection Closed Normally',
      });
    });

    test("the AWS SDK's client posts, asks, closes, and tells the errors apart", async () => {
      const { client, connectionsUrl, connectionId } = await connected();
      const api = new ApiGatewayManagementApiClient({
        endpoint: connectionsUrl,
        region: 'local',
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      });
      const to = { ConnectionId: connectionId };
      await api.send(new PostToConnectionCommand({ ...to, Data: 'hi' }));
      expect(await client.next()).toBe('hi');
      const { ConnectedAt, LastActiveAt, Identity } = await api.send(new GetConnectionCommand(to));
      expect(ConnectedAt).toBeInstanceOf(Date);
      expect(LastActiveAt).toBeInstanceOf(Date);
      expect(Identity).toEqual({ SourceIp: '127.0.0.1', UserAgent: 'test' });
      const large = new PostToConnectionCommand({ ...to, Data: 'x'.repeat(128 * KB + 1) });
      await expect(api.send(large)).rejects.toMatchObject({ name: 'PayloadTooLargeException' });
      await api.send(new DeleteConnectionCommand(to));
      await expect(api.send(new GetConnectionCommand(to))).rejects.toMatchObject({
        name: 'GoneException',
        $metadata: { httpStatusCode: 410 },
      });
      api.destroy();
    });
  });
}
