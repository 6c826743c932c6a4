import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import { type LocalChat, startLocalChat } from './local-chat.ts';
import { fixed, percentile } from './measure.ts';
import type { Report, Scenario } from './report.ts';

const ATTACKER = 'attacker';
const BYSTANDER = 'bystander';
const QUIET_MS = 6_000;
const ATTACK_MS = 10_000;
/** A bystander's requests, one after the other, so many a second at most. */
const REQUESTS_PER_SECOND = 20;
const PINGS_PER_SECOND = 600;
/** How much slower the slowest may get. */
const WORST_RATIO = 2;

interface Served {
  /** Milliseconds of each request that was answered well. */
  times: number[];
  failed: number;
}

interface Flood {
  sent: number;
  /** Error frames by their code. */
  errors: Map<string, number>;
  pongs: number;
  /** How often its sockets were closed for it, and with which codes. */
  closed: number[];
}

export const attacks: Scenario = {
  name: 'attacks',
  title: `Attacks: one socket sends ${PINGS_PER_SECOND} pings a second`,
  async run() {
    const chat = await startLocalChat([ATTACKER, BYSTANDER]);
    try {
      // Not measured: what is only slow the first time.
      await serve(chat, 2_000);
      const quiet = await serve(chat, QUIET_MS);
      const [attacked, flood] = await Promise.all([serve(chat, ATTACK_MS), floodFor(chat)]);
      return report(quiet, attacked, flood, chat.failures());
    } finally {
      await chat.stop();
    }
  },
};

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

/** Pings without regard for answers, and comes again at once whenever it is closed. */
async function floodFor(chat: LocalChat): Promise<Flood> {
  const token = await chat.token(ATTACKER);
  const flood: Flood = { sent: 0, errors: new Map(), pongs: 0, closed: [] };
  const end = performance.now() + ATTACK_MS;
  let socket: WebSocket | undefined;
  const began = performance.now();
  while (performance.now() < end) {
    socket = socket?.readyState === WebSocket.OPEN ? socket : await dial(chat, token, flood);
    const due = ((performance.now() - began) * PINGS_PER_SECOND) / 1_000;
    for (; socket && flood.sent < due; flood.sent++) socket.send('{"action":"ping"}');
    await sleep(5);
  }
  socket?.terminate();
  return flood;
}

async function dial(chat: LocalChat, token: string, flood: Flood): Promise<WebSocket | undefined> {
  const address = `${chat.url.replace('http', 'ws')}/ws/chat/noise/`;
  const socket = new WebSocket(address, ['parlor.v1', token]);
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data)) as { type?: string; code?: string };
    if (frame.type === 'pong') flood.pongs++;
    const code = frame.type === 'error' ? frame.code : undefined;
    if (code) flood.errors.set(code, (flood.errors.get(code) ?? 0) + 1);
  });
  socket.on('close', (code) => void flood.closed.push(code));
  // 'close' follows, and counts it.
  socket.on('error', () => {});
  await Promise.race([once(socket, 'open'), once(socket, 'close')]);
  return socket.readyState === WebSocket.OPEN ? socket : undefined;
}

function report(quiet: Served, attacked: Served, flood: Flood, failures: number): Report {
  const p99 = ({ times }: Served) => percentile(times, 99);
  const ratio = p99(attacked) / p99(quiet);
  const internal = flood.errors.get('internal') ?? 0;
  const row = (name: string, { times, failed }: Served) => [
    name,
    times.length,
    failed,
    ...[50, 90, 99, 100].map((rank) => Math.round(percentile(times, rank))),
  ];
  return {
    method: `The local stack in a process of its own. A bystander sends and reads over REST in turn, ${REQUESTS_PER_SECOND} a second at most: ${QUIET_MS / 1_000} s alone, then ${ATTACK_MS / 1_000} s while another user's socket sends ${PINGS_PER_SECOND} pings a second, and comes again at once whenever it is closed.`,
    findings: [
      {
        what: "a bystander's p99 under the flood",
        measured: `${Math.round(p99(attacked))} ms, ${fixed(ratio)} times its quiet value`,
        baseline: `quiet ${Math.round(p99(quiet))} ms`,
        target: `at most ${WORST_RATIO} times`,
        met: ratio <= WORST_RATIO,
      },
      {
        what: 'requests of the bystander that failed',
        measured: `${attacked.failed} of ${attacked.times.length + attacked.failed}`,
        baseline: `quiet ${quiet.failed} of ${quiet.times.length + quiet.failed}`,
        target: 'none',
        met: attacked.failed === 0,
      },
      {
        what: "the flood's sockets that were closed",
        measured: `${flood.closed.length}`,
        baseline: `${flood.sent} pings sent, ${flood.pongs} answered, ${flood.errors.get('rate_limited') ?? 0} refused, ${internal} failed`,
        target: 'at least one, and no failure',
        met: flood.closed.length > 0 && internal === 0,
      },
    ],
    tables: [
      {
        title: "The bystander's requests, milliseconds",
        header: ['', 'answered', 'failed', 'p50', 'p90', 'p99', 'longest'],
        rows: [row('quiet', quiet), row('under the flood', attacked)],
      },
    ],
    charts: [],
    notes: [
      `Requests that failed on the server meanwhile: ${failures}.`,
      'Server, bystander and attacker share the machine: some of what the bystander waits for is the attacker at work.',
    ],
  };
}
