import { DEFAULT_SETTINGS } from '../../lambdas/aws/config.ts';
import { FRAME_BYTES, SHARD_CONNECTIONS } from '../../protocol/limits.ts';
import { LIMITS, PRICES } from './prices.ts';

/** Who uses a chat, and how. */
export interface Load {
  /** Who come in a month, and on each of its days. */
  users: number;
  /** Members of each room; all of them are in one room, connected at once while they are there. */
  roomSize: number;
  messagesPerUserAndDay: number;
  /** In a large room most people listen: no room says more than this in a second, on average. */
  roomMessagesPerSecond: number;
  /** How long each is connected in a day. */
  hoursPerDay: number;
  /** How much busier the busiest hour is than the average of `hoursPerDay`. */
  peak: number;
}

/** What one message takes of DynamoDB. */
export interface SendCost {
  writeUnits: number;
  readUnits: number;
  /** Posts if nothing else is said in the room meanwhile. */
  posts: number;
}

/** Sizes and times as measured on the local stack; API Gateway's and DynamoDB's as published. */
export const MEASURED = {
  /** A presence's row: a room's list is read at so much for each member. */
  presenceBytes: 130,
  /** An event's item. */
  eventBytes: 400,
  /** A frame of one message, as it is sent. */
  frameBytes: 300,
  /** A line of the log. */
  logBytes: 250,
  /** CPU time of a post, in milliseconds of a whole CPU. */
  postCpuMs: 0.085,
  /** CPU time of the rest of a send. */
  sendCpuMs: 6,
  /** DynamoDB's answer, on average: 3 ms + Exp(1.5 ms). */
  dynamoMs: 4.5,
  /** API Gateway and Lambda around a message, and the answer to a post. */
  gatewayMs: 15,
  postMs: 10,
  /** An asynchronous invocation. */
  invokeMs: 20,
  /** Calls one after the other before the first post. */
  callsBeforePost: 4,
  /** Posts under way at once in a worker. */
  width: 200,
} as const;

const MEMORY_GB = 0.5;
/** A function of 512 MB has so much of a CPU. */
const CPU_SHARE = 512 / 1_769;
/** Larger rooms are handed on to the fanout function. */
const INLINE_MEMBERS = 200;
const DAYS = 30;

/** One message in a room in which nobody else talks. */
export function sendCost(members: number): SendCost {
  const handedOn = members > INLINE_MEMBERS;
  const shards = shardsOf(members);
  const bytes = (members / shards) * MEASURED.presenceBytes;
  return {
    // Connection, log, lease taken, lease given up; the lease claimed by whom it was handed to.
    writeUnits: handedOn ? 5 : 4,
    // The head; each shard's list; what is past `pumped`, where the event doesn't come along.
    readUnits: 1 + shards * Math.max(1, Math.ceil(bytes / 4_096)) + (handedOn ? 1 : 0),
    posts: members,
  };
}

const shardsOf = (members: number) =>
  members <= SHARD_CONNECTIONS ? 1 : 2 ** Math.ceil(Math.log2(members / SHARD_CONNECTIONS));

export interface Prediction {
  /** Messages a second in a room, and rounds, at the peak. */
  roomMessages: number;
  rounds: number;
  /** Requests a second of the account at the peak, against its quota of 10,000. */
  requests: number;
  /** From send to receipt at the peak, milliseconds: the median member's and the last one's. */
  p50: number;
  last: number;
  /** US dollars a month, by what they are for. */
  cost: Record<'messages' | 'connections' | 'lambda' | 'dynamo' | 'transfer' | 'logs', number>;
  total: number;
}

/** Predicts a month, and its busiest hour. */
export function predict(load: Load): Prediction {
  const average = averageRoom(load, 1);
  const busiest = averageRoom(load, load.peak);
  const rooms = load.users / load.roomSize;
  const seconds = DAYS * load.hoursPerDay * 3_600;
  const month = (perRoomAndSecond: number) => perRoomAndSecond * rooms * seconds;
  const cost = monthlyCost(load, month(average.messages), month(average.rounds), average.frames);
  const posts = busiest.rounds * load.roomSize * busiest.frames;
  return {
    roomMessages: busiest.messages,
    rounds: busiest.rounds,
    requests: rooms * (2 * busiest.messages + posts),
    ...latency(load, busiest),
    cost,
    total: Object.values(cost).reduce((a, b) => a + b, 0),
  };
}

