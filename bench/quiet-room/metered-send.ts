import { dynamoConnectionStore } from '../../lambdas/aws/connection-store.ts';
import type { Table } from '../../lambdas/aws/dynamo.ts';
import { roomServices, systemClock } from '../../lambdas/aws/services.ts';
import type { ConnectionGateway } from '../../lambdas/chat/ports/connection-gateway.ts';
import { silentMeter } from '../../lambdas/chat/ports/meter.ts';
import type { Relay } from '../../lambdas/chat/ports/relay.ts';
import { postShard } from '../../lambdas/chat/post-shard.ts';
import { resumePump } from '../../lambdas/chat/pump.ts';
import { relayBudget } from '../../lambdas/chat/pump-budget.ts';
import { sendActions } from '../../lambdas/edge/socket/actions.ts';
import { frameHandler } from '../../lambdas/edge/socket/frame-handler.ts';
import { sum } from '../measure.ts';
import { addConnections, connectionOf, openBenchTable } from '../table.ts';
import { type Call, longestChain, meter } from './meter.ts';

/** What one message costs, on average. */
export interface MeteredSend {
  calls: number;
  writeUnits: number;
  readUnits: number;
  posts: number;
  /** Calls one after the other before the first post. */
  callsBeforePost: number;
  /** The calls of one message, by their commands, in order. */
  commands: string[];
}

const ROOM = 'quiet';
const WARM_UP = 3;
const MESSAGES = 10;
/** So long as Lambda lets the fanout function run. */
const RELAY_MS = 120_000;

/**
 * Sends messages through the real handler of send-message to a room that is quiet otherwise, and
 * meters what DynamoDB says that they cost. Who posts is this process; nobody receives.
 */
export async function meterSends(members: number): Promise<MeteredSend> {
  const { table, close } = await openBenchTable();
  try {
    const users = Array.from({ length: members }, (_, n) => `user-${n}`);
    await addConnections(table, ROOM, users, 'v1');
    const posts: number[] = [];
    const calls = meter(table.client);
    const handler = sender(table, posts);
    const messages: { calls: Call[]; posts: number[] }[] = [];
    for (let n = 0; n < WARM_UP + MESSAGES; n++) {
      calls.length = 0;
      posts.length = 0;
      await handler(users[n % members] ?? '', `message ${n}`, n);
      messages.push({ calls: [...calls], posts: [...posts] });
    }
    return average(messages.slice(WARM_UP));
  } finally {
    await close();
  }
}

function average(messages: readonly { calls: Call[]; posts: number[] }[]): MeteredSend {
  const mean = (of: (message: (typeof messages)[number]) => number) =>
    sum(messages.map(of)) / messages.length;
  return {
    calls: mean(({ calls }) => calls.length),
    writeUnits: mean(({ calls }) => sum(calls.map((call) => call.writeUnits))),
    readUnits: mean(({ calls }) => sum(calls.map((call) => call.readUnits))),
    posts: mean(({ posts }) => posts.length),
    callsBeforePost: Math.max(
      ...messages.map(({ calls, posts }) => longestChain(calls, Math.min(...posts))),
    ),
    commands: messages.at(-1)?.calls.map(({ command }) => command) ?? [],
  };
}

function sender(table: Table, posts: number[]) {
  const gateway: ConnectionGateway = {
    async post() {
      posts.push(performance.now());
      return 'delivered';
    },
    isOpen: async () => true,
    close: async () => {},
  };
  const under: Promise<unknown>[] = [];
  const relay: Relay = {
    async handOn(room, ticket) {
      under.push(resumePump(services, room, ticket, relayBudget(systemClock, RELAY_MS)));
    },
    postShard: (task) => postShard(services, task),
  };
  const settings = { roomPostsPerSecond: 100_000 };
  const services = roomServices(table, gateway, relay, settings, {
    journal: () => {},
    meter: silentMeter,
  });
  const handler = frameHandler(
    { ...services, connections: dynamoConnectionStore(table) },
    sendActions,
  );
  return async (user: string, content: string, after: number) => {
    const frame = { action: 'sendMessage', room: ROOM, content, after };
    const event = {
      requestContext: { connectionId: connectionOf(user), requestId: 'r' },
      body: JSON.stringify(frame),
    };
    const answer = await handler(event, {} as never);
    if (!answer.body?.includes('"ack"')) throw new Error(JSON.stringify(answer));
    await Promise.all(under.splice(0));
  };
}
