import type { Connection, Presence } from '../../lambdas/chat/connection.ts';
import type { ConnectionStore, FrameRate } from '../../lambdas/chat/ports/connection-store.ts';
import type { UserBudget } from '../../lambdas/chat/ports/user-budget.ts';
import { ParlorError } from '../../protocol/errors.ts';
import { FRAME_BURST, FRAMES_PER_SECOND, ROOMS_PER_CONNECTION } from '../../protocol/limits.ts';
import { memoryUserBudget } from './memory-user-budget.ts';

interface Row {
  connection: Omit<Connection, 'rooms'> & { rooms: Map<string, number> };
  /** Frames that count still: a bucket, and when it was looked at last. */
  frames: { count: number; at: number };
  /** Frames that have not been drawn from the user's budget. */
  undrawn: number;
}

const FRAMES_PER_DRAW = 20;

type PresenceRow = Presence & { expiresAt: number };
type UserRow = { connectionId: string; connectedAt: number; expiresAt: number };

/** So small that a room of a few has several pages. */
const PAGE = 3;

/**
 * Connections in memory: the same kinds of rows that the table has, so that they can fall apart in
 * the same ways. Nothing is deleted because it has expired.
 */
export function memoryConnectionStore(
  rate: FrameRate = { burst: FRAME_BURST, perSecond: FRAMES_PER_SECOND },
  budget: UserBudget = memoryUserBudget(rate),
): ConnectionStore {
  const rows = new Map<string, Row>();
  const presences = byKey<PresenceRow>();
  const users = byKey<UserRow>();
  const expiring = byKey<string>();

  function putPresence({ id, ...rest }: Omit<Connection, 'rooms'>, room: string, shard: number) {
    const { dialect, connectedAt, authUntil } = rest;
    const expiresAt = wholeSeconds(rest.expiresAt);
    const row = { connectionId: id, dialect, connectedAt, authUntil, expiresAt };
    presences.of(shardKey(room, shard)).set(id, row);
  }

  function rowOf(connectionId: string): Row {
    const row = rows.get(connectionId);
    if (!row) throw new ParlorError('connection_gone', 'This connection has ended.');
    return row;
  }

  const list = (connectionId: string, authUntil: number) =>
    expiring.of(minuteOf(authUntil)).set(connectionId, connectionId);

  return {
    async add(connection) {
      const { id, userId, connectedAt, authUntil } = connection;
      const expiresAt = wholeSeconds(connection.expiresAt);
      const rooms = new Map(connection.rooms);
      rows.set(id, {
        connection: { ...connection, rooms, expiresAt },
        frames: { count: 0, at: 0 },
        undrawn: 0,
      });
      users.of(userId).set(id, { connectionId: id, connectedAt, expiresAt });
      for (const [room, shard] of rooms) putPresence(connection, room, shard);
      if (authUntil < connection.expiresAt) list(id, authUntil);
    },

    async touch(connectionId, now) {
      const row = rows.get(connectionId);
      if (!row || row.connection.expiresAt <= now) return 'gone';
      const leaked = ((now - row.frames.at) * rate.perSecond) / 1_000;
      const count = Math.max(0, row.frames.count - leaked) + 1;
      if (count > rate.burst) return 'limited';
      row.frames = { count, at: now };
      if (row.undrawn < FRAMES_PER_DRAW) row.undrawn++;
      else {
        row.undrawn = 1;
        if (!(await budget.draw(row.connection.userId, FRAMES_PER_DRAW, now))) {
          row.undrawn = FRAMES_PER_DRAW;
          return 'limited';
        }
      }
      return copied(row);
    },

    async join({ id }, room, shard) {
      const { connection } = rowOf(id);
      const there = connection.rooms.get(room) ?? shard;
      const isThere = connection.rooms.has(room);
      if (!isThere && connection.rooms.size >= ROOMS_PER_CONNECTION) return 'full';
      connection.rooms.set(room, there);
      putPresence(connection, room, there);
      return 'joined';
    },

    async leave({ id }, room) {
      const rooms = rows.get(id)?.connection.rooms;
      const shard = rooms?.get(room);
      if (shard === undefined) return;
      rooms?.delete(room);
      presences.of(shardKey(room, shard)).delete(id);
    },

    async renew({ id }, authUntil, sessionId) {
      list(id, authUntil);
      const { connection } = rowOf(id);
      if (connection.authUntil > authUntil) return;
      connection.authUntil = authUntil;
      connection.sessionId = sessionId ?? connection.sessionId;
      for (const [room, shard] of connection.rooms) {
        const presence = presences.of(shardKey(room, shard)).get(id);
        if (presence) presence.authUntil = authUntil;
      }
    },

    async find(connectionId, now) {
      const row = rows.get(connectionId);
      return row && row.connection.expiresAt > now ? copied(row) : undefined;
    },

    async remove(connectionId, seen) {
      const connection = rows.get(connectionId)?.connection;
      for (const [room, shard] of connection?.rooms ?? []) {
        presences.of(shardKey(room, shard)).delete(connectionId);
      }
      if (seen) presences.of(shardKey(seen.room, seen.shard)).delete(connectionId);
      if (!connection) return;
      users.of(connection.userId).delete(connectionId);
      rows.delete(connectionId);
    },

    async *inShard(room, shard, now) {
      for (const page of pagesOf(presences.of(shardKey(room, shard)))) {
        yield page
          .filter(({ expiresAt }) => expiresAt > now)
          .map(({ expiresAt: _, ...presence }) => presence);
      }
    },

    async *expiringAt(at) {
      yield* pagesOf(expiring.of(minuteOf(at)));
    },

    async ofUser(userId, now) {
      return [...users.of(userId).values()]
        .filter(({ expiresAt }) => expiresAt > now)
        .map(({ connectionId, connectedAt }) => ({ connectionId, connectedAt }))
        .sort((a, b) => a.connectedAt - b.connectedAt);
    },
  };
}

/** Partitions: the rows below a key, each by its connection's id. */
function byKey<Item>() {
  const partitions = new Map<string, Map<string, Item>>();
  return {
    of(key: string): Map<string, Item> {
      const partition = partitions.get(key) ?? new Map<string, Item>();
      partitions.set(key, partition);
      return partition;
    },
  };
}

function* pagesOf<Item>(partition: ReadonlyMap<string, Item>): Generator<Item[]> {
  const all = [...partition.values()];
  for (let from = 0; from < all.length; from += PAGE) yield all.slice(from, from + PAGE);
}

const copied = ({ connection }: Row): Connection => ({
  ...connection,
  rooms: new Map(connection.rooms),
});

const shardKey = (room: string, shard: number) => JSON.stringify([room, shard]);

const minuteOf = (ms: number) => String(Math.floor(ms / 60_000));

/** The table's expiry counts in seconds, rounded up. */
const wholeSeconds = (ms: number) => Math.ceil(ms / 1_000) * 1_000;
