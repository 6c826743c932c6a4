import type { DatabaseSync } from 'node:sqlite';
import { quoted } from './open-database.ts';
import { LINE } from './table-keys.ts';

/** Where a field usually is, the likeliest first. An `_id` points to another table's row. */
const USUAL = {
  sender: ['sender_id', 'user_id', 'author_id', 'sender', 'user', 'author', 'username'],
  room: ['room_id', 'room', 'room_name', 'group_name', 'group'],
  content: ['content', 'message', 'text', 'body'],
  timestamp: ['timestamp', 'created_at', 'created', 'sent_at', 'date'],
} as const;

export type Field = keyof typeof USUAL;
export type Columns = Record<Field, string>;

const FIELDS = Object.keys(USUAL) as Field[];

/**
 * The columns of the messages' table.
 *
 * @param told like "sender=author_id"
 * @throws Error that says what there is, when a field is found in none
 */
export function findColumns(there: ReadonlySet<string>, told: readonly string[]): Columns {
  const named = new Map(told.map(parseColumn));
  const found = FIELDS.map((field) => {
    const column = named.get(field) ?? USUAL[field].find((name) => there.has(name));
    if (column !== undefined && there.has(column)) return [field, column] as const;
    const what = column === undefined ? `a message's ${field}` : `"${column}"`;
    throw new Error(
      `No column holds ${what}. There are: ${[...there].join(', ')}. Say --column ${field}=NAME.`,
    );
  });
  return Object.fromEntries(found) as Columns;
}

function parseColumn(option: string): [string, string] {
  const [field = '', name = ''] = option.split('=', 2);
  if (FIELDS.some((known) => known === field) && name !== '') return [field, name];
  throw new Error(`--column ${option}: write FIELD=NAME with one of ${FIELDS.join(', ')}.`);
}

/** @throws Error that names the tables there are */
export function columnsOf(database: DatabaseSync, table: string, option: string): Set<string> {
  const columns = database.prepare(`PRAGMA table_info(${quoted(table)})`).all();
  const names = columns.map(({ name }) => String(name)).filter((name) => name !== LINE);
  if (names.length > 0) return new Set(names);
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  const others = tables.map(({ name }) => name).join(', ') || 'none';
  throw new Error(
    `There is no table ${table} (or no row in the dump). There are: ${others}. Say ${option} NAME.`,
  );
}
