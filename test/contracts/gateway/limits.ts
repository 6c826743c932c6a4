import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type {
  ConnectEvent,
  DisconnectEvent,
  MessageEvent,
} from '../../../local/gateway/socket-events.ts';
import { keeping, type OpenGatewayUnderTest, Seen, signed } from './harness.ts';
import { SocketClient } from './socket-client.ts';

const KB = 1024;
const text = (bytes: number) => 'x'.repeat(bytes);

export function limitsContract(open: OpenGatewayUnderTest): void {
  async function connected() {
    const connects = new Seen<ConnectEvent>();
    const messages = new Seen<MessageEvent>();
    const disconnects = new Seen<DisconnectEvent>();
    const { url, connectionsUrl } = await open(() => ({
      socket: {
        $connect: keeping(connects),
        $default: keeping(messages),
        $disconnect: keeping(disconnects),
      },
    }));
    const client = await SocketClient.open(`${url}/`);
    const { connectionId } = (await connects.at(0)).requestContext;
    return { client, messages, disconnects, connectionsUrl, connectionId };
  }

  const endOf = async (disconnects: Seen<DisconnectEvent>) => {
    const { requestContext } = await disconnects.at(0);
    expect(disconnects.all).toHaveLength(1);
    return requestContext;
  };

  describe('limits of messages', () => {
    test('a binary message closes with 1003, seen alike by client and $disconnect', async () => {
      const { client, messages, disconnects } = await connected();
      client.socket.send(Buffer.from('hi'));
      expect((await client.closed).code).toBe(1003);
      expect((await endOf(disconnects)).disconnectStatusCode).toBe(1003);
      expect(messages.all).toEqual([]);
    });

    test('a frame of 32 KB and a message of 128 KB in frames are taken', async () => {
      const { client, messages } = await connected();
      client.send(text(32 * KB));
      expect((await messages.at(0)).body).toHaveLength(32 * KB);
      client.sendFrames(...Array(4).fill(text(32 * KB)));
      expect((await messages.at(1)).body).toHaveLength(128 * KB);
    });

    test.each([
      ['a frame over 32 KB', [text(32 * KB + 1)]],
      ['a frame far over 128 KB', [text(500 * KB)]],
      ['a later frame over 32 KB', ['x', text(32 * KB + 1)]],
      ['a message over 128 KB in frames', [...Array(4).fill(text(32 * KB)), 'x']],
    ])('%s closes with 1009, seen alike, and reaches no handler', async (_what, frames) => {
      const { client, messages, disconnects } = await connected();
      client.sendFrames(...frames);
      expect((await client.closed).code).toBe(1009);
      expect((await endOf(disconnects)).disconnectStatusCode).toBe(1009);
      expect(messages.all).toEqual([]);
    });

    test('a message before an oversize one in the same write is handled', async () => {
      const { client, messages } = await connected();
      client.send('before');
      client.send(text(32 * KB + 1));
      expect((await client.closed).code).toBe(1009);
      expect((await messages.at(0)).body).toBe('before');
      expect(messages.all).toHaveLength(1);
    });

    test('garbage on the socket ends that connection only', async () => {
      const { client, disconnects } = await connected();
      const other = await connected();
      const { socket } = client as unknown as { socket: { _socket: NodeJS.WritableStream } };
      socket._socket.write(Buffer.from([0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 1, 7, 7, 7, 7, 7]));
      expect((await client.closed).code).toBe(1002);
      expect((await endOf(disconnects)).disconnectStatusCode).toBe(1002);
      other.client.send('hi');
      expect((await other.messages.at(0)).body).toBe('hi');
    });

    test('text that is not UTF-8 closes with 1007', async () => {
      const { client, messages, disconnects } = await connected();
      client.socket.send(Buffer.from([0xc3, 0x28]), { binary: false });
      expect((await client.closed).code).toBe(1007);
      expect((await endOf(disconnects)).disconnectStatusCode).toBe(1007);
      expect(messages.all).toEqual([]);
    });
  });

  describe('disconnecting', () => {
    test("the client's close code and reason reach $disconnect, once", async () => {
      const { client, disconnects } = await connected();
      await client.close(4_000, 'bye');
      const context = await endOf(disconnects);
      expect(context).toMatchObject({
        routeKey: '$disconnect',
        eventType: 'DISCONNECT',
        disconnectStatusCode: 4_000,
        disconnectReason: 'bye',
      });
      expect(context).not.toHaveProperty('messageId');
    });

    test('a close frame without a code is 1005', async () => {
      const { client, disconnects } = await connected();
      await client.close();
      expect(await endOf(disconnects)).toMatchObject({
        disconnectStatusCode: 1005,
        disconnectReason: 'Client-side close frame status not set',
      });
    });

    test('an abrupt loss is 1006', async () => {
      const { client, disconnects } = await connected();
      client.socket.terminate();
      expect((await endOf(disconnects)).disconnectStatusCode).toBe(1006);
    });
  });

  describe('time', () => {
    beforeEach(() => {
      jest.useFakeTimers({
        doNotFake: [
          'Date',
          'hrtime',
          'nextTick',
          'performance',
          'queueMicrotask',
          'setImmediate',
          'clearImmediate',
          'setInterval',
          'clearInterval',
        ],
      });
    });
    afterEach(() => {
      jest.useRealTimers();
    });

    const idle = 10 * 60 * 1000;

    test('ten minutes without a message close with 1001, seen alike', async () => {
      const { client, disconnects } = await connected();
      jest.advanceTimersByTime(idle - 1);
      await client.settled();
      expect(disconnects.all).toEqual([]);
      jest.advanceTimersByTime(1);
      expect((await client.closed).code).toBe(1001);
      expect((await endOf(disconnects)).disconnectStatusCode).toBe(1001);
    });

    test('a message in either direction starts the ten minutes anew, a ping does not', async () => {
      const { client, messages, disconnects, connectionsUrl, connectionId } = await connected();
      jest.advanceTimersByTime(idle - 1);
      client.send('hi');
      await messages.at(0);
      jest.advanceTimersByTime(idle - 1);
      const posted = { method: 'POST', body: 'hi' };
      expect((await signed(connectionsUrl, connectionId, posted)).status).toBe(200);
      await client.next();
      jest.advanceTimersByTime(idle - 1);
      const pong = once(client.socket, 'pong');
      client.socket.ping();
      await pong;
      expect(disconnects.all).toEqual([]);
      jest.advanceTimersByTime(1);
      expect((await client.closed).code).toBe(1001);
    });

    test('two hours close with 1001 however much is said', async () => {
      const { client, messages, disconnects } = await connected();
      for (let said = 0; said < 12; said += 1) {
        jest.advanceTimersByTime(idle - 1);
        client.send('hi');
        await messages.at(said);
      }
      expect(disconnects.all).toEqual([]);
      jest.advanceTimersByTime(12);
      expect((await client.closed).code).toBe(1001);
      expect((await endOf(disconnects)).disconnectStatusCode).toBe(1001);
    });
  });
}
