import type { RoomEvent } from '../event.ts';

/** Brings a stored event to the room's connections. */
export interface FanOut {
  /**
   * Returns once everything it started has ended. The event is stored, so nothing is lost when
   * this throws; clients find what they missed in the log.
   */
  deliver(event: RoomEvent): Promise<FanOutReport>;
}

/** How many posts ended in which way. */
export interface FanOutReport {
  delivered: number;
  gone: number;
  slow: number;
  failed: number;
}
