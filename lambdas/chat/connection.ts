/**
 * What a client of a connection understands: `legacy` clients offered no subprotocol and get the
 * old frames only; `v1` clients offered `parlor.v1`.
 */
export type Dialect = 'legacy' | 'v1';

/** An open WebSocket connection, as its $connect left it and later frames changed it. */
export interface Connection {
  id: string;
  userId: string;
  /** The login by whose token it was opened or last renewed, where the token named one. */
  sessionId?: string | undefined;
  username: string;
  dialect: Dialect;
  /** The room of the URL, to which the old clients' frames go. */
  homeRoom: string;
  /** Rooms it is in now, each with the shard in which it is present there. */
  rooms: ReadonlyMap<string, number>;
  /** Milliseconds since 1970. */
  connectedAt: number;
  /** Until when its token lets it act, in milliseconds since 1970. */
  authUntil: number;
  /** When its rows expire, in milliseconds since 1970; API Gateway has cut it by then. */
  expiresAt: number;
}

/** That a connection is in a room: as much of it as a fan-out needs. */
export interface Presence {
  connectionId: string;
  dialect: Dialect;
  connectedAt: number;
  authUntil: number;
}

const YOUNG_MS = 10_000;

/** A young connection's 410 may only mean that its handshake is not over. */
export const isYoung = ({ connectedAt }: { connectedAt: number }, now: number): boolean =>
  now - connectedAt < YOUNG_MS;