/** How many messages a second a room of a size can carry, packed as tightly as they go. */
export const mostMessages = (roomSize: number): number =>
  (DEFAULT_SETTINGS.roomPostsPerSecond / roomSize) * MESSAGES_PER_FRAME;

const MESSAGES_PER_FRAME = Math.floor(FRAME_BYTES / MEASURED.frameBytes);

interface Pace {
  /** A second, in one room. */
  messages: number;
  rounds: number;
  /** Seconds that a round takes, and frames that it brings to each member. */
  roundSeconds: number;
  frames: number;
}

function averageRoom(load: Load, times: number): Pace {
  const { roomSize, messagesPerUserAndDay, hoursPerDay, roomMessagesPerSecond } = load;
  const wanted = (roomSize * messagesPerUserAndDay) / (hoursPerDay * 3_600);
  const messages = times * Math.min(roomMessagesPerSecond, wanted);
  if (messages >= mostMessages(roomSize)) {
    throw new Error(`A room of ${roomSize} can't carry ${messages} messages a second.`);
  }
  const rate = Math.min(
    DEFAULT_SETTINGS.roomPostsPerSecond,
    (shardsOf(roomSize) * MEASURED.width * 1_000) / MEASURED.postMs,
  );
  // What comes during a round goes out in the next; the more comes, the longer that takes.
  for (let frames = 1; ; frames++) {
    const roundSeconds = (frames * roomSize) / rate + (3 * MEASURED.dynamoMs) / 1_000;
    if (messages * roundSeconds > frames * MESSAGES_PER_FRAME) continue;
    return { messages, rounds: Math.min(messages, 1 / roundSeconds), roundSeconds, frames };
  }
}

function latency({ roomSize }: Load, pace: Pace): { p50: number; last: number } {
  const { gatewayMs, callsBeforePost, dynamoMs, postMs, invokeMs } = MEASURED;
  const handedOn = roomSize > INLINE_MEMBERS ? invokeMs + 2 * dynamoMs : 0;
  const before = gatewayMs + callsBeforePost * dynamoMs + handedOn;
  const round = pace.roundSeconds * 1_000;
  // While a round is under way the next message waits for its end: half a round on average.
  const wait = (Math.min(1, pace.rounds * pace.roundSeconds) * round) / 2;
  return { p50: before + wait + round / 2 + postMs, last: before + 2 * wait + round + postMs };
}

function monthlyCost(
  load: Load,
  messages: number,
  rounds: number,
  frames: number,
): Prediction['cost'] {
  const { roomSize, users, hoursPerDay } = load;
  const send = sendCost(roomSize);
  const posts = rounds * roomSize * frames;
  const minutes = users * hoursPerDay * 60 * DAYS;
  const connects = minutes / LIMITS.connectionMinutes;
  const million = 1e6;

  // A message in, an acknowledgement out, and the posts.
  const sockets = (2 * messages + posts) / million;
  const first = Math.min(1_000, sockets);
  // Each round reads the list; each message is written and marked whether it makes a round or not.
  const readUnits = messages + rounds * (send.readUnits - 1);
  const writeUnits = messages * send.writeUnits + connects * 12;
  const cpuSeconds =
    (posts * MEASURED.postCpuMs + messages * MEASURED.sendCpuMs + connects * MEASURED.sendCpuMs) /
    1_000;
  const waitSeconds = (messages * 6 * MEASURED.dynamoMs + rounds * MEASURED.postMs) / 1_000;
  const invocations = messages + 2 * connects + (roomSize > INLINE_MEMBERS ? rounds : 0);
  const storedGb = (messages * MEASURED.eventBytes) / 1e9;
  const outGb = (messages * roomSize * MEASURED.frameBytes) / 1e9;
  return {
    messages: first * PRICES.socketMessages + (sockets - first) * PRICES.socketMessagesBeyond,
    connections: (minutes / million) * PRICES.connectionMinutes,
    lambda:
      (invocations / million) * PRICES.invocations +
      (cpuSeconds / CPU_SHARE + waitSeconds) * MEMORY_GB * PRICES.gbSecond,
    dynamo:
      (writeUnits / million) * PRICES.writeUnits +
      (readUnits / million) * PRICES.readUnits +
      storedGb * (PRICES.storage + PRICES.recovery),
    transfer: outGb * PRICES.transfer,
    logs: ((invocations * MEASURED.logBytes) / 1e9) * PRICES.logs,
  };
}
