import type { Counters } from './counters.ts';

/** One entry of a room's log. A message is the only type so far. */
export interface RoomEvent extends Counters {
  type: 'message';
  room: string;
  /** Dense: 1, 2, 3, ... */
  seq: number;
  id: string;
  /** Account id of who did it. */
  userId: string;
  /** The name under which it is shown, as it was then. */
  sender: string;
  /** The sender's own id for it; unique among the sender's events. */
  clientId: string;
  content: string;
  /** Milliseconds since 1970. */
  at: number;
  /**
   * Word for the next writer, who reads it anyway: this event was put together with others, or
   * after others had taken slots from it, so many write to the room.
   */
  crowded?: true;
}
