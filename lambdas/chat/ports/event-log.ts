import type { RoomEvent } from '../event.ts';

/**
 * The log of every room. All reads are strongly consistent: what was put before the read began
 * is in it.
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

  /** Events with seq > `after`, oldest first, at most `limit`; fewer only at the head. */
  readForward(room: string, after: number, limit: number): Promise<RoomEvent[]>;

  /** Events with seq < `before`, newest first, at most `limit`; fewer only at the start. */
  readBackward(room: string, before: number, limit: number): Promise<RoomEvent[]>;

  /** Where a room's log ends: seq 0 and at 0 for a room without events. */
  head(room: string): Promise<Head>;
}

/** The newest event's place in the log and in time (milliseconds since 1970). */
export interface Head {
  seq: number;
  at: number;
  /** As the newest event says. */
  crowded?: true;
}
