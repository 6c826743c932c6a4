import type { RoomEvent } from '../event.ts';

/**
 * The log of every room. All reads are strongly consistent: what was put before the read began
 * is in it.
 */
export interface EventLog {
  /**
   * Puts an event at its seq, if nothing stands there.
   *
   * `taken` says only that the slot is full. It may be full of this very event: an earlier try
   * whose answer was lost. Look before trying the next slot.
   *
   * @throws a fault of the store; the event may then be stored or not
   */
  put(event: RoomEvent): Promise<'stored' | 'taken'>;

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
}
