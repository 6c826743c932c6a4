import type { RoomEvent } from '../event.ts';

/** Brings what is stored to the room's connections. */
export interface FanOut {
  /**
   * Sees to it that an event reaches the room: pumps it, or leaves that to whoever pumps the room
   * now. Returns once everything it started has ended, and never throws: the event is stored, so
   * whoever missed it finds it in the log.
   */
  deliver(event: RoomEvent): Promise<FanOutReport>;

  /**
   * The same for whatever is not pumped yet.
   *
   * @param drafted whether a draft was left in the room's inbox
   */
  wake(room: string, drafted: boolean): Promise<FanOutReport>;
}

/** How many connections were served in which way, over all rounds. */
export interface FanOutReport {
  /** How it ended: pumped by this one, left to the holder of the lease, or handed on. */
  by: 'self' | 'holder' | 'relay' | 'nobody';
  delivered: number;
  gone: number;
  slow: number;
  failed: number;
  /** The first fault that was met, for the log. */
  fault?: unknown;
}
