import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { type Gateway, openGateway } from '../../../local/gateway/gateway.ts';
import type { DisconnectEvent } from '../../../local/gateway/socket-events.ts';
import { onSocket, Seen, signed } from '../../contracts/gateway/harness.ts';
import { SocketClient } from '../../contracts/gateway/socket-client.ts';

const opened: Gateway[] = [];
afterEach(async () => {
  jest.useRealTimers();
  await Promise.all(opened.splice(0).map((gateway) => gateway.close()));
});

async function gatewayForTest(options: Parameters<typeof openGateway>[0] = {}): Promise<Gateway> {
  const gateway = await openGateway({ log: () => {}, ...options });
  opened.push(gateway);
  return gateway;
}

/** Those would stand still for the sockets as well. */
const ALL_BUT_TIMEOUTS = [
  'Date',
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
] as const;

const nothing = { socket: {}, http: [] };

/** Whether a port of the loopback interface can be taken. */
const isFree = (url: string) =>
  new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(Number(new URL(url).port), '127.0.0.1', () => server.close(() => resolve(true)));
  });

describe('opening', () => {
  test('serve() rejects when the port is taken, and may be called again', async () => {
    const first = await gatewayForTest();
    const port = Number(new URL(await first.serve({ port: 0, routes: nothing })).port);
    const second = await gatewayForTest();
    await expect(second.serve({ port, routes: nothing })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
    const url = await second.serve({ port: 0, routes: nothing });
    expect((await fetch(url)).status).toBe(404);
  });

  test('a gateway serves once', async () => {
    const gateway = await gatewayForTest();
    await gateway.serve({ port: 0, routes: nothing });
    await expect(gateway.serve({ port: 0, routes: nothing })).rejects.toThrow('serves already');
  });

  test('the @connections API answers before clients are let in', async () => {
    const gateway = await gatewayForTest();
    expect((await signed(gateway.connectionsUrl, 'd1Y6deLooAMCJxA=')).status).toBe(410);
  });

  test('a gateway on all interfaces names the loopback one', async () => {
    const gateway = await gatewayForTest({ hosts: ['0.0.0.0'] });
    const url = await gateway.serve({ port: 0, routes: nothing });
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });
});

/** Whether this machine has IPv6 on the loopback interface. */
const HAS_IPV6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);

describe('the addresses of this machine', () => {
  const serving = {
    socket: {},
    http: [{ path: '$default', handler: async () => ({ statusCode: 200, body: 'here' }) }],
  };

  test.each(['localhost', '127.0.0.1', ...(HAS_IPV6 ? ['[::1]'] : [])])(
    'lead to the gateway by %s, for requests and for sockets, until it closes',
    async (host) => {
      const gateway = await gatewayForTest();
      const url = (await gateway.serve({ port: 0, routes: serving })).replace('127.0.0.1', host);
      expect(await (await fetch(`${url}/api/`)).text()).toBe('here');
      const socket = new WebSocket(`${url.replace('http', 'ws')}/ws/chat/lobby/`);
      const closed = once(socket, 'close');
      await once(socket, 'open');
      expect(gateway.connections.open).toBe(1);
      await gateway.close();
      await closed;
      await expect(fetch(url)).rejects.toThrow();
    },
  );

  test('are left out where there are none such', async () => {
    const gateway = await gatewayForTest({ hosts: ['127.0.0.1', '2001:db8::1', '192.0.2.1'] });
    const url = await gateway.serve({ port: 0, routes: serving });
    expect(await (await fetch(`${url}/api/`)).text()).toBe('here');
  });

  test('are all ours, or the port is taken', async () => {
    const [first, second] = ['127.0.0.1', '127.0.0.2'];
    const other = createServer().listen(0, second);
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const gateway = await gatewayForTest({ hosts: [first, second] });
    try {
      await expect(gateway.serve({ port, routes: serving })).rejects.toMatchObject({
        code: 'EADDRINUSE',
      });
    } finally {
      other.close();
    }
    await once(other, 'close');
    // Nothing of the first attempt is left.
    expect(await gateway.serve({ port, routes: serving })).toBe(`http://${first}:${port}`);
  });
});

describe('the page', () => {
  test('it is asked first, and what is not its own goes to the HTTP API', async () => {
    const gateway = await gatewayForTest();
    const url = await gateway.serve({
      port: 0,
      routes: {
        socket: {},
        http: [{ path: '$default', handler: async () => ({ statusCode: 200, body: 'api' }) }],
        page: async (request, response) => {
          if (request.url !== '/') return false;
          response.end('page');
          return true;
        },
      },
    });
    expect(await (await fetch(url)).text()).toBe('page');
    expect(await (await fetch(`${url}/api/`, { method: 'POST', body: 'x' })).text()).toBe('api');
  });

  test('a page that fails is 500 and logged', async () => {
    const log = jest.fn();
    const gateway = await gatewayForTest({ log });
    const page = () => Promise.reject(new Error('broken'));
    const url = await gateway.serve({ port: 0, routes: { ...nothing, page } });
    expect((await fetch(url)).status).toBe(500);
    expect(log).toHaveBeenCalledTimes(1);
  });

  test('a plain request to the path of a room is told to upgrade', async () => {
    const gateway = await gatewayForTest();
    const url = await gateway.serve({ port: 0, routes: nothing });
    expect((await fetch(`${url}/ws/chat/lobby/`)).status).toBe(426);
  });
});

