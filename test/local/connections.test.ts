import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { apiGatewayConnections } from '../../lambdas/aws/connection-gateway.ts';
import { systemClock } from '../../lambdas/aws/services.ts';
import type { ConnectionGateway } from '../../lambdas/chat/ports/connection-gateway.ts';
import { localConnections } from '../../local/connections.ts';
import {
  type Connections,
  type Gateway,
  type GatewayLimits,
  openGateway,
} from '../../local/gateway/gateway.ts';
import type { ConnectEvent, DisconnectEvent } from '../../local/gateway/socket-events.ts';
import { keeping, Seen } from '../contracts/gateway/harness.ts';
import { SocketClient } from '../contracts/gateway/socket-client.ts';

const overHttp = ({ connectionsUrl }: Gateway): ConnectionGateway =>
  apiGatewayConnections({
    endpoint: connectionsUrl,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    clock: systemClock,
  });
const inProcess = ({ connections }: Gateway): ConnectionGateway => localConnections(connections);

/** The same to whoever posts, whether there is HTTP in between or not. */
describe.each([
  ['over HTTP', overHttp],
  ['in this process', inProcess],
])('clients of the local gateway, %s,', (_, clientsOf) => {
  const opened: Gateway[] = [];
  let disconnects: Seen<DisconnectEvent>;
  beforeEach(() => {
    disconnects = new Seen();
  });
  afterEach(() => Promise.all(opened.splice(0).map((gateway) => gateway.close())));

  async function connected(limits: Partial<GatewayLimits> = {}) {
    const connects = new Seen<ConnectEvent>();
    const gateway = await openGateway({ limits });
    opened.push(gateway);
    const socket = { $connect: keeping(connects), $disconnect: keeping(disconnects) };
    const url = await gateway.serve({ port: 0, routes: { socket, http: [] } });
    const client = await SocketClient.open(`${url}/`);
    const { connectionId } = (await connects.at(0)).requestContext;
    return { client, connectionId, clients: clientsOf(gateway), gateway };
  }

  test('get what is posted, and are counted', async () => {
    const { client, connectionId, clients, gateway } = await connected();
    expect(await clients.post(connectionId, 'größe 🙂')).toBe('delivered');
    expect(await client.next()).toBe('größe 🙂');
    expect(await clients.isOpen(connectionId)).toBe(true);
    expect(gateway.connections.posts).toBe(1);
    expect(gateway.connections.open).toBe(1);
  });

  test('are gone once they have left', async () => {
    const { client, connectionId, clients } = await connected();
    await client.close();
    await disconnects.at(0);
    expect(await clients.post(connectionId, 'x')).toBe('gone');
    expect(await clients.isOpen(connectionId)).toBe(false);
    await clients.close(connectionId);
  });

  test('are closed by us', async () => {
    const { client, connectionId, clients } = await connected();
    await clients.close(connectionId);
    expect((await client.closed).code).toBe(1000);
    expect(await clients.isOpen(connectionId)).toBe(false);
  });

  test('are throttled by the account’s rate', async () => {
    const { connectionId, clients } = await connected({ postsPerSecond: 0 });
    expect(await clients.post(connectionId, 'x')).toBe('throttled');
  });

  test('take no frame that is larger than a message', async () => {
    const { connectionId, clients } = await connected({ messageBytes: 10 });
    await expect(clients.post(connectionId, 'é'.repeat(6))).rejects.toThrow(/413|larger/);
  });
});

test('a round to a large room lets others work between its posts', async () => {
  let posted = 0;
  const clients = localConnections({
    post: () => {
      posted++;
      return 'sent';
    },
  } as unknown as Connections);
  const turns: number[] = [];
  const turn = () => {
    turns.push(posted);
    if (posted < 1_000) setImmediate(turn);
  };
  setImmediate(turn);
  await Promise.all(Array.from({ length: 1_000 }, () => clients.post('id', 'frame')));
  expect(posted).toBe(1_000);
  expect(turns.length).toBeGreaterThanOrEqual(10);
});
