import { ParlorError } from '../../protocol/errors.ts';
import type { RoomEvent } from './event.ts';
import type { EventLog } from './ports/event-log.ts';
import { type Bound, overflows, within } from './size.ts';

/**
 * A page of a room's messages, newest first, without a hole: where some have expired, what is older
 * than those is not shown.
 */
export interface HistoryPage {
  messages: RoomEvent[];
  /** The room's newest seq; only with the newest page. */
  head?: number;
  /** Pass as `before` for the older page; undefined where nothing is older. */
  older: number | undefined;
  /** Pass as `after` for the newer page; undefined where nothing newer was seen. */
  newer: number | undefined;
}

/** Which part of the history: older than a seq, newer than a seq, or the newest. */
export type HistoryRange = { before: number } | { after: number } | undefined;

/**
 * Reads one page of history: at least one message, where there is one.
 *
 * @param bound of at most PAGE_MAX messages
 * @throws ParlorError `after_beyond_head`
 */
export async function readHistory(
  log: EventLog,
  room: string,
  range: HistoryRange,
  bound: Bound<RoomEvent>,
): Promise<HistoryPage> {
  if (range && 'after' in range) return await newerThan(log, room, range.after, bound);
  return await olderThan(log, room, range?.before, bound);
}

async function olderThan(
  log: EventLog,
  room: string,
  before: number | undefined,
  bound: Bound<RoomEvent>,
): Promise<HistoryPage> {
  const from = before ?? Number.MAX_SAFE_INTEGER;
  const full = (read: readonly RoomEvent[]) => overflows(read, bound);
  const events = await log.readBackward(room, from, bound.count + 1, full);
  const unbroken = upToHole(events);
  const messages = within(unbroken, bound);
  const newest = messages[0]?.seq;
  return {
    messages,
    older: unbroken.length > messages.length ? messages.at(-1)?.seq : undefined,
    newer: before === undefined ? undefined : newest,
    ...(before === undefined && { head: newest ?? (await log.head(room)).seq }),
  };
}

async function newerThan(
  log: EventLog,
  room: string,
  after: number,
  bound: Bound<RoomEvent>,
): Promise<HistoryPage> {
  // With the one at `after`, to see whether anything older is kept.
  const newer = (read: readonly RoomEvent[]) => read.filter(({ seq }) => seq > after);
  const full = (read: readonly RoomEvent[]) => overflows(newer(read), bound);
  const read = await log.readForward(room, Math.max(0, after - 1), bound.count + 2, full);
  if (read.length === 0) await headFrom(log, room, after);
  const events = newer(read);
  const messages = within(upToHole(events), bound).reverse();
  return {
    messages,
    older: read[0]?.seq === after ? after + 1 : undefined,
    newer: events.length > messages.length ? messages[0]?.seq : undefined,
  };
}

/** Events past `after`, oldest first and without a hole, and where the log ended when they were read. */
export interface Replay {
  events: RoomEvent[];
  head: number;
}

/**
 * Replays a room's log, one page at a time, as far back as it is kept: at least one event, where
 * there is one. A page that ends before `head` goes on behind its last event.
 *
 * @throws ParlorError `after_beyond_head`; `after_expired` where the next event is not kept any more
 */
export async function replay(
  log: EventLog,
  room: string,
  after: number,
  bound: Bound<RoomEvent>,
): Promise<Replay> {
  const full = (read: readonly RoomEvent[]) => overflows(read, bound);
  const events = await log.readForward(room, after, bound.count, full);
  const [first] = events;
  if (!first) return await replayNothing(log, room, after, bound);
  if (first.seq > after + 1) throw expired(first.seq);
  const last = events.at(-1)?.seq ?? after;
  return {
    events: within(upToHole(events), bound),
    head: events.length < bound.count && !full(events) ? last : await headFrom(log, room, last),
  };
}

/** Mostly the caller has everything. But all may have expired, or the first have come this moment. */
async function replayNothing(
  log: EventLog,
  room: string,
  after: number,
  bound: Bound<RoomEvent>,
): Promise<Replay> {
  const head = await headFrom(log, room, after);
  if (head === after) return { events: [], head };
  const [first] = await log.readForward(room, after, 1);
  if (first?.seq !== after + 1) throw expired(first?.seq ?? head + 1);
  return await replay(log, room, after, bound);
}

const expired = (firstKept: number): ParlorError =>
  new ParlorError(
    'after_expired',
    `What follows "after" has expired. The oldest event that is kept has the seq ${firstKept}: go on with after=${firstKept - 1}.`,
    { body: { firstKept } },
  );

/**
 * The room's newest event, as far as there is something to read. By one read, also in rooms that have
 * been quiet for long.
 */
export async function newestEvent(log: EventLog, room: string): Promise<RoomEvent | undefined> {
  const [newest] = await log.readBackward(room, Number.MAX_SAFE_INTEGER, 1);
  return newest;
}

/**
 * @returns how far the log has grown; not below `after`
 * @throws ParlorError `after_beyond_head`
 */
async function headFrom(log: EventLog, room: string, after: number): Promise<number> {
  const newest = after > 0 ? await newestEvent(log, room) : undefined;
  if (newest && newest.seq >= after) return newest.seq;
  const { seq } = await log.head(room);
  if (after <= seq) return seq;
  throw new ParlorError(
    'after_beyond_head',
    `The room's newest seq is ${seq}; "after" may not be larger. Start again from 0 if you kept it from another server.`,
  );
}

/** Events in a row, up or down: where some have expired between them, those before that. */
function upToHole(events: RoomEvent[]): RoomEvent[] {
  const hole = events.findIndex(
    ({ seq }, index) => index > 0 && Math.abs(seq - (events[index - 1]?.seq ?? 0)) !== 1,
  );
  return hole < 0 ? events : events.slice(0, hole);
}
