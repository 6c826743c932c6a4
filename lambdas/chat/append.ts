import { ParlorError } from '../../protocol/errors.ts';
import { DUPLICATE_SEARCH_BYTES, DUPLICATE_SEARCH_MESSAGES } from '../../protocol/limits.ts';
import type { Counters } from './counters.ts';
import { countersAfter, type Payload, type RoomEvent } from './event.ts';
import type { Kinds } from './overlay.ts';
import { isSamePayload } from './payload.ts';
import type { Clock, Random } from './ports/clock.ts';
import type { EventLog, Head } from './ports/event-log.ts';
import { type Bound, jsonBytes, overflows, weighingOnce } from './size.ts';

/** Looks whether a draft may stand in the log. @throws ParlorError where it may not */
export type Admit = () => Promise<void>;

/** What a sender wants in the log. */
export interface Draft {
  room: string;
  userId: string;
  sender: string;
  type: string;
  payload: Payload;
  /** The sender's own id for the event; without one a retry can't be told from a new event. */
  clientId?: string | undefined;
  /** The seq up to which the sender knows that the event is not in the log. */
  after?: number | undefined;
}

export interface Appended {
  event: RoomEvent;
  /** An earlier attempt had stored it. */
  duplicate: boolean;
}

export interface AppendPorts {
  log: EventLog;
  kinds: Kinds;
  clock: Clock;
  random: Random;
}

/** That others took every slot that was tried. The draft is in none up to `searched`. */
export interface Crowded {
  searched: number;
}

const LONGEST_PAUSE_MS = 100;

const weighed = weighingOnce<RoomEvent>(jsonBytes);

/** What is read of the log at a time. Some more may come along. */
const PAGE: Bound<RoomEvent> = { count: 200, bytes: 250_000, bytesOf: weighed };

/** What a send without `after` looks through, of the newest: up to its bytes, or enough messages. */
const NEWEST: Bound<RoomEvent> = {
  count: 10 * DUPLICATE_SEARCH_MESSAGES,
  bytes: DUPLICATE_SEARCH_BYTES,
  bytesOf: weighed,
};

/** So many lost slots are no chance: the event that then gets one says that the room is crowded. */
const CROWDED_AFTER = 2;

/**
 * How long that word counts. A writer that reads it doesn't try for a slot of its own, but queues a draft:
 * else the many would take every slot from whoever puts drafts in the log.
 */
const CROWDED_MS = 1_000;

/**
 * Puts an event at the end of a room's log, exactly once.
 *
 * The log is the lock: whoever puts at head + 1 first has the slot, and the loser looks at who it
 * was before trying the next. A first attempt and its retry start their search at the same
 * `after`, so they meet in some slot, whoever comes first, and can't both be stored.
 *
 * @param id the id that the event is to have
 * @param attempts how many slots to try for; none in a crowded room
 * @param known the room's head, if it has just been read
 * @param admit asked about what was not stored before: a retry has its answer, whatever holds by now
 * @throws ParlorError `after_beyond_head`, `after_too_old`, `client_id_reused`, those of `admit`; a fault of the
 *   store, after which the event may be stored or not: retry with the same clientId
 */
export async function append(
  ports: AppendPorts,
  draft: Draft,
  id: string,
  attempts: number,
  known?: Head,
  admit?: Admit,
): Promise<Appended | Crowded> {
  const head = known ?? (await ports.log.head(draft.room));
  const earlier = await findEarlier(ports.log, draft, head);
  if (earlier) return { event: earlier, duplicate: true };
  await admit?.();
  if (isCrowded(head, ports.clock.now())) return { searched: head.seq };
  return await putAtEnd(ports, draft, id, attempts, head);
}

async function putAtEnd(
  { log, clock, random, kinds }: AppendPorts,
  draft: Draft,
  id: string,
  attempts: number,
  known: Head,
): Promise<Appended | Crowded> {
  let head = known;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const event = eventAt(draft, id, head, clock.now());
    if (attempt > CROWDED_AFTER) event.crowded = true;
    if ((await log.put(event)) === 'stored') return { event, duplicate: false };

    // Somebody has the slot. It may be this very put, whose answer was lost on the way, or an
    // earlier attempt of the same sender.
    for await (const other of eventsAfter(log, draft.room, head.seq)) {
      if (isSameEvent(other, event)) return { event: other, duplicate: other.id !== id };
      requireFollows(kinds, draft, other);
      head = other;
    }
    if (isCrowded(head, clock.now())) break;
    await clock.sleep(random.fraction() * Math.min(LONGEST_PAUSE_MS, 2 ** attempt));
  }
  return { searched: head.seq };
}

