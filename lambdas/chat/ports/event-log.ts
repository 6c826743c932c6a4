import type { Counters } from '../counters.ts';
import type { RoomEvent } from '../event.ts';

/**
 * The log of every room. All reads are strongly consistent: what was put before the read began
 * is in it.
 *
 * Where history is kept for a time only, events expire, the older ones first, unless the time was
 * changed between them. No read gives one that has expired; a hole in the seqs shows where some
 * have. Seqs go on as if they were still there.
 */
export interface EventLog {
  /**
   * Puts events at their seqs, all or none, if nothing stands at the first. They are of one room,
   * with one seq after the other, at most GROUP_EVENTS.
   *
   * Nothing else can stand at the later ones: whoever would put there has read the item at the
   * first, and knows how far it goes.
   *
   * `taken` says only that the slot is full. It may be full of these very events: an earlier try
   * whose answer was lost. Look before trying the next slot.
   *
   * @throws a fault of the store; the events may then be stored or not
   */
  put(first: RoomEvent, ...rest: RoomEvent[]): Promise<'stored' | 'taken'>;

  /**
   * Makes an event's content empty, or its payload but for that empty content, and marks it as erased.
   * All else of it stays: a late retry still finds it. Nothing happens where it is gone.
   *
   * @throws a fault of the store; erase it again
   */
  erase(room: string, seq: number, what: 'content' | 'payload'): Promise<void>;

  /**
   * Events with seq > `after`, oldest first, at most `limit`; fewer only at the head, or where they
   * are `enough`. Those that have expired are passed over.
   */
  readForward(room: string, after: number, limit: number, enough?: Enough): Promise<RoomEvent[]>;

  /**
   * Events with seq < `before`, newest first, at most `limit`; fewer only at the start, or where
   * they are `enough`. It ends before the first that has expired.
   */
  readBackward(room: string, before: number, limit: number, enough?: Enough): Promise<RoomEvent[]>;

  /**
   * The newest event of each of many rooms, in their order, as `readBackward` gives it; undefined
   * where it gives none. Where the rooms are many and quiet, by few calls, of more units: see
   * newest-events.ts. None of them twice.
   */
  newest(rooms: readonly string[]): Promise<(RoomEvent | undefined)[]>;

  /**
   * Where a room's log ends, also if its newest events have expired: what comes next has the next
   * seq. All are 0 for a room where nothing was ever said.
   *
   * It takes a second read in a room where nothing was said for half a day. Who only wants to know
   * whether there is something to read has that of `newestEvent` in history.ts for one.
   */
  head(room: string): Promise<Head>;
}

/**
 * Whether what has been read is as much as its reader can use: `overflows` in size.ts says so. Asked
 * after each part of a read, so that long events aren't read, and paid for, to be thrown away. What is
 * enough stays so when more comes.
 */
export type Enough = (read: readonly RoomEvent[]) => boolean;

/**
 * The newest event's place in the log and in time (milliseconds since 1970), and what it counts. Where
 * that event is gone, `at` may lie before its time.
 */
export interface Head extends Counters {
  seq: number;
  at: number;
  /** As the newest event says. */
  crowded?: true;
}
