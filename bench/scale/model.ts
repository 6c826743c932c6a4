import { DEFAULT_SETTINGS } from '../../lambdas/aws/config.ts';
import { FRAME_BYTES } from '../../protocol/limits.ts';
import { type BillLine, billOf, totalOf } from './bill.ts';
import { type Load, loadOf } from './load.ts';
import { INLINE_MEMBERS, MEASURED, shardsOf } from './measured.ts';
import { PING_MINUTES } from './session.ts';
import { type Pace, type Usage, usageOf } from './usage.ts';

export interface Prediction {
  /** Messages a second in a room, and rounds, at the peak. */
  roomMessages: number;
  rounds: number;
  /** Requests a second of the account at the peak, against its quota of 10,000. */
  requests: number;
  /** From send to receipt at the peak, milliseconds: the median member's and the last one's. */
  p50: number;
  last: number;
  usage: Usage;
  bill: BillLine[];
  /** US dollars a month. */
  total: number;
}

/** Predicts a month, and its busiest hour. */
export function predict(load: Load): Prediction {
  const average = averageRoom(load, 1);
  const busiest = averageRoom(load, load.peak);
  const rooms = load.users / load.roomSize;
  const usage = usageOf(load, average);
  const bill = billOf(load, usage);
  const posts = busiest.rounds * load.roomSize * busiest.frames;
  return {
    roomMessages: busiest.messages,
    rounds: busiest.rounds,
    requests: rooms * (2 * busiest.messages + posts) + otherRequests(load),
    ...latency(load, busiest),
    usage,
    bill,
    total: totalOf(bill),
  };
}

/** How many messages a second a room can carry, packed as tightly as they go. */
export const mostMessages = (load: Pick<Load, 'roomSize' | 'contentBytes'>): number =>
  (DEFAULT_SETTINGS.roomPostsPerSecond / load.roomSize) * messagesPerFrame(load);

const messagesPerFrame = ({ contentBytes = 100 }: Pick<Load, 'contentBytes'>) =>
  Math.floor(FRAME_BYTES / (MEASURED.frameBytes + contentBytes));

function averageRoom(load: Load, times: number): Pace {
  const { roomSize, messagesPerUserAndDay, hoursPerDay, roomMessagesPerSecond } = load;
  const wanted = (roomSize * messagesPerUserAndDay) / (hoursPerDay * 3_600);
  const messages = times * Math.min(roomMessagesPerSecond, wanted);
  const most = mostMessages(load);
  if (messages >= most) {
    throw new Error(
      `A room of ${Math.round(roomSize)} can't carry ${round(messages)} messages a second: at most ${round(most)}. Give more rooms, or a lower rate.`,
    );
  }
  const rate = Math.min(
    DEFAULT_SETTINGS.roomPostsPerSecond,
    (shardsOf(roomSize) * MEASURED.width * 1_000) / MEASURED.postMs,
  );
  // What comes during a round goes out in the next; the more comes, the longer that takes.
  for (let frames = 1; ; frames++) {
    const roundSeconds = (frames * roomSize) / rate + (3 * MEASURED.dynamoMs) / 1_000;
    if (messages * roundSeconds > frames * messagesPerFrame(load)) continue;
    return { messages, rounds: Math.min(messages, 1 / roundSeconds), roundSeconds, frames };
  }
}

function latency({ roomSize }: Load, pace: Pace): { p50: number; last: number } {
  const { gatewayMs, callsBeforePost, dynamoMs, postMs, invokeMs } = MEASURED;
  const handedOn = roomSize > INLINE_MEMBERS ? invokeMs + 2 * dynamoMs : 0;
  const before = gatewayMs + callsBeforePost * dynamoMs + handedOn;
  const roundMs = pace.roundSeconds * 1_000;
  // While a round is under way the next message waits for its end: half a round on average.
  const wait = (Math.min(1, pace.rounds * pace.roundSeconds) * roundMs) / 2;
  return { p50: before + wait + roundMs / 2 + postMs, last: before + 2 * wait + roundMs + postMs };
}

/** Pings, renewals and connects a second, which come whether or not anybody speaks. */
function otherRequests(load: Load): number {
  const { users, issuerTokenMinutes, peak, hoursPerDay } = loadOf(load);
  const perMinute = 1 / PING_MINUTES + 3 / issuerTokenMinutes;
  return (users * perMinute) / 60 + (3 * peak * users) / (hoursPerDay * 3_600);
}

const round = (value: number) => Number(value.toPrecision(3));
