import type { RoomEvent } from './event.ts';
import type { Membership } from './ports/membership-store.ts';

/**
 * How many messages of a room somebody has not read: those up to its newest event less those up to
 * where he has read. Other events don't count, nor does a room where all has expired.
 */
export const unreadIn = (newest: RoomEvent | undefined, { readMessages }: Membership): number =>
  newest ? Math.max(0, newest.n - readMessages) : 0;
