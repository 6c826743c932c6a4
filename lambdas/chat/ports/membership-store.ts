/** A user's having been in a room. */
export interface Visit {
  room: string;
  /** Milliseconds since 1970. */
  at: number;
}

export interface MembershipStore {
  /** Records that a user is in a room now. Visits never go back in time. */
  visit(userId: string, room: string, at: number): Promise<void>;

  /** Records a visit if there is none yet. */
  visitFirst(userId: string, room: string, at: number): Promise<void>;

  /**
   * Rooms of a user, latest visit first, at most `limit`. May lag by seconds.
   *
   * @param after the last visit of the page before
   */
  visits(userId: string, limit: number, after?: Visit): Promise<Visit[]>;
}
