import type { Connection, Presence } from '../connection.ts';

/**
 * Who is connected, and in which rooms. Rows that have expired do not exist, whether or not they
 * have been deleted. Reads are strongly consistent.
 */
export interface ConnectionStore {
  /** Records a new connection and its presence in its home room. */
  add(connection: Connection): Promise<void>;

  /**
   * Counts one frame of a connection and tells whose it is, in one write.
   *
   * `limited`: it sent `RATE_FRAMES` frames within the last `RATE_WINDOW`; this one is not
   * counted. `gone`: there is no such connection.
   */
  touch(connectionId: string, now: number): Promise<Connection | 'limited' | 'gone'>;

  /** Puts a connection into a room. Harmless when it is there. */
  join(connection: Connection, room: string): Promise<void>;

  /** Takes a connection out of a room. Harmless when it is not there. */
  leave(connectionId: string, room: string): Promise<void>;

  /**
   * Removes every row of this connection, and of no other. Harmless when there is none.
   *
   * @param seenIn a room where its presence was seen; it goes too if nothing else is left of it
   */
  remove(connectionId: string, seenIn?: string): Promise<void>;

  /** All connections of a room, page by page. */
  inRoom(room: string, now: number): AsyncIterable<readonly Presence[]>;

  /** Ids and ages of a user's connections, oldest first. */
  ofUser(userId: string, now: number): Promise<{ connectionId: string; connectedAt: number }[]>;
}
