import { ParlorError } from '../../protocol/errors.ts';
import type { RoomEvent } from './event.ts';
import type { EventLog } from './ports/event-log.ts';

/** A page of a room's messages, newest first. */
export interface HistoryPage {
  messages: RoomEvent[];
  /** Pass as `before` for the older page; undefined where nothing is older. */
  older: number | undefined;
  /** Pass as `after` for the newer page; undefined where nothing newer was seen. */
  newer: number | undefined;
}

/** Which part of the history: older than a seq, newer than a seq, or the newest. */
export type HistoryRange = { before: number } | { after: number } | undefined;

/**
 * Reads one page of history.
 *
 * @param limit 1 to PAGE_MAX
 * @throws ParlorError `after_beyond_head`
 */
export async function readHistory(
  log: EventLog,
  room: string,
  range: HistoryRange,
  limit: number,
): Promise<HistoryPage> {
  if (range && 'after' in range) return await newerThan(log, room, range.after, limit);
  return await olderThan(log, room, range?.before, limit);
}

async function olderThan(
  log: EventLog,
  room: string,
  before: number | undefined,
  limit: number,
): Promise<HistoryPage> {
  const messages = await log.readBackward(room, before ?? Number.MAX_SAFE_INTEGER, limit);
  const oldest = messages.at(-1);
  return {
    messages,
    // The log is dense: what is older than seq 1 needs no look.
    older: oldest && oldest.seq > 1 ? oldest.seq : undefined,
    newer: before === undefined ? undefined : messages[0]?.seq,
  };
}

async function newerThan(
  log: EventLog,
  room: string,
  after: number,
  limit: number,
): Promise<HistoryPage> {
  const events = await log.readForward(room, after, limit + 1);
  if (events.length === 0) await refuseBeyondHead(log, room, after);
  const messages = events.slice(0, limit).reverse();
  return {
    messages,
    older: after > 0 ? after + 1 : undefined,
    newer: events.length > limit ? messages[0]?.seq : undefined,
  };
}

/** Events past `after`, oldest first, and where the log ended when they were read. */
export interface Replay {
  events: RoomEvent[];
  head: number;
}

/**
 * Replays a room's log, one page at a time, without a limit in time.
 *
 * @throws ParlorError `after_beyond_head`
 */
export async function replay(
  log: EventLog,
  room: string,
  after: number,
  limit: number,
): Promise<Replay> {
  const events = await log.readForward(room, after, limit);
  if (events.length < limit) {
    if (events.length === 0) await refuseBeyondHead(log, room, after);
    return { events, head: events.at(-1)?.seq ?? after };
  }
  return { events, head: (await log.head(room)).seq };
}

async function refuseBeyondHead(log: EventLog, room: string, after: number): Promise<void> {
  if (after === 0) return;
  const { seq } = await log.head(room);
  if (after <= seq) return;
  throw new ParlorError(
    'after_beyond_head',
    `The room's newest seq is ${seq}; "after" may not be larger. Start again from 0 if you kept it from another server.`,
  );
}
