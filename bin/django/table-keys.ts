import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { quoted } from './open-database.ts';

/** The column in which a dump's row has its line. Django's own names have no colon. */
export const LINE = 'parlor:line';

/** Where a column points to. */
export interface ForeignKey {
  table: string;
  /** Undefined for the primary key. */
  column: string | undefined;
}

/** The column by whose values rows are referred to, whatever its name; undefined where none is. */
export function primaryKeyOf(database: DatabaseSync, table: string): string | undefined {
  const columns = database.prepare(`PRAGMA table_info(${quoted(table)})`).all();
  const keys = columns.filter(({ pk }) => Number(pk) > 0);
  const [key] = keys.length === 1 ? keys : columns.filter(({ name }) => name === 'id');
  return key && String(key.name);
}

/** What the table itself says of a column; a dump's says nothing. */
export function foreignKeyOf(
  database: DatabaseSync,
  table: string,
  column: string,
): ForeignKey | undefined {
  const keys = database.prepare(`PRAGMA foreign_key_list(${quoted(table)})`).all();
  const key = keys.find(({ from }) => String(from).toLowerCase() === column.toLowerCase());
  return key && { table: String(key.table), column: key.to === null ? undefined : String(key.to) };
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const BARE_UUID = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/i;

/** A key for people, and the same in a dump as in SQLite, where Django leaves out a UUID's hyphens. */
export function keyText(value: SQLOutputValue | undefined): string {
  const text = value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value);
  return BARE_UUID.test(text) ? text.replace(BARE_UUID, '$1-$2-$3-$4-$5').toLowerCase() : text;
}

/** What two keys have in common if, and only if, they are the same: 5 is not "5". */
export const matchKey = (value: SQLOutputValue | undefined): string =>
  typeof value === 'string' || value instanceof Uint8Array
    ? `text ${keyText(value).toLowerCase()}`
    : `number ${value}`;

/** Whether a text can hardly be a name. */
export const looksLikeKey = (text: string): boolean => UUID.test(keyText(text));
