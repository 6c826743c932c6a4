import { setTimeout as sleep } from 'node:timers/promises';
import { forEachParallel } from '../lambdas/chat/parallel.ts';
import { acknowledgements } from './hot-room/acknowledgements.ts';
import { type LocalChat, startLocalChat, userNames } from './local-chat.ts';
import { fixed, percentile, sum } from './measure.ts';
import { Member, until } from './member.ts';
import { patiently } from './patience.ts';
import type { Report, Scenario } from './report.ts';

const MEMBERS = 1_000;
const PER_SECOND = 50;
const SECONDS = 30;
const MESSAGES = PER_SECOND * SECONDS;
const USERS = userNames(100);
const ROOM = 'hot';
/** What API Gateway grants an account; all of it, for once. */
const POSTS_PER_SECOND = 10_000;
const BUCKETS = 30;

interface Run {
  posts: number;
  acknowledged: number;
  /** From send to receipt, in milliseconds, of all receipts over the socket. */
  latencies: Float64Array;
  /** When each of them was sent, in seconds from the start. */
  sentAt: Float64Array;
  received: number;
  fetched: number;
  failures: number;
  complete: number;
}

export const hotRoom: Scenario = {
  name: 'hot-room',
  title: `Hot room: ${MEMBERS} members, ${PER_SECOND} messages a second`,
  async run() {
    const chat = await startLocalChat(USERS);
    try {
      return report(await runRoom(chat));
    } finally {
      await chat.stop();
    }
  },
};

async function runRoom(chat: LocalChat): Promise<Run> {
  const members = Array.from(
    { length: MEMBERS },
    (_, n) => new Member(chat, USERS[n % USERS.length] ?? '', ROOM),
  );
  await forEachParallel(members, 20, (member) =>
    patiently('A member can’t connect', () => member.connect()),
  );

  const latencies = new Float64Array(MESSAGES * MEMBERS);
  const sentAt = new Float64Array(MESSAGES * MEMBERS);
  const start = performance.now();
  let received = 0;
  const acknowledged = acknowledgements();
  for (const member of members) {
    member.onAck = acknowledged.note;
    member.onEvent = ({ content }) => {
      latencies[received] = performance.now() - Number(content);
      sentAt[received++] = (Number(content) - start) / 1_000;
    };
  }
  const before = await chat.posts();
  for (let n = 0; n < MESSAGES; n++) {
    await sleep(Math.max(0, start + (n * 1_000) / PER_SECOND - performance.now()));
    members[n % MEMBERS]?.send(String(performance.now()), `message-${n}`);
  }
  await until(() => members.every(({ complete }) => complete >= MESSAGES), 30_000);
  const posts = (await chat.posts()) - before;
  const failures = chat.failures();

  await forEachParallel(
    members.filter(({ complete }) => complete < acknowledged.newest()),
    10,
    (member) => patiently('A member can’t replay', () => member.replay()),
  );
  for (const { socket } of members) socket?.terminate();
  return {
    posts,
    failures,
    acknowledged: acknowledged.messages(),
    latencies: latencies.subarray(0, received),
    sentAt: sentAt.subarray(0, received),
    received,
    fetched: sum(members.map(({ fetched }) => fetched)),
    complete: members.filter(({ complete }) => complete >= acknowledged.newest()).length,
  };
}

function report(run: Run): Report {
  const all = MESSAGES * MEMBERS;
  const latencies = [...run.latencies];
  const [p50, p99] = [percentile(latencies, 50), percentile(latencies, 99)];
  // Messages come evenly, and each adds its posts to the queue before those of the next.
  const plainLatency = (share: number) =>
    share * SECONDS * 1_000 * ((MEMBERS * PER_SECOND) / POSTS_PER_SECOND - 1);
  return {
    method: `The local stack in a process of its own; ${MEMBERS} real sockets of parlor.v1 clients in another; the members take turns at sending ${PER_SECOND} messages a second for ${SECONDS} s. Posts are counted at the gateway, acknowledgements included. The un-coalesced form is a model: one post for each message and member, at the 10,000 a second that API Gateway grants a whole account, without loss.`,
    findings: [
      {
        what: 'posts',
        measured: `${run.posts}, 1/${fixed(all / run.posts)} of messages x members`,
        baseline: `un-coalesced ${all}`,
        target: 'at most a tenth',
        met: run.posts <= all / 10,
      },
      {
        what: 'members that end with everything that was acknowledged',
        measured: `${run.complete} of ${MEMBERS}; ${run.fetched} of ${all} events had to be fetched`,
        baseline: `${run.acknowledged} of ${MESSAGES} messages acknowledged`,
        target: 'all',
        met: run.complete === MEMBERS,
      },
      {
        what: 'from send to receipt',
        measured: `p50 ${Math.round(p50)} ms, p99 ${Math.round(p99)} ms`,
        baseline: `un-coalesced p50 ${plainLatency(0.5)} ms, p99 ${plainLatency(0.99)} ms`,
        target: 'less',
        met: p99 < plainLatency(0.99),
      },
    ],
    tables: [
      {
        title: 'From send to receipt, milliseconds',
        header: ['form', 'p50', 'p90', 'p99', 'longest'],
        rows: [
          ['Parlor', ...[50, 90, 99, 100].map((rank) => Math.round(percentile(latencies, rank)))],
          ['un-coalesced (model)', ...[0.5, 0.9, 0.99, 1].map(plainLatency)],
        ],
      },
    ],
    charts: [
      {
        name: 'latency',
        title: 'From send to receipt, p99, while the room is busy',
        kind: 'lines',
        unit: 'milliseconds, by seconds since the start',
        labels: Array.from({ length: BUCKETS }, (_, n) => String(n + 1)),
        series: [
          { name: 'Parlor', values: overTime(run) },
          {
            name: 'un-coalesced (model)',
            values: Array.from({ length: BUCKETS }, (_, n) => plainLatency((n + 1) / BUCKETS)),
          },
        ],
        logarithmic: true,
      },
    ],
    notes: [
      `Requests that failed on the server meanwhile: ${run.failures}.`,
      'Server and clients share two cores here; a round is paced to 5,000 posts a second, half of what the account is granted, so that a round to 1,000 members takes a fifth of a second and a message waits for one round on average.',
    ],
  };
}

function overTime({ latencies, sentAt }: Run): number[] {
  const buckets: number[][] = Array.from({ length: BUCKETS }, () => []);
  latencies.forEach((latency, index) => {
    buckets[Math.floor(((sentAt[index] ?? 0) / SECONDS) * BUCKETS)]?.push(latency);
  });
  return buckets.map((bucket) => percentile(bucket, 99));
}
