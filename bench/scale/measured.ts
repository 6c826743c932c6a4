import { SHARD_CONNECTIONS } from '../../protocol/limits.ts';

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
  /** An event's item, beside its content. */
  eventBytes: 300,
  /** A frame of one message, as it is sent, beside its content. */
  frameBytes: 200,
  /** What an invocation writes: its line, Lambda's own three, and API Gateway's. */
  logBytes: 900,
  /** What a sent message adds to it: its metrics. */
  metricsBytes: 470,
  /** CPU time of a post, in milliseconds of a whole CPU. */
  postCpuMs: 0.085,
  /** CPU time of the rest of a send. */
  sendCpuMs: 6,
  /** From the start of a function's process until it is ready: `npm run bench -- cold-start`. */
  initMs: 94,
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

/** Larger rooms are handed on to the fanout function. */
export const INLINE_MEMBERS = 200;

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

/** Into how many shards a room of so many members is split. */
export const shardsOf = (members: number) =>
  members <= SHARD_CONNECTIONS ? 1 : 2 ** Math.ceil(Math.log2(members / SHARD_CONNECTIONS));
