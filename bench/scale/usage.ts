import { coldStartsOf } from './cold-starts.ts';
import { type Load, loadOf } from './load.ts';
import { INLINE_MEMBERS, MEASURED, sendCost } from './measured.ts';
import { LIMITS } from './prices.ts';
import { PING_MINUTES, SESSION_COST, type StepCost } from './session.ts';

/** How a room goes, on average. */
export interface Pace {
  /** A second, in one room. */
  messages: number;
  rounds: number;
  /** Seconds that a round takes, and frames that it brings to each member. */
  roundSeconds: number;
  frames: number;
}

/** A month's work, in the units in which it is billed. */
export interface Usage {
  /** Sent by people; each is delivered to all members of its room. */
  messages: number;
  socketMessages: number;
  /** Of the socket's stage: handshakes, ends, and frames that clients send. */
  socketRequests: number;
  connectionMinutes: number;
  connects: number;
  httpRequests: number;
  invocations: number;
  gbSeconds: number;
  /** Of functions that start: billed since August 2025. */
  initGbSeconds: number;
  /** Of secrets, by functions that start. */
  secretReads: number;
  writeUnits: number;
  readUnits: number;
  /** Kept at the end of the month. */
  storedGb: number;
  outGb: number;
  edgeRequests: number;
  logGb: number;
}

export const DAYS = 30;
const KB = 1_024;
const GB = 1e9;
/** Of 512 MB, and of the HTTP function's 1,024. */
const MEMORY_GB = 0.5;
const HTTP_MEMORY_GB = 1;
const NO_SECRET = { memory: MEMORY_GB, secrets: 0 } as const;
/** A function of 512 MB has so much of a CPU; it grows with the memory. */
const CPU_SHARE = 512 / 1_769;
/** A fresh access token, history, and the list of rooms. */
const HTTP_PER_CONNECT = 3;
/** The page's files that a browser asks for again. */
const PAGE_FILES = 3;
const PAGE_BYTES = 200_000;
const HISTORY_MESSAGES = 50;
/** The audit looks at what was written within five seconds, by up to four at once. */
const AUDITS_PER_SECOND = 4 / 5;
const SWEEPS = DAYS * 24 * 60;
/** A token's last minute is told, and the fresh one comes and is answered. */
const FRAMES_PER_RENEWAL = 3;

/** @param pace of the average room */
export function usageOf(load: Load, pace: Pace): Usage {
  const { users, roomSize, hoursPerDay, contentBytes, issuerTokenMinutes, monthsKept, edge } =
    loadOf(load);
  const rooms = users / roomSize;
  const seconds = DAYS * hoursPerDay * 3_600;
  const messages = pace.messages * rooms * seconds;
  const rounds = pace.rounds * rooms * seconds;
  const posts = rounds * roomSize * pace.frames;
  const minutes = users * hoursPerDay * 60 * DAYS;
  const connects = users * DAYS * Math.max(1, (hoursPerDay * 60) / LIMITS.connectionMinutes);
  const pings = minutes / PING_MINUTES;
  const renewals = minutes / issuerTokenMinutes;
  const httpRequests = HTTP_PER_CONNECT * connects;
  const audits = Math.min(messages, seconds * AUDITS_PER_SECOND);
  const send = sendCost(roomSize);
  const small = pings + renewals + 2 * connects + audits + SWEEPS;
  const handedOn = roomSize > INLINE_MEMBERS ? rounds : 0;
  const eventBytes = MEASURED.eventBytes + contentBytes;
  const frameBytes = MEASURED.frameBytes + contentBytes;

  const steps: [number, StepCost][] = [
    [connects, SESSION_COST.connect],
    [connects, SESSION_COST.disconnect],
    [connects, SESSION_COST.refresh],
    [connects, SESSION_COST.history],
    [pings, SESSION_COST.ping],
    [renewals, SESSION_COST.renew],
  ];
  const stepUnits = (unit: keyof StepCost) =>
    steps.reduce((total, [times, cost]) => total + times * cost[unit], 0);
  const bySecret = { memory: MEMORY_GB, secrets: 1 };
  const byTwo = edge ? 2 : 1;
  const starts = coldStartsOf(load, [
    { ...bySecret, invocations: connects, secrets: byTwo },
    { ...bySecret, invocations: pings + renewals },
    { invocations: httpRequests, memory: HTTP_MEMORY_GB, secrets: byTwo },
    ...[messages, connects, audits].map((each) => ({ ...NO_SECRET, invocations: each })),
    { ...NO_SECRET, invocations: SWEEPS, hours: 24 },
    { ...NO_SECRET, invocations: handedOn, memory: HTTP_MEMORY_GB },
  ]);
  const invocations = messages + small + httpRequests + handedOn;
  return {
    messages,
    connects,
    socketRequests: messages + pings + renewals + 2 * connects,
    connectionMinutes: minutes,
    // A message comes in, and is acknowledged; and the posts.
    socketMessages: 2 * messages + posts + 2 * pings + FRAMES_PER_RENEWAL * renewals,
    httpRequests,
    invocations,
    ...starts,
    gbSeconds: gbSeconds({ messages, rounds, posts, small, httpRequests }),
    writeUnits:
      messages * (send.writeUnits - 1 + Math.ceil(eventBytes / KB)) + stepUnits('writeUnits'),
    // Each round reads the list of members; each message the head; each audit a lease.
    readUnits: messages + rounds * (send.readUnits - 1) + stepUnits('readUnits') + audits,
    storedGb: (messages * eventBytes * monthsKept) / GB,
    outGb:
      (messages * roomSize * frameBytes +
        connects * HISTORY_MESSAGES * eventBytes +
        users * PAGE_BYTES) /
      GB,
    edgeRequests: httpRequests + (1 + PAGE_FILES) * connects,
    logGb: (invocations * MEASURED.logBytes + messages * MEASURED.metricsBytes) / GB,
  };
}

interface Work {
  messages: number;
  rounds: number;
  posts: number;
  /** Invocations that only look something up and note it. */
  small: number;
  httpRequests: number;
}

function gbSeconds({ messages, rounds, posts, small, httpRequests }: Work): number {
  const { postCpuMs, sendCpuMs, dynamoMs, postMs } = MEASURED;
  const sends = (posts * postCpuMs + messages * sendCpuMs) / CPU_SHARE;
  const waits = messages * 6 * dynamoMs + rounds * postMs;
  const others = small * (sendCpuMs / CPU_SHARE + 2 * dynamoMs);
  const http =
    httpRequests * (sendCpuMs / (CPU_SHARE * (HTTP_MEMORY_GB / MEMORY_GB)) + 3 * dynamoMs);
  return ((sends + waits + others) * MEMORY_GB + http * HTTP_MEMORY_GB) / 1_000;
}
