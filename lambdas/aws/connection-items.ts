import { randomUUID } from 'node:crypto';
import type { Connection, Dialect, Presence } from '../chat/connection.ts';
import { toTtl } from './dynamo.ts';
import { type Key, keys } from './keys.ts';

/** A connection's own item. Beside it stand one presence per room and one row below its user. */
export interface ConnectionItem extends Key {
  userId: string;
  sessionId?: string;
  username: string;
  dialect: Dialect;
  homeRoom: string;
  /** Its place in each room. */
  rooms: Record<string, Place>;
  connectedAt: number;
  authUntil: number;
  expiresAt: number;
  /** See frame-rate.ts. */
  drainedAt?: number;
  undrawn?: number;
}

/** Where it is present, and since which joining: each has an id of its own. */
export interface Place {
  shard: number;
  visit: string;
}

export type PresenceItem = Key & {
  visit: string;
  dialect: Dialect;
  connectedAt: number;
  authUntil: number;
  expiresAt: number;
};

export function presenceItem(connection: Connection, room: string, place: Place): PresenceItem {
  const { id, dialect, connectedAt, authUntil, expiresAt } = connection;
  return {
    ...keys.presence(room, place.shard, id),
    visit: place.visit,
    dialect,
    connectedAt,
    authUntil,
    expiresAt: toTtl(expiresAt),
  };
}

/** Tokens' expiries are listed by the minute, counted from 1970. */
export const minuteOf = (ms: number) => Math.floor(ms / 60_000);

/** That a connection's token expires in a certain minute. Of no use some minutes later. */
export function expiryItem({ id, authUntil }: Connection): Key & { expiresAt: number } {
  const minute = minuteOf(authUntil);
  return { ...keys.expiringConnection(minute, id), expiresAt: (minute + 10) * 60 };
}

export function toPresence({ sk, dialect, connectedAt, authUntil }: PresenceItem): Presence {
  return { connectionId: sk, dialect, connectedAt, authUntil };
}

/** The field of a room among a connection's places. The prefix keeps a room named __proto__ a field like any other. */
export const field = (room: string) => `in ${room}`;

/** The shard in each room. */
export const toRooms = ({ rooms }: ConnectionItem) =>
  new Map(Object.entries(rooms).map(([name, { shard }]) => [name.slice(field('').length), shard]));

export const newPlace = (shard: number): Place => ({ shard, visit: randomUUID() });

export function toConnection(id: string, item: ConnectionItem): Connection {
  const { userId, sessionId, username, dialect, homeRoom } = item;
  const { connectedAt, authUntil, expiresAt } = item;
  return {
    id,
    userId,
    ...(sessionId !== undefined && { sessionId }),
    username,
    dialect,
    homeRoom,
    rooms: toRooms(item),
    connectedAt,
    authUntil,
    expiresAt: expiresAt * 1_000,
  };
}
