import type { LogEnd } from './lease-store.ts';

/** A user's having been in a room. */
export interface Visit {
  room: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** What a user is to a room. */
export interface Membership {
  /** The seq up to which he has read it; 0 if he never said so. */
  read: number;
  /** How many messages there are up to that seq. */
  readMessages: number;
  /** Whether he was removed from it. */
  removed: boolean;
}

/** Up to where a room was read. */
export type ReadMark = Pick<LogEnd, 'seq' | 'n'>;

export interface MembershipStore {
  /**
   * Records that a user is in a room now, unless he was removed from it. Visits never go back in
   * time.
   *
   * @returns what he is to it now
   */
  visit(userId: string, room: string, at: number): Promise<Membership>;

  /** Records a visit if there is none yet. */
  visitFirst(userId: string, room: string, at: number): Promise<'visited' | 'removed'>;

  /** Strongly consistent; the same for a user who never was in the room as for a new one. */
  find(userId: string, room: string): Promise<Membership>;

  /** The same for many rooms, in their order, by a call for each hundred. None of them twice. */
  findAll(userId: string, rooms: readonly string[]): Promise<Membership[]>;

  /**
   * Records up to where a user has read a room, unless he was removed from it. It never moves
   * back. Counts as a visit if there is none yet.
   *
   * @param upTo the seq, and how many messages there are up to it
   * @returns up to where he has read it now
   */
  markRead(userId: string, room: string, upTo: ReadMark, at: number): Promise<number | 'removed'>;

  /** Takes a room off a user's list, and forgets up to where he read it. A removal stays. */
  forget(userId: string, room: string): Promise<void>;

  /** Whether a user was removed from a room. Strongly consistent. */
  isRemoved(userId: string, room: string): Promise<boolean>;

  /** Removes a user from a room, or lets him in again. */
  setRemoved(userId: string, room: string, removed: boolean): Promise<void>;

  /**
   * Rooms of a user, latest visit first, at most `limit`. May lag by seconds.
   *
   * @param after the last visit of the page before
   */
  visits(userId: string, limit: number, after?: Visit): Promise<Visit[]>;
}
