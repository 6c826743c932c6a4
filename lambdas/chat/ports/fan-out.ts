import type { RoomEvent } from '../event.ts';

/** Brings a stored event to the room's connections. */
export interface FanOut {
  /**
   * Returns once everything it started has ended, and never throws: the event is stored, so
   * whoever missed it finds it in the log.
   */
  deliver(event: RoomEvent): Promise<FanOutReport>;
}

/** How many connections were served in which way. */
export interface FanOutReport {
  delivered: number;
  gone: number;
  slow: number;
  failed: number;
  /** The first fault that was met, for the log. */
  fault?: unknown;
}
