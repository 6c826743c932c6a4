import { forEachParallel } from '../lambdas/chat/parallel.ts';
import { type LocalChat, startLocalChat, userNames } from './local-chat.ts';
import { percent, percentile, sum } from './measure.ts';
import { type Outcome, offer } from './overload/offer.ts';
import { type Room, Sender } from './overload/sender.ts';
import { storedIn } from './overload/stored.ts';
import type { Report, Scenario } from './report.ts';

/** The last rate of each is beyond what a laptop can do. */
const CASES = [
  { rooms: 1, members: 1_000, rates: [100, 200, 800] },
  { rooms: 10, members: 20, rates: [100, 200, 1_600] },
] as const;
const SECONDS = 10;
const USERS = userNames(100);
/** How long answers may take after the last message. */
const PATIENCE_MS = 30_000;
/** A chat that goes on at once stores a message so soon after the load has ended. */
const AT_ONCE_MS = 2_000;

interface Loaded {
  what: string;
  perSecond: number;
  outcome: Outcome;
  /** Of what was acknowledged, how many messages the log does not hold, and how many twice. */
  lost: number;
  twice: number;
  /** How long the first message after the load takes in each room, in milliseconds. */
  after: number[];
  failures: number;
}

export const overload: Scenario = {
  name: 'overload',
  title: 'Overload: more messages than a laptop can store',
  async run() {
    const all: Loaded[] = [];
    for (const each of CASES) all.push(...(await under(each)));
    return report(all);
  },
};

async function under({ rooms: count, members, rates }: (typeof CASES)[number]): Promise<Loaded[]> {
  const chat = await startLocalChat(USERS);
  const senders: Sender[] = [];
  try {
    const rooms = Array.from({ length: count }, (_, n): Room => ({ name: `room-${n}`, head: 0 }));
    const places = Array.from({ length: members }, () => rooms).flat();
    await forEachParallel(places.entries(), 20, async ([n, room]) => {
      senders.push(await Sender.connect(chat, USERS[n % USERS.length] ?? '', room));
    });
    const what =
      count === 1 ? `${members} members in a room` : `${count} rooms x ${members} members`;
    const all: Loaded[] = [];
    for (const perSecond of rates) {
      const before = chat.failures();
      const outcome = await offer(senders, { perSecond, seconds: SECONDS }, PATIENCE_MS);
      const after = await firstAfter(senders, rooms);
      const failures = chat.failures() - before;
      const stored = await countStored(chat, rooms, outcome.acknowledged);
      all.push({ what, perSecond, outcome, ...stored, after, failures });
    }
    return all;
  } finally {
    for (const sender of senders) sender.end();
    await chat.stop();
  }
}

/** One message in each room. @returns how long each takes; those that are refused don't count */
async function firstAfter(senders: readonly Sender[], rooms: readonly Room[]): Promise<number[]> {
  const first = rooms.flatMap((room) => senders.find((sender) => sender.room === room) ?? []);
  const { latencies } = await offer(first, { perSecond: rooms.length, seconds: 1 }, PATIENCE_MS);
  return latencies;
}

/** Reads the rooms' logs from the beginning. */
async function countStored(
  chat: LocalChat,
  rooms: readonly Room[],
  acknowledged: ReadonlySet<string>,
): Promise<{ lost: number; twice: number }> {
  const times = new Map<string, number>();
  for (const { name } of rooms) {
    for (const [id, count] of await storedIn(chat, USERS[0] ?? '', name)) times.set(id, count);
  }
  return {
    lost: [...acknowledged].filter((id) => !times.has(id)).length,
    twice: [...times.values()].filter((count) => count > 1).length,
  };
}

const refusedOf = ({ refused }: Outcome) => sum([...refused.values()]);

function report(all: readonly Loaded[]): Report {
  const named = ({ what, perSecond }: Loaded) => `${what}, ${perSecond} messages a second offered`;
  const inMs = (values: readonly number[], rank: number) =>
    values.length > 0 ? Math.round(percentile(values, rank)) : '-';
  return {
    method: `The local stack in a process of its own, and a new one for each crowd; sockets of parlor.v1 clients in another process take turns at sending for ${SECONDS} s at a steady rate, whatever comes back, and send nothing again. Each message has a clientId; what was acknowledged is looked for in the rooms' logs afterwards. Then one message is sent in each room.`,
    findings: all.flatMap((loaded) => {
      const { outcome, lost, twice, after, failures } = loaded;
      const { acknowledged, offered, unanswered, failed, closed } = outcome;
      const slowest = Math.max(...after);
      return [
        {
          what: `${named(loaded)}: answered`,
          measured: `${acknowledged.size} stored (p99 ${inMs(outcome.latencies, 99)} ms), ${refusedOf(outcome)} refused, ${unanswered} without an answer, ${failed + failures} failed, ${closed} sockets closed`,
          baseline: `${offered} offered`,
          target: 'each stored or refused, none failed',
          met: unanswered + failed + failures + closed === 0,
        },
        {
          what: 'acknowledged and not in the log, or twice',
          measured: `${lost}, ${twice}`,
          baseline: `${acknowledged.size} acknowledged`,
          target: 'none',
          met: lost + twice === 0,
        },
        {
          what: 'the first message after it',
          measured: after.length > 0 ? `${Math.round(slowest)} ms` : 'refused',
          baseline: `${outcome.latencies.length > 0 ? inMs(outcome.latencies, 50) : '-'} ms at the median meanwhile`,
          target: `at most ${AT_ONCE_MS} ms`,
          met: after.length > 0 && slowest <= AT_ONCE_MS,
        },
      ];
    }),
    tables: [
      {
        title: 'Messages',
        header: [
          ...['crowd', 'offered a second', 'offered', 'stored', 'refused', 'share stored'],
          ...['p50 ms', 'p99 ms', 'refused after, p99 ms'],
        ],
        rows: all.map(({ what, perSecond, outcome }) => [
          ...[what, perSecond, outcome.offered, outcome.acknowledged.size, refusedOf(outcome)],
          percent(outcome.acknowledged.size, outcome.offered),
          inMs(outcome.latencies, 50),
          inMs(outcome.latencies, 99),
          inMs(outcome.refusals, 99),
        ]),
      },
    ],
    charts: [],
    notes: [
      `Refused by code: ${codesOf(all)}.`,
      'Server and clients share the machine: what the clients take of it, the server lacks.',
      'A client of the SDK keeps what is refused, waits as long as the answer says, and sends it again.',
    ],
  };
}

function codesOf(all: readonly Loaded[]): string {
  const codes = new Map<string, number>();
  for (const { outcome } of all) {
    for (const [code, count] of outcome.refused) codes.set(code, (codes.get(code) ?? 0) + count);
  }
  return [...codes].map(([code, count]) => `${count} ${code}`).join(', ') || 'none';
}
