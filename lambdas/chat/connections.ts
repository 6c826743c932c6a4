import { ParlorError } from '../../protocol/errors.ts';
import {
  CONNECTION_LIFETIME,
  CONNECTIONS_PER_USER,
  ROOMS_PER_CONNECTION,
} from '../../protocol/limits.ts';
import { type Connection, type Dialect, isYoung } from './connection.ts';
import { tooFast } from './flood-gate.ts';
import { newestEvent } from './history.ts';
import { allEnded, forEachParallel } from './parallel.ts';
import type { Account } from './ports/account-store.ts';
import type { Clock, Random } from './ports/clock.ts';
import type { ConnectionGateway } from './ports/connection-gateway.ts';
import type { ConnectionStore } from './ports/connection-store.ts';
import type { EventLog } from './ports/event-log.ts';
import type { LeaseStore } from './ports/lease-store.ts';
import type { MembershipStore } from './ports/membership-store.ts';
import { unreadIn } from './unread.ts';

/** API Gateway doesn't always tell of a connection's end: its rows expire a little after the cut. */
const ROW_LIFETIME_MS = (CONNECTION_LIFETIME + 5 * 60) * 1_000;

const PRUNED_AT_ONCE = 5;

export interface ConnectionPorts {
  connections: ConnectionStore;
  memberships: MembershipStore;
  gateway: ConnectionGateway;
  log: EventLog;
  leases: Pick<LeaseStore, 'shards'>;
  clock: Clock;
  random: Random;
}

/** Who wants in, and where. */
export interface Arrival {
  connectionId: string;
  account: Account;
  /** The login that the token came from, where there is one. */
  sessionId?: string | undefined;
  room: string;
  dialect: Dialect;
  /** When its login ends, or its token where it names no login, in milliseconds since 1970. */
  authUntil: number;
  /** Whether that binds old clients, too. */
  strictExpiry: boolean;
}

/**
 * Records a connection in its room.
 *
 * @throws ParlorError `too_many_connections`, `removed_from_room`, and then nothing is recorded
 */
export async function openConnection(ports: ConnectionPorts, arrival: Arrival): Promise<void> {
  const { connectionId, account, sessionId, room, dialect, strictExpiry } = arrival;
  const now = ports.clock.now();
  // In whole seconds, as rows expire.
  const expiresAt = Math.ceil((now + ROW_LIFETIME_MS) / 1_000) * 1_000;
  if ((await ports.memberships.visit(account.id, room, now)).removed) throw removed(room);
  // Counted after it is recorded, so that of many that arrive at once too few may get in, but
  // never too many.
  await ports.connections.add({
    id: connectionId,
    userId: account.id,
    ...(sessionId !== undefined && { sessionId }),
    username: account.username,
    dialect,
    homeRoom: room,
    rooms: new Map([[room, await someShard(ports, room)]]),
    connectedAt: now,
    // The old clients can't renew their five-minute token, and their server never looked again.
    authUntil:
      dialect === 'legacy' && !strictExpiry ? expiresAt : Math.min(arrival.authUntil, expiresAt),
    expiresAt,
  });
  const refusal = await lateRefusal(ports, account.id, room);
  if (!refusal) return;
  await ports.connections.remove(connectionId);
  throw refusal;
}

/** What can only be told once the connection is recorded, since others act at the same time. */
async function lateRefusal(
  ports: ConnectionPorts,
  userId: string,
  room: string,
): Promise<ParlorError | undefined> {
  const [crowded, wasRemoved] = await allEnded([
    isOneTooMany(ports, userId),
    ports.memberships.isRemoved(userId, room),
  ]);
  if (wasRemoved) return removed(room);
  if (!crowded) return undefined;
  return new ParlorError(
    'too_many_connections',
    `You have ${CONNECTIONS_PER_USER} connections open. Close one and try again.`,
  );
}

/** Somebody who was removed from a room has no way into it. */
export const removed = (room: string): ParlorError =>
  new ParlorError('removed_from_room', `You were removed from the room "${room}".`, { room });

