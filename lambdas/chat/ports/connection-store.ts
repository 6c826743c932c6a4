import type { Connection, Presence } from '../connection.ts';

/** How many frames a connection may send: `burst` at once, and `perSecond` after that. */
export interface FrameRate {
  burst: number;
  perSecond: number;
}

/**
 * Who is connected, and in which rooms. Rows that have expired do not exist, whether or not they
 * have been deleted. Reads are strongly consistent.
 */
export interface ConnectionStore {
  /** Records a new connection and its presence in its home room. */
  add(connection: Connection): Promise<void>;

  /**
   * Counts one frame of a connection and tells whose it is; in one write, but for frames that
   * come in a burst, and one of twenty, with which the twenty are drawn from the user's budget.
   *
   * `limited`: it has used up its FrameRate, or its user the budget; this one is not counted. `gone`: there is no such
   * connection.
   */
  touch(connectionId: string, now: number): Promise<Connection | 'limited' | 'gone'>;

  /**
   * Puts a connection into a room, unless it is in ROOMS_PER_CONNECTION others. Harmless when it
   * is there: it stays in its shard. Joins and leaves may race: in the end it is in the room, and
   * gets its frames, or neither.
   *
   * @throws ParlorError `connection_gone`
   */
  join(connection: Connection, room: string, shard: number): Promise<'joined' | 'full'>;

  /** Takes a connection out of a room. Harmless when it is not there. */
  leave(connection: Connection, room: string): Promise<void>;

  /**
   * Lets a connection act, and get frames, until then. Milliseconds since 1970.
   *
   * @param sessionId the login by whose token it does; without one it stays with the one it has
   * @throws ParlorError `connection_gone`
   */
  renew(connection: Connection, authUntil: number, sessionId?: string): Promise<void>;

  /** A connection as it is now. */
  find(connectionId: string, now: number): Promise<Connection | undefined>;

  /**
   * Removes every row of this connection, and of no other. Harmless when there is none.
   *
   * @param seen where its presence was seen; that goes too if nothing else is left of it
   */
  remove(connectionId: string, seen?: { room: string; shard: number }): Promise<void>;

  /** All connections of one shard of a room, page by page. */
  inShard(room: string, shard: number, now: number): AsyncIterable<readonly Presence[]>;

  /**
   * Connections whose token expires within the minute of `at` (milliseconds since 1970), with those
   * that have renewed since among them. Those that may act until their rows expire are not listed.
   */
  expiringAt(at: number): AsyncIterable<readonly string[]>;

  /** Ids and ages of a user's connections, oldest first. */
  ofUser(userId: string, now: number): Promise<{ connectionId: string; connectedAt: number }[]>;
}
