import { setTimeout as sleep } from 'node:timers/promises';
import { fullJitter } from '../client/backoff.ts';
import { TIMING } from '../client/options.ts';
import { forEachParallel } from '../lambdas/chat/parallel.ts';
import { TokenBucket } from '../local/gateway/token-bucket.ts';
import { seededRandom } from './append/virtual-time.ts';
import { type LocalChat, startLocalChat, userNames } from './local-chat.ts';
import { fixed, interleaved, median, percentile, sum } from './measure.ts';
import { Member } from './member.ts';
import { patiently } from './patience.ts';
import type { Report, Scenario } from './report.ts';

const CLIENTS = 2_000;
const USERS = userNames(200);
const ROOM = 'storm';
const MISSED = 50;
/** New connections a second that API Gateway grants an account and region. */
const CONNECTS_PER_SECOND = 500;
const GIVE_UP_MS = 60_000;
/** Chance decides who is back when: of so many storms, the one with the median last client is shown. */
const STORMS = 3;
const SEEDS = Array.from({ length: 15 }, (_, n) => n + 1);

/** How long a client waits before its attempt `n`, in milliseconds. */
const POLICIES = {
  'full jitter': (attempt: number, random: number) => fullJitter(attempt, TIMING, random),
  'no jitter': (attempt: number) => (attempt === 0 ? 0 : 1_000),
} as const;
type Policy = keyof typeof POLICIES;
const NAMES = ['no jitter', 'full jitter'] as const;

interface Storm {
  /** Seconds from the cut to each client's having everything. */
  back: number[];
  attempts: number;
  failures: number;
}

export const reconnectStorm: Scenario = {
  name: 'reconnect-storm',
  title: `Reconnect storm: ${CLIENTS} clients cut at once`,
  async run() {
    const storms = await interleaved(NAMES, STORMS, async (name) => {
      const chat = await startLocalChat(USERS);
      try {
        return await cutAll(chat, POLICIES[name]);
      } finally {
        await chat.stop();
      }
    });
    return report({
      'no jitter': medianStorm(storms['no jitter']),
      'full jitter': medianStorm(storms['full jitter']),
    });
  },
};

/** The storm whose last client is back at the median of all. One in which somebody isn't comes last. */
export function medianStorm(storms: readonly Storm[]): Storm {
  const lastOf = ({ back }: Storm) =>
    back.length < CLIENTS ? Number.POSITIVE_INFINITY : Math.max(...back);
  const middle = median(storms.map(lastOf));
  const shown = storms.find((storm) => lastOf(storm) === middle);
  if (!shown) throw new Error('There was no storm.');
  return shown;
}

async function cutAll(
  chat: LocalChat,
  wait: (n: number, random: number) => number,
): Promise<Storm> {
  const clients = Array.from(
    { length: CLIENTS },
    (_, n) => new Member(chat, USERS[n % USERS.length] ?? '', ROOM),
  );
  await forEachParallel(clients, 20, (client) =>
    patiently('A client can’t connect before the storm', () => client.connect()),
  );
  const failed = chat.failures();
  const cut = performance.now();
  for (const { socket } of clients) socket?.terminate();
  await sendWhileAway(chat);

  const back: number[] = [];
  let attempts = 0;
  await Promise.all(
    clients.map(async (client) => {
      for (let n = 0; performance.now() - cut < GIVE_UP_MS; n++) {
        await sleep(wait(n, Math.random()));
        attempts++;
        try {
          await client.connect();
          await client.replay();
        } catch {
          // Refused or too slow: the next attempt comes after a pause.
          client.socket?.terminate();
          continue;
        }
        if (client.complete < MISSED) continue;
        back.push((performance.now() - cut) / 1_000);
        return;
      }
    }),
  );
  for (const { socket } of clients) socket?.terminate();
  return { back, attempts, failures: chat.failures() - failed };
}

/** What nobody is there to hear. */
async function sendWhileAway(chat: LocalChat): Promise<void> {
  const authorization = `Bearer ${await chat.token(USERS[0] ?? '')}`;
  for (let n = 0; n < MISSED; n++) {
    // The stack is busy with 2,000 ends. By its key a message is stored once, however often it is sent.
    await patiently('A message can’t be sent into the storm', async () => {
      const response = await fetch(`${chat.url}/api/rooms/${ROOM}/messages/`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json', 'idempotency-key': `m${n}` },
        body: JSON.stringify({ content: `message ${n}` }),
      });
      if (!response.ok) throw new Error(`answered with ${response.status}`);
    });
  }
}

