import type { RoomEvent } from './event.ts';
import type { Membership } from './ports/membership-store.ts';

/**
 * How many messages of a room somebody has not read: those up to its newest event less those up to
 * where it was read. Other events don't count, nor does a room where all has expired.
 */
export const unreadIn = (
  newest: RoomEvent | undefined,
  membership: Membership | undefined,
): number => (newest ? Math.max(0, newest.n - (membership?.readMessages ?? 0)) : 0);