describe('closing', () => {
  test('ends each connection with 1001, runs its $disconnect to the end, and frees the ports', async () => {
    const left = new Seen<number>();
    const gateway = await gatewayForTest();
    const url = await gateway.serve({
      port: 0,
      routes: {
        socket: {
          $disconnect: onSocket(async ({ requestContext }: DisconnectEvent) => {
            // The @connections API is there to the last.
            const response = await signed(gateway.connectionsUrl, requestContext.connectionId);
            left.add(response.status);
          }),
        },
        http: [],
      },
    });
    const clients = await Promise.all([1, 2, 3].map(() => SocketClient.open(`${url}/`)));
    expect(gateway.connections.open).toBe(3);
    await gateway.close();
    expect(left.all).toEqual([410, 410, 410]);
    expect(gateway.connections.open).toBe(0);
    for (const client of clients) expect((await client.closed).code).toBe(1001);
    expect(await isFree(url)).toBe(true);
    expect(await isFree(gateway.connectionsUrl)).toBe(true);
  });

  test('waits for handlers under way, however long, and their answers arrive', async () => {
    jest.useFakeTimers({ doNotFake: [...ALL_BUT_TIMEOUTS] });
    const entered = Promise.withResolvers<void>();
    const done = Promise.withResolvers<void>();
    let running = 0;
    const handler = async () => {
      running += 1;
      if (running === 2) entered.resolve();
      await done.promise;
      return { statusCode: 200, body: 'late' };
    };
    const gateway = await gatewayForTest();
    const url = await gateway.serve({
      port: 0,
      routes: { socket: { $default: handler }, http: [{ path: '$default', handler }] },
    });
    const client = await SocketClient.open(`${url}/`);
    client.send('hi');
    const response = fetch(url);
    await entered.promise;
    let closed = false;
    const closing = gateway.close().then(() => {
      closed = true;
    });
    expect((await client.closed).code).toBe(1001);
    jest.advanceTimersByTime(20_000);
    expect(closed).toBe(false);
    done.resolve();
    expect(await (await response).text()).toBe('late');
    await closing;
  });

  test('a connection whose $connect is under way is opened, ended with 1001 and disconnected', async () => {
    const entered = Promise.withResolvers<void>();
    const decide = Promise.withResolvers<void>();
    const codes = new Seen<number | undefined>();
    const gateway = await gatewayForTest();
    const url = await gateway.serve({
      port: 0,
      routes: {
        socket: {
          $connect: async () => {
            entered.resolve();
            await decide.promise;
            return { statusCode: 200 };
          },
          $disconnect: onSocket(({ requestContext }) =>
            codes.add(requestContext.disconnectStatusCode),
          ),
        },
        http: [],
      },
    });
    const opening = SocketClient.open(`${url}/`);
    await entered.promise;
    const closing = gateway.close();
    decide.resolve();
    expect((await (await opening).closed).code).toBe(1001);
    await closing;
    expect(codes.all).toEqual([1001]);
  });

  test('a client that does not take its leave is cut', async () => {
    const gateway = await gatewayForTest();
    const url = await gateway.serve({ port: 0, routes: nothing });
    const client = await SocketClient.open(`${url}/`);
    client.socket.pause();
    await gateway.close();
    client.socket.resume();
    await client.closed;
    expect(await isFree(url)).toBe(true);
  });

  test.each(['clients', 'posts'])(
    'a half-sent request on the port for %s is cut',
    async (which) => {
      const gateway = await gatewayForTest();
      const front = await gateway.serve({ port: 0, routes: nothing });
      const url = which === 'posts' ? gateway.connectionsUrl : front;
      const tcp = connect(Number(new URL(url).port), '127.0.0.1');
      tcp.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nsome');
      // Once it has answered twice, the gateway has read that much.
      for (let request = 0; request < 2; request += 1) await fetch(url);
      const cut = new Promise<void>((resolve) => tcp.once('close', () => resolve()));
      tcp.on('error', () => {});
      await gateway.close();
      await cut;
    },
  );

  test('closing twice, or without having served, is harmless', async () => {
    const gateway = await gatewayForTest();
    await Promise.all([gateway.close(), gateway.close()]);
    await expect(gateway.serve({ port: 0, routes: nothing })).rejects.toThrow('closed');
  });
});