/** @throws ParlorError where a draft that was admitted can't follow on what others stored since */
export function requireFollows(kinds: Kinds, draft: Draft, stored: RoomEvent): void {
  const kind = Object.hasOwn(kinds, draft.type) ? kinds[draft.type] : undefined;
  const refusal = kind?.refuses?.(draft, stored);
  if (refusal) throw refusal;
}

const isCrowded = ({ crowded, at }: Head, now: number) => crowded === true && now - at < CROWDED_MS;

/** A draft as the event that follows `head`. */
export function eventAt(
  draft: Draft,
  id: string,
  head: Pick<Head, 'seq' | 'at' | keyof Counters>,
  now: number,
): RoomEvent {
  return {
    type: draft.type,
    room: draft.room,
    seq: head.seq + 1,
    id,
    userId: draft.userId,
    sender: draft.sender,
    clientId: draft.clientId ?? id,
    payload: draft.payload,
    // Writers' clocks differ; within a room time never runs backwards.
    at: Math.max(now, head.at),
    ...countersAfter(head, draft.type),
  };
}

/** The event that an earlier attempt stored, if one did. */
async function findEarlier(
  log: EventLog,
  draft: Draft,
  head: Head,
): Promise<RoomEvent | undefined> {
  const { clientId, after } = draft;
  if (after !== undefined) checkAfter(draft.room, after, head);
  if (clientId === undefined) return undefined;

  const sent = { ...draft, clientId };
  if (after === undefined) {
    const newest = await log.readBackward(
      draft.room,
      head.seq + 1,
      NEWEST.count,
      (read) => overflows(read, NEWEST) || isAsFarAs(read.at(-1), head),
    );
    return newest.find((event) => !isAsFarAs(event, head) && isSameEvent(event, sent));
  }
  let bytes = 0;
  for await (const event of eventsAfter(log, draft.room, after, head.seq)) {
    if (isSameEvent(event, sent)) return event;
    if (isAsFarAs(event, head)) throw afterTooOld(draft.room);
    bytes += weighed(event);
    // Not taken for new: what has not been looked at may be this very message.
    if (bytes > DUPLICATE_SEARCH_BYTES && event.seq < head.seq) throw afterTooOld(draft.room);
  }
  return undefined;
}

function checkAfter(room: string, after: number, head: Head): void {
  if (after > head.seq) {
    throw new ParlorError(
      'after_beyond_head',
      `The room's newest seq is ${head.seq}; "after" may not be larger. Send the seq up to which you have the room's events.`,
      { room },
    );
  }
  // Up to `after` there are as many messages as seqs, or fewer.
  if (head.n - after > DUPLICATE_SEARCH_MESSAGES) throw afterTooOld(room);
}

/** Whether as many messages as are searched lie between an event and the head. */
const isAsFarAs = (event: RoomEvent | undefined, head: Head): boolean =>
  event !== undefined && head.n - event.n >= DUPLICATE_SEARCH_MESSAGES;

const afterTooOld = (room: string) =>
  new ParlorError(
    'after_too_old',
    `More than ${DUPLICATE_SEARCH_MESSAGES} messages, or more than ${DUPLICATE_SEARCH_BYTES / 1_000} kB of events, follow "after". Replay the room's events; if the message is not among them, send it with the seq up to which you replayed.`,
    { room },
  );

/**
 * Whether a stored event is the one that is being sent.
 *
 * @throws ParlorError `client_id_reused` if it has the same clientId but another type or payload
 */
export function isSameEvent(
  stored: RoomEvent,
  sent: Pick<RoomEvent, 'userId' | 'clientId' | 'type' | 'payload'>,
): boolean {
  if (stored.userId !== sent.userId || stored.clientId !== sent.clientId) return false;
  // What is erased can't be compared. It was the same, or the sender uses an id for two things.
  if (stored.type === sent.type && stored.erased) return true;
  if (stored.type === sent.type && isSamePayload(stored.payload, sent.payload)) return true;
  throw new ParlorError(
    'client_id_reused',
    `You sent something else with this clientId before (seq ${stored.seq}). Take a new clientId each time.`,
    { room: stored.room },
  );
}

/**
 * Events past `after`, oldest first, up to `last` or the head, page by page. What has expired is
 * passed over, so there may be holes.
 */
export async function* eventsAfter(
  log: EventLog,
  room: string,
  after: number,
  last = Number.MAX_SAFE_INTEGER,
): AsyncGenerator<RoomEvent> {
  const full = (read: readonly RoomEvent[]) => overflows(read, PAGE);
  for (let from = after; from < last; ) {
    const limit = Math.min(PAGE.count, last - from);
    const page = await log.readForward(room, from, limit, full);
    for (const event of page) {
      if (event.seq > last) return;
      yield event;
      from = event.seq;
    }
    if (page.length < limit && !full(page)) return;
  }
}
