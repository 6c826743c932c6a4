import { ParlorError } from '../../protocol/errors.ts';
import {
  CONNECTION_LIFETIME,
  CONNECTIONS_PER_USER,
  ROOMS_PER_CONNECTION,
} from '../../protocol/limits.ts';
import { type Connection, type Dialect, isYoung } from './connection.ts';
import { forEachParallel } from './parallel.ts';
import type { Account } from './ports/account-store.ts';
import type { Clock } from './ports/clock.ts';
import type { ConnectionGateway } from './ports/connection-gateway.ts';
import type { ConnectionStore } from './ports/connection-store.ts';
import type { EventLog } from './ports/event-log.ts';
import type { MembershipStore } from './ports/membership-store.ts';

/** API Gateway doesn't always tell of a connection's end: its rows expire a little after the cut. */
const ROW_LIFETIME_MS = (CONNECTION_LIFETIME + 5 * 60) * 1_000;

export interface ConnectionPorts {
  connections: ConnectionStore;
  memberships: MembershipStore;
  gateway: ConnectionGateway;
  log: EventLog;
  clock: Clock;
}

/** Who wants in, and where. */
export interface Arrival {
  connectionId: string;
  account: Account;
  room: string;
  dialect: Dialect;
  /** When the token expires, in milliseconds since 1970. */
  tokenExpiresAt: number;
}

/**
 * Records a connection in its room.
 *
 * @throws ParlorError `too_many_connections`, and then nothing is recorded
 */
export async function openConnection(ports: ConnectionPorts, arrival: Arrival): Promise<void> {
  const { connectionId, account, room, dialect } = arrival;
  const now = ports.clock.now();
  const expiresAt = now + ROW_LIFETIME_MS;
  // Counted after it is recorded, so that of many that arrive at once too few may get in, but
  // never too many.
  await ports.connections.add({
    id: connectionId,
    userId: account.id,
    username: account.username,
    dialect,
    homeRoom: room,
    rooms: new Set([room]),
    connectedAt: now,
    // The old clients can't renew their five-minute token, and their server never looked again.
    authUntil: dialect === 'legacy' ? expiresAt : arrival.tokenExpiresAt,
    expiresAt,
  });
  if (await isOneTooMany(ports, account.id)) {
    await ports.connections.remove(connectionId);
    throw new ParlorError(
      'too_many_connections',
      `You have ${CONNECTIONS_PER_USER} connections open. Close one and try again.`,
    );
  }
  await ports.memberships.visit(account.id, room, now);
}

async function isOneTooMany(ports: ConnectionPorts, userId: string): Promise<boolean> {
  const { connections, gateway, clock } = ports;
  const now = clock.now();
  const open = await connections.ofUser(userId, now);
  if (open.length <= CONNECTIONS_PER_USER) return false;

  // Some may have ended without a $disconnect. Young ones, this one among them, may be at their
  // handshake still: to the gateway they are not open yet.
  let ended = 0;
  const settled = open.filter((connection) => !isYoung(connection, now));
  await forEachParallel(settled, 10, async ({ connectionId }) => {
    if (await gateway.isOpen(connectionId)) return;
    await connections.remove(connectionId);
    ended++;
  });
  return open.length - ended > CONNECTIONS_PER_USER;
}

/**
 * Whose frame it is that just came, counted against the connection's rate.
 *
 * @throws ParlorError `connection_gone`, `rate_limited`, `token_expired`
 */
export async function identify(ports: ConnectionPorts, connectionId: string): Promise<Connection> {
  const now = ports.clock.now();
  const connection = await ports.connections.touch(connectionId, now);
  if (connection === 'gone') {
    throw new ParlorError('connection_gone', 'This connection has expired. Connect again.');
  }
  if (connection === 'limited') {
    throw new ParlorError('rate_limited', 'You send too fast. Wait a few seconds, then go on.', {
      retryAfter: 2,
    });
  }
  if (connection.authUntil <= now) {
    throw new ParlorError(
      'token_expired',
      'Your token has expired. Connect again with a fresh access token.',
    );
  }
  return connection;
}

/**
 * Puts a connection into a further room.
 *
 * @returns the room's newest seq, read after the connection is in: what comes later reaches it
 * @throws ParlorError `too_many_rooms`
 */
export async function joinRoom(
  ports: ConnectionPorts,
  connection: Connection,
  room: string,
): Promise<number> {
  if (!connection.rooms.has(room) && connection.rooms.size >= ROOMS_PER_CONNECTION) {
    throw new ParlorError(
      'too_many_rooms',
      `You are in ${ROOMS_PER_CONNECTION} rooms on this connection. Leave one first.`,
    );
  }
  await ports.connections.join(connection, room);
  await ports.memberships.visit(connection.userId, room, ports.clock.now());
  return (await ports.log.head(room)).seq;
}

/** The newest seq of each room that a connection is in. */
export async function headsOf(
  ports: ConnectionPorts,
  connection: Connection,
): Promise<{ room: string; head: number }[]> {
  return await Promise.all(
    [...connection.rooms].map(async (room) => ({
      room,
      head: (await ports.log.head(room)).seq,
    })),
  );
}
