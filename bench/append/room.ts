import { KINDS } from '../../features/kinds.ts';
import { append, type Draft } from '../../lambdas/chat/append.ts';
import { MESSAGE, type RoomEvent } from '../../lambdas/chat/event.ts';
import type { ConnectionGateway } from '../../lambdas/chat/ports/connection-gateway.ts';
import type { ConnectionStore } from '../../lambdas/chat/ports/connection-store.ts';
import type { EventLog } from '../../lambdas/chat/ports/event-log.ts';
import { silentMeter } from '../../lambdas/chat/ports/meter.ts';
import { type PublishPorts, publish } from '../../lambdas/chat/publish.ts';
import { resumePump, roomPump } from '../../lambdas/chat/pump.ts';
import { inlineBudget, relayBudget } from '../../lambdas/chat/pump-budget.ts';
import type { PumpPorts } from '../../lambdas/chat/pump-round.ts';
import type { ServerFrame } from '../../protocol/frames.ts';
import { simulatedTable, type Usage } from './simulated-table.ts';
import { seededRandom, type VirtualTime, virtualTime } from './virtual-time.ts';

/** How a message comes into the log: by its writer alone, or with others past a few lost slots. */
export type Way = 'plain' | 'group';

export interface Outcome {
  sent: number;
  stored: number;
  usage: Usage;
  /** All that were acknowledged. */
  answers: Answer[];
}

/** When a message came, and how long after that it was acknowledged, in milliseconds. */
export interface Answer {
  sentAt: number;
  took: number;
}

const ROOM = 'hot';
const MEMBERS = 10;
/** API Gateway's answer to a post, and Lambda's to an asynchronous invocation. */
const POST_MS = 10;
const INVOKE_MS = 20;
/** What is under way at the end of the run has so long to end. */
const SETTLE_MS = 20_000;
/** Where a plain writer gives up, and its sender gets an error. */
const PLAIN_ATTEMPTS = 50;

/** Runs one room for some seconds of virtual time, with messages coming at random moments. */
export async function runRoom(
  way: Way,
  perSecond: number,
  seconds: number,
  seed: number,
): Promise<Outcome> {
  const clock = virtualTime();
  const random = seededRandom(seed);
  const table = simulatedTable(clock, random);
  const sentAt = new Map<string, number>();
  const answers: Answer[] = [];
  const acknowledged = (clientId: string) => {
    const at = sentAt.get(clientId) ?? Number.NaN;
    answers.push({ sentAt: at, took: clock.now() - at });
  };
  const log = way === 'plain' ? unmarked(table.log) : table.log;
  const ports = sendPorts(clock, random, { ...table, log }, acknowledged);

  const send = async () => {
    const clientId = `m${sentAt.size}`;
    sentAt.set(clientId, clock.now());
    const draft = { room: ROOM, userId: 'u', sender: 'someone', clientId, ...MESSAGE_SAID };
    // The head is read while the connection is looked up; `after` is where the client is.
    const head = await ports.log.head(ROOM);
    const stored = await store(way, ports, { ...draft, after: head.seq }, head);
    if (stored) acknowledged(clientId);
  };
  const arrivals = async () => {
    while (clock.now() < seconds * 1_000) {
      await clock.sleep(random.exponential(1_000 / perSecond));
      send().catch((error: unknown) => console.error(error));
    }
  };
  void arrivals();
  await clock.runUntil(seconds * 1_000 + SETTLE_MS);
  const usage = { ...table.usage };
  const stored = ports.log.head(ROOM);
  await clock.runUntil(Number.MAX_SAFE_INTEGER);
  return { sent: sentAt.size, stored: (await stored).seq, usage, answers };
}

const MESSAGE_SAID = {
  type: MESSAGE,
  payload: { content: 'a message of the usual length, which is some sixty characters' },
};

/** Plain writers know nothing of a crowd: they don't step back from it. */
function unmarked(log: EventLog): EventLog {
  const plain = ({ crowded: _crowded, ...event }: RoomEvent): RoomEvent => event;
  return {
    ...log,
    put: (first, ...rest) => log.put(plain(first), ...rest.map(plain)),
    readForward: async (...args) => (await log.readForward(...args)).map(plain),
    async head(room) {
      const { crowded: _crowded, ...head } = await log.head(room);
      return head;
    },
  };
}

/** @returns false when somebody else will acknowledge it, or nobody */
async function store(
  way: Way,
  ports: PublishPorts,
  draft: Draft,
  head: Awaited<ReturnType<PublishPorts['log']['head']>>,
): Promise<boolean> {
  if (way === 'group') {
    return 'event' in (await publish(ports, draft, { reply: { connectionId: 'sender' }, head }));
  }
  const appended = await append(ports, draft, ports.random.id(), PLAIN_ATTEMPTS, head);
  if (!('event' in appended)) return false;
  await ports.fanOut.deliver(appended.event);
  return true;
}

function sendPorts(
  clock: VirtualTime,
  random: ReturnType<typeof seededRandom>,
  table: ReturnType<typeof simulatedTable>,
  acknowledged: (clientId: string) => void,
): PublishPorts {
  const gateway: ConnectionGateway = {
    async post(_, text) {
      await clock.sleep(POST_MS);
      const frame = JSON.parse(text) as ServerFrame;
      if (frame.type === 'ack') acknowledged(frame.clientId);
      return 'delivered';
    },
    isOpen: async () => true,
    close: async () => {},
  };
  const ports: PumpPorts = {
    ...table,
    kinds: KINDS,
    clock,
    random,
    gateway,
    meter: silentMeter,
    connections: tenMembers(),
    roomPostsPerSecond: 5_000,
    relay: {
      async handOn(room, ticket) {
        await clock.sleep(INVOKE_MS);
        void resumePump(ports, room, ticket, relayBudget(clock, 120_000));
      },
      postShard: () => Promise.reject(new Error('A room of ten has one shard.')),
    },
  };
  return { ...ports, fanOut: roomPump(ports, () => inlineBudget(clock)) };
}

/** A pump asks only for the list. */
function tenMembers(): ConnectionStore {
  const presences = Array.from({ length: MEMBERS }, (_, n) => ({
    connectionId: `c${n}`,
    dialect: 'v1' as const,
    connectedAt: 0,
    authUntil: Number.MAX_SAFE_INTEGER,
  }));
  const list: Pick<ConnectionStore, 'inShard'> = {
    async *inShard() {
      yield presences;
    },
  };
  return list as ConnectionStore;
}
