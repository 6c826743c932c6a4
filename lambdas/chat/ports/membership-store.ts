/** A user's having been in a room. */
export interface Visit {
  room: string;
  /** Milliseconds since 1970. */
  at: number;
}

export interface MembershipStore {
  /**
   * Records that a user is in a room now, unless he was removed from it. Visits never go back in
   * time.
   */
  visit(userId: string, room: string, at: number): Promise<'visited' | 'removed'>;

  /** Records a visit if there is none yet. */
  visitFirst(userId: string, room: string, at: number): Promise<'visited' | 'removed'>;

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
