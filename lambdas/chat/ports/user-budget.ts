/**
 * What a user may ask for over all connections and REST together: a bucket like that of each
 * connection, and CONNECTIONS_AT_FULL_RATE times as large.
 */
export interface UserBudget {
  /**
   * Draws so many frames; a message sent over REST is one. False, and nothing is drawn, where that is
   * more than is left.
   */
  draw(userId: string, frames: number, now: number): Promise<boolean>;
}
