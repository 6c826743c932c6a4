import { setTimeout as sleep } from 'node:timers/promises';
import type { Attack, Outcome } from './attacks/attack.ts';
import { flood } from './attacks/flood.ts';
import { lockout } from './attacks/lockout.ts';
import { logins } from './attacks/logins.ts';
import { reads } from './attacks/reads.ts';
import { type LocalChat, startLocalChat } from './local-chat.ts';
import { fixed, percentile } from './measure.ts';
import type { Report, Scenario } from './report.ts';

const ATTACKS: readonly Attack[] = [flood, logins, reads, lockout];
const BYSTANDER = 'bystander';
const QUIET_MS = 6_000;
const ATTACK_MS = 10_000;
/** A bystander's requests, one after the other, so many a second at most. */
const REQUESTS_PER_SECOND = 20;
/** How much slower the slowest may get. */
const WORST_RATIO = 2;

interface Served {
  /** Milliseconds of each request that was answered well. */
  times: number[];
  failed: number;
}

interface Attacked {
  attack: Attack;
  quiet: Served;
  served: Served;
  outcome: Outcome;
  /** Requests that failed on the server meanwhile. */
  failures: number;
}

export const attacks: Scenario = {
  name: 'attacks',
  title: 'Attacks: what a bystander notices',
  async run() {
    const all: Attacked[] = [];
    for (const attack of ATTACKS) all.push(await under(attack));
    return report(all);
  },
};

/** Each has a chat of its own: what one leaves behind is not the next one's. */
async function under(attack: Attack): Promise<Attacked> {
  const chat = await startLocalChat(['attacker', BYSTANDER]);
  try {
    await attack.prepare?.(chat);
    // Not measured: what is only slow the first time.
    await serve(chat, 2_000);
    const quiet = await serve(chat, QUIET_MS);
    const [served, outcome] = await Promise.all([
      serve(chat, ATTACK_MS),
      attack.run(chat, performance.now() + ATTACK_MS),
    ]);
    return { attack, quiet, served, outcome, failures: chat.failures() };
  } finally {
    await chat.stop();
  }
}

/** A bystander sends and reads over REST. */
async function serve(chat: LocalChat, forMs: number): Promise<Served> {
  const headers = {
    authorization: `Bearer ${await chat.token(BYSTANDER)}`,
    'content-type': 'application/json',
  };
  const url = `${chat.url}/api/rooms/quiet/messages/`;
  const served: Served = { times: [], failed: 0 };
  const end = performance.now() + forMs;
  for (let n = 0; performance.now() < end; n++) {
    const began = performance.now();
    const sending = { method: 'POST', headers, body: JSON.stringify({ content: `message ${n}` }) };
    const response = await fetch(url, n % 2 ? { headers } : sending);
    await response.arrayBuffer();
    const ms = performance.now() - began;
    if (response.ok) served.times.push(ms);
    else served.failed++;
    await sleep(Math.max(0, 1_000 / REQUESTS_PER_SECOND - ms));
  }
  return served;
}

const p99 = ({ times }: Served) => percentile(times, 99);

function report(all: readonly Attacked[]): Report {
  const row = (name: string, { times, failed }: Served) => [
    ...[name, times.length, failed],
    ...[50, 90, 99, 100].map((rank) => Math.round(percentile(times, rank))),
  ];
  return {
    method: `The local stack in a process of its own, and a new one for each attack. A bystander sends and reads over REST in turn, ${REQUESTS_PER_SECOND} a second at most: ${QUIET_MS / 1_000} s alone, then ${ATTACK_MS / 1_000} s during the attack.`,
    findings: all.flatMap(({ attack: { name }, quiet, served, outcome }) => {
      const ratio = p99(served) / p99(quiet);
      return [
        {
          what: `a bystander's p99 while ${name}`,
          measured: `${Math.round(p99(served))} ms, ${fixed(ratio)} times its quiet value`,
          baseline: `quiet ${Math.round(p99(quiet))} ms`,
          target: `at most ${WORST_RATIO} times, and none of its requests failed`,
          met: ratio <= WORST_RATIO && served.failed === 0,
        },
        {
          what: 'what the attacker got',
          measured: outcome.did,
          baseline: `in ${ATTACK_MS / 1_000} s`,
          target: outcome.wanted,
          met: outcome.met,
        },
      ];
    }),
    tables: all.map(({ attack: { name }, quiet, served }) => ({
      title: `The bystander's requests while ${name}, milliseconds`,
      header: ['', 'answered', 'failed', 'p50', 'p90', 'p99', 'longest'],
      rows: [row('quiet', quiet), row('meanwhile', served)],
    })),
    charts: [],
    notes: [
      `Requests that failed on the server: ${all.map(({ failures }) => failures).join(', ')}.`,
      'Server, bystander and attacker share the machine: some of what the bystander waits for is the attacker at work.',
      'On AWS each request has a function to itself. Here all share one thread of one process: of one user or network one request at a time is at work when many come, but a page of 1 MB keeps the thread for parts of its time, and hashing takes a core.',
    ],
  };
}
