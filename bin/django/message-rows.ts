import type { DatabaseSync } from 'node:sqlite';
import { type Columns, columnsOf, findColumns } from './columns.ts';
import { quoted } from './open-database.ts';
import { toMillis } from './timestamp.ts';

export interface DjangoTables {
  users: string;
  messages: string;
  rooms: string;
}

/** A row of the messages' table, with what it points to. */
export interface MessageRow {
  key: string;
  /** The room's name as it was there. */
  room: string;
  content: string;
  /** Milliseconds since 1970, null when the timestamp is none. */
  at: number | null;
  /** The sender's key, where he is in the users' table. */
  userKey: string | undefined;
  sender: string;
}

export interface MessageRows {
  /** In the table's order. */
  unsorted(): Iterable<MessageRow>;
  /** By room; in each, the oldest first. SQLite sorts, on disk if need be. */
  byRoom(): Iterable<MessageRow>;
}

/** @throws Error that says what there is, when a table or column is not found */
export function messageRows(
  database: DatabaseSync,
  tables: DjangoTables,
  told: readonly string[],
): MessageRows {
  const options = { deterministic: true, useBigIntArguments: true };
  database.function('to_millis', options, (value) => toMillis(value));
  const query = queryOf(database, tables, told);
  return {
    unsorted: () => rowsOf(database, query),
    byRoom: () => rowsOf(database, `${query} ORDER BY room, at, m.rowid`),
  };
}

function queryOf(
  database: DatabaseSync,
  { users, messages, rooms }: DjangoTables,
  told: readonly string[],
): string {
  const there = columnsOf(database, messages, '--messages-table');
  const columns: Columns = findColumns(there, told);
  const [sender, room] = [columns.sender, columns.room].map((name) => `m.${quoted(name)}`);
  const userHasId = columnsOf(database, users, '--users-table').has('id');
  const userById = pointsToId(database, messages, columns.sender);
  const roomName = pointsToId(database, messages, columns.room)
    ? `r.${quoted(nameOfRoom(database, rooms))}`
    : undefined;
  return `SELECT m.${there.has('id') ? 'id' : 'rowid'} AS message, ${roomName ?? room} AS room,
    m.${quoted(columns.content)} AS content, to_millis(m.${quoted(columns.timestamp)}) AS at,
    u.${userHasId ? 'id' : 'username'} AS user, u.username AS username, ${sender} AS sender
    FROM ${quoted(messages)} m
    LEFT JOIN ${quoted(users)} u ON u.${userById ? 'id' : 'username'} = ${sender}
    ${roomName ? `LEFT JOIN ${quoted(rooms)} r ON r.id = ${room}` : ''}`;
}

/** By its name; or by its values, for dumps name a reference by its field alone. */
function pointsToId(database: DatabaseSync, table: string, column: string): boolean {
  if (column.endsWith('_id')) return true;
  const name = quoted(column);
  const sql = `SELECT typeof(${name}) AS type FROM ${quoted(table)} WHERE ${name} NOT NULL LIMIT 1`;
  return database.prepare(sql).get()?.type === 'integer';
}

function nameOfRoom(database: DatabaseSync, rooms: string): string {
  const there = columnsOf(database, rooms, '--rooms-table');
  const name = ['name', 'slug', 'title'].find((usual) => there.has(usual));
  if (name === undefined) throw new Error(`${rooms} has no column name, slug or title.`);
  return name;
}

function* rowsOf(database: DatabaseSync, sql: string): Generator<MessageRow> {
  const select = database.prepare(sql);
  // Ids may be larger than the exact numbers.
  select.setReadBigInts(true);
  for (const row of select.iterate()) {
    yield {
      key: String(row.message),
      room: String(row.room ?? ''),
      content: String(row.content ?? ''),
      at: typeof row.at === 'number' ? row.at : null,
      userKey: row.user === null ? undefined : String(row.user),
      sender: String(row.username ?? row.sender ?? '(deleted)').normalize('NFKC'),
    };
  }
}