async function isOneTooMany(ports: ConnectionPorts, userId: string): Promise<boolean> {
  const { connections, gateway, clock } = ports;
  const now = clock.now();
  const open = await connections.ofUser(userId, now);
  if (open.length <= CONNECTIONS_PER_USER) return false;

  // Some may have ended without a $disconnect. Young ones, this one among them, may be at their
  // handshake still: to the gateway they are not open yet.
  // The oldest are asked after, and few: the question costs the account's request rate.
  let ended = 0;
  const settled = open.filter((connection) => !isYoung(connection, now)).slice(0, PRUNED_AT_ONCE);
  await forEachParallel(settled, 10, async ({ connectionId }) => {
    if (await gateway.isOpen(connectionId)) return;
    await connections.remove(connectionId);
    ended++;
  });
  return open.length - ended > CONNECTIONS_PER_USER;
}

/** Spreads a room's connections over its shards. */
async function someShard({ leases, random }: ConnectionPorts, room: string): Promise<number> {
  const count = await leases.shards(room);
  // The older half was filled before the newer one was there.
  const first = Math.floor(count / 2);
  return first + Math.floor(random.fraction() * (count - first));
}

/**
 * Whose frame it is that just came, counted against the connection's rate.
 *
 * @throws ParlorError `connection_gone`, `rate_limited`
 */
export async function identify(
  ports: Pick<ConnectionPorts, 'connections' | 'clock'>,
  connectionId: string,
): Promise<Connection> {
  const connection = await ports.connections.touch(connectionId, ports.clock.now());
  if (connection === 'gone') {
    throw new ParlorError('connection_gone', 'This connection has expired. Connect again.');
  }
  if (connection === 'limited') throw tooFast();
  return connection;
}

/** @throws ParlorError `token_expired` */
export function requireFreshToken(connection: Connection, now: number): void {
  if (connection.authUntil > now) return;
  throw new ParlorError(
    'token_expired',
    'Your token has expired. Bring a fresh access token by the "auth" action, or connect again.',
  );
}

/**
 * Puts a connection into a further room.
 *
 * @returns the newest seq that can be read, as it was after the connection was in: what comes later
 *   reaches it; and how many messages up to there the user has not read
 * @throws ParlorError `too_many_rooms`, `removed_from_room`
 */
export async function joinRoom(
  ports: ConnectionPorts,
  connection: Connection,
  room: string,
): Promise<{ head: number; unread: number }> {
  const { connections, memberships, clock } = ports;
  const membership = await memberships.visit(connection.userId, room, clock.now());
  if (membership.removed) throw removed(room);
  if (!connection.rooms.has(room)) {
    const shard = await someShard(ports, room);
    if ((await connections.join(connection, room, shard)) === 'full') throw tooManyRooms();
    // Somebody may have been removing him meanwhile, and have looked before he was in.
    if (await memberships.isRemoved(connection.userId, room)) {
      const rooms = new Map(connection.rooms).set(room, shard);
      await connections.leave({ ...connection, rooms }, room);
      throw removed(room);
    }
  }
  const newest = await newestEvent(ports.log, room);
  return { head: newest?.seq ?? 0, unread: unreadIn(newest, membership) };
}

const tooManyRooms = () =>
  new ParlorError(
    'too_many_rooms',
    `You are in ${ROOMS_PER_CONNECTION} rooms on this connection. Leave one first.`,
  );

/** The newest seq that can be read in each room that a connection is in, and what is unread there. */
export async function headsOf(
  { memberships, log }: Pick<ConnectionPorts, 'memberships' | 'log'>,
  connection: Connection,
): Promise<{ room: string; head: number; unread: number }[]> {
  const rooms = [...connection.rooms.keys()];
  // Before the heads, which only grow: what was read is never beyond them.
  const members = await memberships.findAll(connection.userId, rooms);
  return await allEnded(
    rooms.map(async (room, index) => {
      // Not by a batch: pings are frequent, and it would take more units.
      const newest = await newestEvent(log, room);
      return { room, head: newest?.seq ?? 0, unread: unreadIn(newest, members[index]) };
    }),
  );
}