/** The same with API Gateway's quota, and a server that is never slow: a model. */
const quotaModel = (wait: (n: number, random: number) => number): Storm =>
  medianStorm(SEEDS.map((seed) => modelledStorm(wait, seed)));

function modelledStorm(wait: (n: number, random: number) => number, seed: number): Storm {
  const random = seededRandom(seed);
  const bucket = new TokenBucket(CONNECTS_PER_SECOND, CONNECTS_PER_SECOND, 0);
  const due = Array.from({ length: CLIENTS }, () => ({ at: wait(0, random.fraction()), n: 0 }));
  const back: number[] = [];
  let attempts = 0;
  while (due.length > 0) {
    due.sort((a, b) => b.at - a.at);
    const next = due.pop();
    if (!next) break;
    attempts++;
    if (bucket.take(next.at)) back.push(next.at / 1_000);
    else due.push({ at: next.at + wait(next.n + 1, random.fraction()), n: next.n + 1 });
  }
  return { back, attempts, failures: 0 };
}

function report(storms: Record<Policy, Storm>): Report {
  const models = {
    'no jitter': quotaModel(POLICIES['no jitter']),
    'full jitter': quotaModel(POLICIES['full jitter']),
  };
  const last = ({ back }: Storm) => fixed(Math.max(...back));
  const [ours, plain] = [storms['full jitter'], storms['no jitter']];
  const rows = [
    ...NAMES.map((name) => [`local stack, ${name}`, storms[name]] as const),
    ...NAMES.map((name) => [`API Gateway's quota (model), ${name}`, models[name]] as const),
  ];
  return {
    method: `${CLIENTS} parlor.v1 clients of one room on the local stack lose their sockets at the same moment, and ${MISSED} messages are stored before they try again. Each comes back after the web app's back-off (full jitter: anything up to 0.5 s, doubling), and replays. The baseline tries at once, and after each failure a second later. The quota's model lets ${CONNECTS_PER_SECOND} connections a second in, as many at once after a pause, and refuses the others.`,
    findings: [
      {
        what: 'clients that are back and have everything',
        measured: `${ours.back.length} of ${CLIENTS}, the last after ${last(ours)} s`,
        baseline: `without jitter ${plain.back.length}, the last after ${last(plain)} s`,
        target: 'all',
        met: ours.back.length === CLIENTS,
      },
      {
        what: 'attempts that the quota refuses (model)',
        measured: `${models['full jitter'].attempts - CLIENTS}`,
        baseline: `without jitter ${models['no jitter'].attempts - CLIENTS}`,
        target: 'fewer',
        met: models['full jitter'].attempts < models['no jitter'].attempts,
      },
    ],
    tables: [
      {
        title: 'Seconds from the cut to having everything',
        header: ['clients', 'back', 'p50', 'p99', 'last', 'attempts', 'failed on the server'],
        rows: rows.map(([name, storm]) => [
          name,
          storm.back.length,
          fixed(percentile(storm.back, 50)),
          fixed(percentile(storm.back, 99)),
          last(storm),
          storm.attempts,
          storm.failures,
        ]),
      },
    ],
    charts: [
      {
        name: 'back',
        title: 'Clients that have everything again',
        kind: 'lines',
        unit: 'percent, by seconds since the cut',
        labels: Array.from({ length: 21 }, (_, n) => String(n * 2)),
        series: rows.slice(0, 2).map(([name, { back }]) => ({
          name,
          values: Array.from(
            { length: 21 },
            (_, n) => (100 * sum(back.map((at) => (at <= n * 2 ? 1 : 0)))) / CLIENTS,
          ),
        })),
      },
    ],
    notes: [
      `Of ${STORMS} storms of each kind, in turn, and of ${SEEDS.length} seeds of the model, the one whose last client is back at the median is shown.`,
      'All of the local stack runs on one core beside its 2,000 clients on the other: it is bounded by the work of $connect, five writes each, and of the $disconnects that come in the same moment. AWS is bounded by its quota: 2,000 clients need at least 3 s there.',
    ],
  };
}
