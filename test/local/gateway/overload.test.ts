import { afterEach, describe, expect, test } from '@jest/globals';
import {
  type GatewayLimits,
  type GatewayRoutes,
  openGateway,
} from '../../../local/gateway/gateway.ts';
import { Seen } from '../../contracts/gateway/harness.ts';
import { refusedBy, SocketClient } from '../../contracts/gateway/socket-client.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A gateway whose handlers answer when they are told to. */
async function opened(limits: Partial<GatewayLimits>, routes: Partial<GatewayRoutes> = {}) {
  const logged: string[] = [];
  const gateway = await openGateway({ limits, log: (what) => logged.push(what) });
  closers.push(() => gateway.close());
  const begun = new Seen<() => void>();
  const slow = () =>
    new Promise<object>((resolve) => {
      begun.add(() => resolve({ statusCode: 200, body: 'done' }));
    });
  closers.push(async () => {
    for (const end of begun.all) end();
  });
  const url = await gateway.serve({
    port: 0,
    routes: {
      socket: { $default: slow },
      http: [{ path: '/slow', handler: slow }],
      ...routes,
    },
  });
  return { url, begun, logged };
}

describe('a gateway that has too much to do', () => {
  test('answers 429 to who asks for too much, and serves others', async () => {
    const { url, begun } = await opened(
      { workOfCaller: 1, waitingOfCaller: 1 },
      {
        claimOf: ({ event }) => ({
          caller: (event as { headers: Record<string, string> }).headers.who ?? '',
        }),
      },
    );
    const ask = (who: string) => fetch(`${url}/slow`, { headers: { who } });
    const first = ask('flood');
    await begun.at(0);
    const others = [ask('flood'), ask('flood')];
    const refused = await Promise.race(others);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toEqual({ message: 'Too Many Requests' });
    const bystander = ask('bystander');
    (await begun.at(1))();
    expect((await bystander).status).toBe(200);
    (await begun.at(0))();
    expect((await first).status).toBe(200);
    (await begun.at(2))();
    expect((await Promise.all(others)).map(({ status }) => status).sort()).toEqual([200, 429]);
  });

  test('answers 503 where all of it is full, and logs no failure', async () => {
    const { url, begun, logged } = await opened({ workAtOnce: 1, waitingInAll: 0 });
    const first = fetch(`${url}/slow`);
    await begun.at(0);
    const refused = await fetch(`${url}/slow`);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('2');
    expect(await refused.json()).toEqual({ message: 'Service Unavailable' });
    (await begun.at(0))();
    expect((await first).status).toBe(200);
    const later = fetch(`${url}/slow`);
    (await begun.at(1))();
    expect((await later).status).toBe(200);
    expect(logged).toEqual([]);
  });

  test('refuses a handshake with the same', async () => {
    const { url, begun } = await opened(
      { workAtOnce: 1, waitingInAll: 0 },
      { socket: { $connect: async () => ({ statusCode: 200 }) } },
    );
    void fetch(`${url}/slow`);
    await begun.at(0);
    const refused = await refusedBy(`${url}/`);
    expect(refused.status).toBe(503);
    expect(refused.headers['retry-after']).toBe('2');
  });

  test('tells a client which frame it has not looked at, and goes on with the others', async () => {
    const { url, begun } = await opened(
      { framesAtWork: 1, framesWaiting: 1 },
      { refusedFrame: (body, seconds) => `${body} again in ${seconds} s` },
    );
    const client = await SocketClient.open(`${url}/`);
    client.send('one');
    await begun.at(0);
    client.send('two');
    client.send('three');
    expect(await client.next()).toBe('three again in 1 s');
    (await begun.at(0))();
    expect(await client.next()).toBe('done');
    (await begun.at(1))();
    expect(await client.next()).toBe('done');
    expect(begun.all).toHaveLength(2);
  });

  test('says it in API Gateway’s words where the chat has none of its own', async () => {
    const { url, begun } = await opened({ framesAtWork: 1, framesWaiting: 0 });
    const client = await SocketClient.open(`${url}/`);
    client.send('one');
    await begun.at(0);
    client.send('two');
    expect(JSON.parse(await client.next())).toMatchObject({
      message: 'Too Many Requests',
      connectionId: expect.any(String),
      requestId: expect.any(String),
    });
  });

  test('sees to the end of a connection all the same', async () => {
    const ended = new Seen<string>();
    const { url, begun } = await opened(
      { workAtOnce: 1, waitingInAll: 0 },
      {
        socket: {
          $disconnect: async () => {
            ended.add('ended');
            return { statusCode: 200 };
          },
        },
      },
    );
    const client = await SocketClient.open(`${url}/`);
    const slow = fetch(`${url}/slow`);
    await begun.at(0);
    await client.close();
    (await begun.at(0))();
    expect((await slow).status).toBe(200);
    expect(await ended.at(0)).toBe('ended');
  });
});
