import type { LoginCounter } from '../chat/ports/account-store.ts';

/**
 * Every key of the table, and nothing else builds one.
 *
 * Names that people choose are escaped, so that no `#` of theirs can pass for ours.
 */
export interface Key {
  pk: string;
  sk: string;
}

/** Escapes what would pass for a mark of ours, and little else: keys are bounded in bytes. */
const part = (name: string) => name.replaceAll('%', '%25').replaceAll('#', '%23');
const unpart = (text: string) => text.replaceAll('%23', '#').replaceAll('%25', '%');

const LOG = 'LOG#';
const INBOX = 'INBOX#';

/** How keys begin that `keys.sighting` knows: what the audit has to see of the table's stream. */
export const SIGHTED_PREFIXES = [LOG, INBOX] as const;

/** Seqs sort as text: 16 digits hold every safe integer. */
const seqDigits = (seq: number) => String(seq).padStart(16, '0');

export const keys = {
  /** All events of a room, by seq. */
  log: (room: string) => LOG + part(room),
  seq: seqDigits,
  event: (room: string, seq: number): Key => ({ pk: keys.log(room), sk: seqDigits(seq) }),

  /** A user's membership of a room. */
  member: (room: string, userId: string): Key => ({
    pk: `ROOM#${part(room)}`,
    sk: `MEMBER#${part(userId)}`,
  }),
  /** The room of a membership's key. */
  roomOfMember: (pk: string) => unpart(pk.slice('ROOM#'.length)),
  /** The user of a membership's key. */
  userOfMember: (sk: string) => unpart(sk.slice('MEMBER#'.length)),

  /** The room's lease, and how many shards it has. */
  lease: (room: string): Key => ({ pk: `ROOM#${part(room)}`, sk: 'PUMP' }),
  /** The room of a lease's key; undefined for every other key. */
  roomOfLease: ({ pk, sk }: Key) =>
    pk.startsWith('ROOM#') && sk === 'PUMP' ? unpart(pk.slice('ROOM#'.length)) : undefined,

  /** Who is in a shard of a room now. */
  presences: (room: string, shard: number) => `CONNS#${part(room)}#${shard}`,
  presence: (room: string, shard: number, connectionId: string): Key => ({
    pk: keys.presences(room, shard),
    sk: connectionId,
  }),

  /** Drafts left for whoever holds the room's lease, by the time when they were left. */
  inbox: (room: string, slice: number) => `${INBOX}${part(room)}#${slice}`,
  draft: (room: string, slice: number, leftAt: number, id: string): Key => ({
    pk: keys.inbox(room, slice),
    sk: `${seqDigits(leftAt)}#${id}`,
  }),

  /** Connections whose token expires within a minute (counted from 1970). */
  expiring: (minute: number) => `EXPIRY#${minute}`,
  expiringConnection: (minute: number, connectionId: string): Key => ({
    pk: keys.expiring(minute),
    sk: connectionId,
  }),

  connection: (connectionId: string): Key => ({ pk: `CONN#${connectionId}`, sk: 'CONN' }),

  /** Everything about a user. */
  user: (userId: string) => `USER#${part(userId)}`,
  account: (userId: string): Key => ({ pk: keys.user(userId), sk: 'USER' }),
  /** The user of an account's key. */
  userOfAccount: (pk: string) => unpart(pk.slice('USER#'.length)),
  /** Who of the built-in accounts is a superuser, as far as it matters who is the last. */
  superusers: { pk: 'SUPERUSERS', sk: 'SUPERUSERS' } satisfies Key,
  /** By what another issuer's user is shown. */
  name: (shown: string): Key => ({ pk: `NAME#${part(shown)}`, sk: 'NAME' }),
  /** Whose name looks so, by the hash of the look. */
  look: (hash: string): Key => ({ pk: `LOOK#${hash}`, sk: 'LOOK' }),
  loginAttempts: ({ userId, of }: LoginCounter): Key => ({
    pk: keys.user(userId),
    sk: `LOGIN#${part(of)}`,
  }),
  userBudget: (userId: string): Key => ({ pk: keys.user(userId), sk: 'BUDGET' }),
  /** What a network has done lately, of one kind. */
  source: (network: string, kind: string): Key => ({
    pk: `SOURCE#${part(network)}`,
    sk: kind,
  }),
  userConnections: 'CONN#',
  userConnection: (userId: string, connectionId: string): Key => ({
    pk: keys.user(userId),
    sk: `${keys.userConnections}${connectionId}`,
  }),

  /** What was written where, for who reads the table's stream. */
  sighting: (pk: string): { room: string; kind: 'event' | 'draft' } | undefined => {
    const [prefix, room = ''] = pk.split('#');
    if (`${prefix}#` === LOG) return { room: unpart(room), kind: 'event' };
    if (`${prefix}#` === INBOX) return { room: unpart(room), kind: 'draft' };
    return undefined;
  },

  session: (sessionId: string): Key => ({ pk: `SESSION#${sessionId}`, sk: 'SESSION' }),
  ticket: (hash: string): Key => ({ pk: `TICKET#${hash}`, sk: 'TICKET' }),
} as const;
