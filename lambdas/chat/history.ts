import { ParlorError } from '../../protocol/errors.ts';
import { PAGE_BYTES } from '../../protocol/limits.ts';
import { isMessage, type MessageEvent, type RoomEvent } from './event.ts';
import type { Enough, EventLog } from './ports/event-log.ts';
import { overlaid, type ProjectPorts } from './project.ts';
import { type Bound, jsonBytes, overflows, weighingOnce, within } from './size.ts';

/** A log, and what hangs on its messages: they are shown as they stand by now. */
export type HistoryPorts = { log: EventLog } & Pick<ProjectPorts, 'overlays' | 'kinds'>;

/**
 * A page of a room's messages, newest first, without a hole: where some have expired, what is older
 * than those is not shown.
 */
export interface HistoryPage {
  messages: MessageEvent[];
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
 * Reads one page of history: at least one message, where there is one among the next thousands of
 * events.
 *
 * @param bound of at most PAGE_MAX messages
 * @throws ParlorError `after_beyond_head`
 */
export async function readHistory(
  ports: HistoryPorts,
  room: string,
  range: HistoryRange,
  bound: Bound<MessageEvent>,
): Promise<HistoryPage> {
  if (range && 'after' in range) return await newerThan(ports, room, range.after, bound);
  return await olderThan(ports, room, range?.before, bound);
}

async function olderThan(
  ports: HistoryPorts,
  room: string,
  before: number | undefined,
  bound: Bound<MessageEvent>,
): Promise<HistoryPage> {
  const { log } = ports;
  const from = before ?? Number.MAX_SAFE_INTEGER;
  const { events, more } = await readMessages(bound, from, (start, limit, enough) =>
    log.readBackward(room, start, limit, enough),
  );
  const { messages, last, follows } = await pageOf(ports, room, events, more, bound);
  return {
    messages,
    older: follows === 'more' ? last : undefined,
    newer: before === undefined ? undefined : messages[0]?.seq,
    ...(before === undefined && { head: events[0]?.seq ?? (await log.head(room)).seq }),
  };
}

async function newerThan(
  ports: HistoryPorts,
  room: string,
  after: number,
  bound: Bound<MessageEvent>,
): Promise<HistoryPage> {
  const { log } = ports;
  // With the one at `after`, to see whether anything older is kept.
  const [from, one] = [Math.max(0, after - 1), after > 0 ? 1 : 0];
  let atAfter: RoomEvent | undefined;
  const { events, more } = await readMessages(bound, from, async (start, limit, enough) => {
    const newer = (read: readonly RoomEvent[]) => read.filter(({ seq }) => seq > after);
    const read = await log.readForward(room, start, limit + (start < after ? one : 0), (events) =>
      enough(newer(events)),
    );
    atAfter ??= read.find(({ seq }) => seq === after);
    return newer(read);
  });
  if (events.length === 0 && !atAfter) await headFrom(log, room, after);
  const { messages, last, follows } = await pageOf(ports, room, events, more, bound);
  return {
    messages: messages.reverse(),
    older: atAfter && after + 1,
    newer: follows === 'nothing' ? undefined : last,
  };
}

/** Events among which a page looks for its messages, and what they weigh, at most. */
const LOOKED_THROUGH: Bound<RoomEvent> = {
  count: 2_000,
  bytes: PAGE_BYTES,
  bytesOf: weighingOnce<RoomEvent>(jsonBytes),
};

/**
 * Reads events until there are more messages among them than a page holds: mostly at once, for most
 * events are messages.
 *
 * @param read as the log reads, in the page's direction
 * @returns with `more` where others may follow on the last
 */
async function readMessages(
  bound: Bound<MessageEvent>,
  from: number,
  read: (start: number, limit: number, enough: Enough) => Promise<RoomEvent[]>,
): Promise<{ events: RoomEvent[]; more: boolean }> {
  const events: RoomEvent[] = [];
  const full: Enough = (further) => overflows([...events, ...further].filter(isMessage), bound);
  for (let start = from; ; ) {
    const found = events.filter(isMessage).length;
    // As many as hold the messages that are missing, if they lie as close as up to here.
    const closeness = events.length > 0 ? Math.max(found, 1) / events.length : 1;
    const wanted = Math.ceil((bound.count + 1 - found) / closeness);
    const limit = Math.min(wanted, LOOKED_THROUGH.count + 1 - events.length);
    const further = await read(start, limit, full);
    const ended = further.length < limit && !full(further);
    events.push(...further);
    const last = events.at(-1);
    if (ended || !last) return { events, more: false };
    if (full([]) || overflows(events, LOOKED_THROUGH)) return { events, more: true };
    start = last.seq;
  }
}

/**
 * The messages of a page, the seq of the last event that it covers, and what follows on that: more, a
 * hole where others have expired, or nothing.
 */
async function pageOf(
  ports: HistoryPorts,
  room: string,
  events: RoomEvent[],
  more: boolean,
  bound: Bound<MessageEvent>,
): Promise<{
  messages: MessageEvent[];
  last: number | undefined;
  follows: 'more' | 'hole' | 'nothing';
}> {
  const unbroken = upToHole(events);
  const found = unbroken.filter(isMessage);
  const messages = await shownWithin(ports, room, found, bound);
  if (messages.length < found.length) {
    return { messages, last: messages.at(-1)?.seq, follows: 'more' };
  }
  const hole = unbroken.length < events.length;
  return {
    messages,
    last: unbroken.at(-1)?.seq,
    follows: hole ? 'hole' : more ? 'more' : 'nothing',
  };
}

/** The first events that fit, as they are shown: a text may have become longer, or shorter. */
async function shownWithin<Event extends RoomEvent>(
  ports: HistoryPorts,
  room: string,
  events: readonly Event[],
  bound: Bound<Event>,
): Promise<Event[]> {
  return within(await overlaid(ports, room, within(events, bound)), bound);
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
  ports: HistoryPorts,
  room: string,
  after: number,
  bound: Bound<RoomEvent>,
): Promise<Replay> {
  const { log } = ports;
  const full = (read: readonly RoomEvent[]) => overflows(read, bound);
  const events = await log.readForward(room, after, bound.count, full);
  const [first] = events;
  if (!first) return await replayNothing(ports, room, after, bound);
  if (first.seq > after + 1) throw expired(first.seq);
  const last = events.at(-1)?.seq ?? after;
  return {
    events: await shownWithin(ports, room, upToHole(events), bound),
    head: events.length < bound.count && !full(events) ? last : await headFrom(log, room, last),
  };
}

/** Mostly the caller has everything. But all may have expired, or the first have come this moment. */
async function replayNothing(
  ports: HistoryPorts,
  room: string,
  after: number,
  bound: Bound<RoomEvent>,
): Promise<Replay> {
  const { log } = ports;
  const head = await headFrom(log, room, after);
  if (head === after) return { events: [], head };
  const [first] = await log.readForward(room, after, 1);
  if (first?.seq !== after + 1) throw expired(first?.seq ?? head + 1);
  return await replay(ports, room, after, bound);
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
