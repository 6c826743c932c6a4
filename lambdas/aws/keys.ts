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

/**
 * How partitions begin, by the kind of what stands in them. That is all that a policy of IAM sees of a
 * key: lib/table-access.ts says which function may do what with which kind.
 */
export const PARTITIONS = {
  log: 'LOG#',
  inbox: 'INBOX#',
  /** What hangs on messages. */
  overlay: 'OVER#',
  /** Its lease and its members. */
  room: 'ROOM#',
  presence: 'CONNS#',
  connection: 'CONN#',
  userConnection: 'USERCONNS#',
  expiring: 'EXPIRY#',
  account: 'USER#',
  attempts: 'LOGIN#',
  budget: 'BUDGET#',
  superusers: 'SUPERUSERS',
  name: 'NAME#',
  look: 'LOOK#',
  source: 'SOURCE#',
  session: 'SESSION#',
  ticket: 'TICKET#',
} as const;

export type ItemKind = keyof typeof PARTITIONS;

const { log: LOG, inbox: INBOX } = PARTITIONS;

/** How keys begin that `keys.sighting` knows: what the audit has to see of the table's stream. */
export const SIGHTED_PREFIXES = [LOG, INBOX] as const;

const of = (kind: ItemKind, name: string) => PARTITIONS[kind] + part(name);
const nameIn = (kind: ItemKind, pk: string) => unpart(pk.slice(PARTITIONS[kind].length));

/** Before a member's name in his key. */
const MEMBER = 'MEMBER#';

/** Seqs sort as text: 16 digits hold every safe integer. */
const seqDigits = (seq: number) => String(seq).padStart(16, '0');

export const keys = {
  /** All events of a room, by seq. */
  log: (room: string) => of('log', room),
  seq: seqDigits,
  event: (room: string, seq: number): Key => ({ pk: keys.log(room), sk: seqDigits(seq) }),

  /** What hangs on a room's messages, by their seqs. */
  overlays: (room: string) => of('overlay', room),
  overlay: (room: string, seq: number): Key => ({ pk: keys.overlays(room), sk: seqDigits(seq) }),

  /** A user's membership of a room. */
  member: (room: string, userId: string): Key => ({
    pk: of('room', room),
    sk: MEMBER + part(userId),
  }),
  /** The room of a membership's key. */
  roomOfMember: (pk: string) => nameIn('room', pk),
  /** The user of a membership's key. */
  userOfMember: (sk: string) => unpart(sk.slice(MEMBER.length)),

  /** The room's lease, and how many shards it has. */
  lease: (room: string): Key => ({ pk: of('room', room), sk: 'PUMP' }),
  /** The room of a lease's key; undefined for every other key. */
  roomOfLease: ({ pk, sk }: Key) =>
    pk.startsWith(PARTITIONS.room) && sk === 'PUMP' ? nameIn('room', pk) : undefined,

  /** Who is in a shard of a room now. */
  presences: (room: string, shard: number) => `${of('presence', room)}#${shard}`,
  presence: (room: string, shard: number, connectionId: string): Key => ({
    pk: keys.presences(room, shard),
    sk: connectionId,
  }),

  /** Drafts left for whoever holds the room's lease, by the time when they were left. */
  inbox: (room: string, slice: number) => `${of('inbox', room)}#${slice}`,
  draft: (room: string, slice: number, leftAt: number, id: string): Key => ({
    pk: keys.inbox(room, slice),
    sk: `${seqDigits(leftAt)}#${id}`,
  }),

  /** Connections whose token expires within a minute (counted from 1970). */
  expiring: (minute: number) => of('expiring', String(minute)),
  expiringConnection: (minute: number, connectionId: string): Key => ({
    pk: keys.expiring(minute),
    sk: connectionId,
  }),

  connection: (connectionId: string): Key => ({ pk: of('connection', connectionId), sk: 'CONN' }),

  /** The connections of a user. */
  userConnections: (userId: string) => of('userConnection', userId),
  userConnection: (userId: string, connectionId: string): Key => ({
    pk: keys.userConnections(userId),
    sk: connectionId,
  }),

  account: (userId: string): Key => ({ pk: of('account', userId), sk: 'USER' }),
  /** The user of an account's key. */
  userOfAccount: (pk: string) => nameIn('account', pk),
  /** Who of the built-in accounts is a superuser, as far as it matters who is the last. */
  superusers: { pk: PARTITIONS.superusers, sk: 'SUPERUSERS' } satisfies Key,
  /** By what another issuer's user is shown. */
  name: (shown: string): Key => ({ pk: of('name', shown), sk: 'NAME' }),
  /** Whose name looks so, by the hash of the look. */
  look: (hash: string): Key => ({ pk: of('look', hash), sk: 'LOOK' }),
  loginAttempts: (counter: LoginCounter): Key => ({
    pk: of('attempts', counter.userId),
    sk: counter.of,
  }),
  userBudget: (userId: string): Key => ({ pk: of('budget', userId), sk: 'BUDGET' }),
  /** What a network has done lately, of one kind. */
  source: (network: string, kind: string): Key => ({ pk: of('source', network), sk: kind }),

  /** What was written where, for who reads the table's stream. */
  sighting: (pk: string): { room: string; kind: 'event' | 'draft' } | undefined => {
    const [prefix, room = ''] = pk.split('#');
    if (`${prefix}#` === LOG) return { room: unpart(room), kind: 'event' };
    if (`${prefix}#` === INBOX) return { room: unpart(room), kind: 'draft' };
    return undefined;
  },

  session: (sessionId: string): Key => ({ pk: of('session', sessionId), sk: 'SESSION' }),
  ticket: (hash: string): Key => ({ pk: of('ticket', hash), sk: 'TICKET' }),
} as const;
