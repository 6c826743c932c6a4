import type { ReadMark } from './membership-store.ts';

/** What is kept of a user in a room, as it moves from one chat to another. */
export interface RoomMember {
  userId: string;
  /** His last visit, in milliseconds since 1970; undefined for who is not of the room (any more). */
  visitedAt?: number | undefined;
  /** The seq up to which he has read it. */
  readTo?: number | undefined;
  /** How many messages there were up to a seq: the same, unless a version that doesn't count moved it. */
  readCounted?: ReadMark | undefined;
  /** That he was removed from the room. */
  removed?: true | undefined;
}

/** The members of rooms, for exports and imports. The chat itself needs the MembershipStore. */
export interface RoomMembers {
  /** All of a room, in no order that means anything. */
  list(room: string): AsyncIterable<RoomMember>;
  /** Adds one, unless something is kept of him there: then that stays as it is. */
  add(room: string, member: RoomMember): Promise<'added' | 'there'>;
}
