import type { Connection, Presence } from '../../lambdas/chat/connection.ts';
import type { ConnectionStore } from '../../lambdas/chat/ports/connection-store.ts';
import { ParlorError } from '../../protocol/errors.ts';
import { RATE_FRAMES, RATE_WINDOW } from '../../protocol/limits.ts';

interface Row {
  connection: Omit<Connection, 'rooms'> & { rooms: Set<string> };
  /** When its latest frames came. */
  frames: number[];
}

type PresenceRow = Presence & { expiresAt: number };
type UserRow = { connectionId: string; connectedAt: number; expiresAt: number };

/** So small that a room of a few has several pages. */
const PAGE = 3;

/**
 * Connections in memory: the same three kinds of rows that the table has, so that they can fall
 * apart in the same ways. Nothing is deleted because it has expired.
 */
export function memoryConnectionStore(): ConnectionStore {
  const rows = new Map<string, Row>();
  const presences = new Map<string, Map<string, PresenceRow>>();
  const users = new Map<string, Map<string, UserRow>>();

  function putPresence({ id, ...rest }: Connection, room: string): void {
    const { dialect, connectedAt, authUntil } = rest;
    const expiresAt = wholeSeconds(rest.expiresAt);
    const inRoom = presences.get(room) ?? new Map<string, PresenceRow>();
    inRoom.set(id, { connectionId: id, dialect, connectedAt, authUntil, expiresAt });
    presences.set(room, inRoom);
  }

  return {
    async add(connection) {
      const { id, userId, connectedAt } = connection;
      const expiresAt = wholeSeconds(connection.expiresAt);
      rows.set(id, {
        connection: { ...connection, rooms: new Set(connection.rooms), expiresAt },
        frames: [],
      });
      const ofUser = users.get(userId) ?? new Map<string, UserRow>();
      users.set(userId, ofUser.set(id, { connectionId: id, connectedAt, expiresAt }));
      for (const room of connection.rooms) putPresence(connection, room);
    },

    async touch(connectionId, now) {
      const row = rows.get(connectionId);
      if (!row || row.connection.expiresAt <= now) return 'gone';
      const oldest = row.frames.at(-RATE_FRAMES);
      if (oldest !== undefined && oldest > now - RATE_WINDOW * 1_000) return 'limited';
      row.frames.push(now);
      return { ...row.connection, rooms: new Set(row.connection.rooms) };
    },

    async join(connection, room) {
      const row = rows.get(connection.id);
      if (!row) throw new ParlorError('connection_gone', 'This connection has ended.');
      row.connection.rooms.add(room);
      putPresence(connection, room);
    },

    async leave(connectionId, room) {
      presences.get(room)?.delete(connectionId);
      rows.get(connectionId)?.connection.rooms.delete(room);
    },

    async remove(connectionId, seenIn) {
      const connection = rows.get(connectionId)?.connection;
      const rooms = new Set(connection?.rooms);
      if (seenIn !== undefined) rooms.add(seenIn);
      for (const room of rooms) presences.get(room)?.delete(connectionId);
      if (!connection) return;
      users.get(connection.userId)?.delete(connectionId);
      rows.delete(connectionId);
    },

    async *inRoom(room, now) {
      const all = [...(presences.get(room)?.values() ?? [])];
      for (let from = 0; from < all.length; from += PAGE) {
        yield all
          .slice(from, from + PAGE)
          .filter(({ expiresAt }) => expiresAt > now)
          .map(({ expiresAt: _, ...presence }) => presence);
      }
    },

    async ofUser(userId, now) {
      return [...(users.get(userId)?.values() ?? [])]
        .filter(({ expiresAt }) => expiresAt > now)
        .map(({ connectionId, connectedAt }) => ({ connectionId, connectedAt }))
        .sort((a, b) => a.connectedAt - b.connectedAt);
    },
  };
}

/** The table's expiry counts in seconds, rounded up. */
const wholeSeconds = (ms: number) => Math.ceil(ms / 1_000) * 1_000;
