/**
 * Every key of the table, and nothing else builds one.
 *
 * Names that people choose are escaped, so that no `#` of theirs can pass for ours.
 */
export interface Key {
  pk: string;
  sk: string;
}

const part = encodeURIComponent;

/** Seqs sort as text: 16 digits hold every safe integer. */
const seqDigits = (seq: number) => String(seq).padStart(16, '0');

export const keys = {
  /** All events of a room, by seq. */
  log: (room: string) => `LOG#${part(room)}`,
  seq: seqDigits,
  event: (room: string, seq: number): Key => ({ pk: keys.log(room), sk: seqDigits(seq) }),

  /** A user's membership of a room. */
  member: (room: string, userId: string): Key => ({
    pk: `ROOM#${part(room)}`,
    sk: `MEMBER#${part(userId)}`,
  }),
  /** The room of a membership's key. */
  roomOfMember: (pk: string) => decodeURIComponent(pk.slice('ROOM#'.length)),

  /** Who is in a room now. Rooms have one shard so far. */
  presences: (room: string, shard = 0) => `CONNS#${part(room)}#${shard}`,
  presence: (room: string, connectionId: string): Key => ({
    pk: keys.presences(room),
    sk: connectionId,
  }),

  connection: (connectionId: string): Key => ({ pk: `CONN#${connectionId}`, sk: 'CONN' }),

  /** Everything about a user. */
  user: (userId: string) => `USER#${part(userId)}`,
  account: (userId: string): Key => ({ pk: keys.user(userId), sk: 'USER' }),
  loginAttempts: (userId: string): Key => ({ pk: keys.user(userId), sk: 'LOGIN' }),
  userConnections: 'CONN#',
  userConnection: (userId: string, connectionId: string): Key => ({
    pk: keys.user(userId),
    sk: `${keys.userConnections}${connectionId}`,
  }),

  session: (sessionId: string): Key => ({ pk: `SESSION#${sessionId}`, sk: 'SESSION' }),
} as const;
