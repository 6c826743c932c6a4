/** What a ticket stands for: the token by which it was got. */
export interface Ticket {
  userId: string;
  /** The login that the token came from, where there is one. */
  sessionId?: string | undefined;
  /** Whether also an old client's socket is bound to that token's expiry. */
  strictExpiry?: boolean | undefined;
  /** When that token expires, in milliseconds since 1970. */
  authUntil: number;
  /** Until when the ticket opens a socket, in milliseconds since 1970. */
  goodUntil: number;
}

/** Tickets, known by a hash of what their holders have: who reads the store can't use one. */
export interface TicketStore {
  keep(hash: string, ticket: Ticket): Promise<void>;

  /**
   * Uses a ticket up for a connection, in one conditional write: of many that try, one connection
   * gets it. The same connection gets it again, for a call whose answer was lost.
   *
   * @returns undefined when it was used, has expired, or never was
   */
  redeem(hash: string, connectionId: string, now: number): Promise<Ticket | undefined>;
}
