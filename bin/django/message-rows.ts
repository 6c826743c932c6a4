import { isUtf8 } from 'node:buffer';
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { mendedContent } from '../../protocol/content.ts';
import { columnsOf, findColumns } from './columns.ts';
import { quoted } from './open-database.ts';
import {
  type DjangoTables,
  type RowRoom,
  type RowSender,
  roomReader,
  senderReader,
} from './row-references.ts';
import { keyText, LINE, primaryKeyOf } from './table-keys.ts';
import { toMillis } from './timestamp.ts';

/** A row of the messages' table, with what it points to. */
export interface MessageRow extends RowSender {
  key: string;
  /** `Message 7`, in a dump `Message 7 (line 12)`. */
  place: string;
  room: RowRoom;
  content: string;
  /** Whether its bytes were none of UTF-8: `content` is not what was said then. */
  garbled: boolean;
  /** Milliseconds since 1970, null when the timestamp is none. */
  at: number | null;
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
  const { messages } = tables;
  const options = { deterministic: true, useBigIntArguments: true };
  database.function('to_millis', options, (value) => toMillis(value));
  const there = columnsOf(database, messages, '--messages-table');
  const columns = findColumns(there, told);
  const key = primaryKeyOf(database, messages);
  const keyColumn = key === undefined ? 'rowid' : quoted(key);
  const query = `SELECT ${keyColumn} AS message, ${quoted(columns.room)} AS room,
    ${quoted(columns.content)} AS content, to_millis(${quoted(columns.timestamp)}) AS at,
    ${quoted(columns.sender)} AS sender, ${isDump(database, messages) ? quoted(LINE) : 'NULL'} AS line
    FROM ${quoted(messages)}`;
  const bytes = database.prepare(
    `SELECT CAST(${quoted(columns.content)} AS BLOB) AS bytes FROM ${quoted(messages)} WHERE ${keyColumn} = ?`,
  );
  const sender = senderReader(database, tables, columns.sender);
  const room = roomReader(database, tables, columns.room);
  /** SQLite keeps what it is given. Node reads it, and puts U+FFFD where it is no UTF-8. */
  const isGarbled = (content: string, message: SQLOutputValue | undefined) => {
    if (!content.includes('\ufffd')) return false;
    const stored = bytes.get(message ?? null)?.bytes;
    return !(stored instanceof Uint8Array && isUtf8(stored));
  };

  function* rowsOf(sql: string): Generator<MessageRow> {
    const select = database.prepare(sql);
    // Ids may be larger than the exact numbers.
    select.setReadBigInts(true);
    for (const row of select.iterate()) {
      const key = keyText(row.message);
      const content = String(row.content ?? '');
      yield {
        key,
        place: `Message ${key}${row.line === null ? '' : ` (line ${row.line})`}`,
        room: room(row.room),
        // Its writer can't be asked any more to take out what nobody saw.
        content: mendedContent(content),
        garbled: isGarbled(content, row.message),
        at: typeof row.at === 'number' ? row.at : null,
        ...sender(row.sender),
      };
    }
  }

  return {
    unsorted: () => rowsOf(query),
    byRoom: () => rowsOf(`${query} ORDER BY room, at, ${quoted(messages)}.rowid`),
  };
}

const isDump = (database: DatabaseSync, table: string): boolean =>
  database
    .prepare(`PRAGMA table_info(${quoted(table)})`)
    .all()
    .some(({ name }) => name === LINE);
