import {
  ApiGatewayManagementApiClient,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { apiGatewayConnections } from '../../lambdas/aws/connection-gateway.ts';
import type { PostClient } from '../../lambdas/aws/environment.ts';
import { systemClock, systemRandom } from '../../lambdas/aws/services.ts';
import type { Presence } from '../../lambdas/chat/connection.ts';
import { type PostPorts, postShard } from '../../lambdas/chat/post-shard.ts';
import { cpuSince } from '../measure.ts';

/** Posts one frame to many connections in one of several ways, and tells what it took. */
const CONNECTIONS = 10_000;
const WARM_UP = 1_000;
const BATCH = 200;
const FRAME = JSON.stringify({ type: 'chat_message', content: 'x'.repeat(250) }).padEnd(300);

const [, , variant = '', url = ''] = process.argv;
/** Lambda's role has a session token, of about as many letters. */
const sessionToken = 'IQoJb3JpZ2luX2Vj'.repeat(60);
const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken };
const region = 'eu-central-1';
const ids = Array.from({ length: CONNECTIONS }, (_, n) => `${String(n).padStart(15, 'x')}=`);

type PostTo = (connections: readonly string[]) => Promise<void>;

/** What Parlor's fanout function runs for one shard, but for where its list comes from. */
function parlor(client: PostClient): PostTo {
  const clock = systemClock;
  const gateway = apiGatewayConnections({
    ...{ endpoint: url, region, credentials, clock, client },
    // Stock waits for ever. On a busy machine the receiver may get no CPU time for seconds.
    deadlineMs: 60_000,
  });
  return async (connections) => {
    const presences = connections.map(
      (connectionId): Presence => ({
        connectionId,
        dialect: 'v1',
        connectedAt: 0,
        authUntil: Number.MAX_SAFE_INTEGER,
      }),
    );
    const store = {
      async *inShard() {
        yield presences;
      },
    } as Partial<PostPorts['connections']> as PostPorts['connections'];
    const report = await postShard(
      { gateway, connections: store, clock, random: systemRandom },
      {
        room: 'bench',
        shard: 0,
        frames: { v1: [FRAME], legacy: [FRAME] },
        until: Date.now() + 60_000,
        postsPerSecond: 1_000_000,
      },
    );
    if (report.delivered !== connections.length) throw new Error(JSON.stringify(report));
  };
}

/** As AWS's samples post: the SDK's client and Promise.all, here with as many sockets as ours. */
function stock(batch: number): PostTo {
  const requestHandler = new NodeHttpHandler({
    httpsAgent: { maxSockets: 200 },
    // Thousands waiting is what is measured: it is not said over and over.
    socketAcquisitionWarningTimeout: 600_000,
  });
  const client = new ApiGatewayManagementApiClient({
    endpoint: url,
    region,
    credentials,
    requestHandler,
  });
  return async (connections) => {
    for (let from = 0; from < connections.length; from += batch) {
      await Promise.all(
        connections
          .slice(from, from + batch)
          .map((ConnectionId) =>
            client.send(new PostToConnectionCommand({ ConnectionId, Data: FRAME })),
          ),
      );
    }
  };
}

const variants: Record<string, () => PostTo> = {
  parlor: () => parlor('lean'),
  'parlor by undici': () => parlor('undici'),
  'stock in batches': () => stock(BATCH),
  'stock all at once': () => stock(Number.POSITIVE_INFINITY),
};

const postTo = variants[variant]?.();
if (!postTo) throw new Error(`There is no variant "${variant}".`);
await postTo(ids.slice(0, WARM_UP));
const cpu = process.cpuUsage();
const start = performance.now();
await postTo(ids);
const result = {
  cpuPerPost: cpuSince(cpu) / CONNECTIONS,
  seconds: (performance.now() - start) / 1_000,
  // Kilobytes.
  peakMb: process.resourceUsage().maxRSS / 1_024,
  posts: CONNECTIONS + WARM_UP,
};
console.log(JSON.stringify(result));
process.exit(0);
