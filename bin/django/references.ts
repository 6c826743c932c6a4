import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { columnsOf } from './columns.ts';
import { quoted } from './open-database.ts';
import {
  type ForeignKey,
  foreignKeyOf,
  keyText,
  looksLikeKey,
  matchKey,
  primaryKeyOf,
} from './table-keys.ts';

/** A row that messages may point to. */
export interface Target {
  key: string;
  name: string;
}

/** What a message's value stands for: a row, a name as it is, or something that is nowhere. */
export type Reference =
  | { kind: 'row'; target: Target }
  | { kind: 'name'; name: string }
  | { kind: 'unmatched'; value: string; why: string };

export type Resolve = (value: SQLOutputValue | undefined) => Reference;

export interface ReferenceOptions {
  messages: string;
  /** The messages' column. */
  column: string;
  /** The table that it may point to. */
  table: string;
  /** Says another one. */
  option: '--users-table' | '--rooms-table';
  /** That table's columns that hold names, the one to be shown first. */
  names: (columns: ReadonlySet<string>) => readonly string[];
  /** What to do where a value looks like a key that is nowhere. */
  hint: string;
}

interface Targets {
  byKey: ReadonlyMap<string, Target>;
  byName: ReadonlyMap<string, Target>;
}

/**
 * How the values of a messages' column are read: as keys of a table wherever it says that they are,
 * or any of them is one; else as names. Keys come first, for a key that is taken for a name is only
 * noticed by people.
 *
 * @throws Error when the column points to a table that is not there, or to another one
 */
export function resolver(database: DatabaseSync, options: ReferenceOptions): Resolve {
  const { messages, column, table, option, hint } = options;
  const foreignKey = foreignKeyOf(database, messages, column);
  requireSameTable(foreignKey, options);
  const values = distinctValues(database, messages, column);
  const there = isTable(database, table);
  const mustPoint = foreignKey !== undefined || values.some((value) => typeof value !== 'string');
  // Throws, and says what there is.
  if (!there && (mustPoint || column.endsWith('_id'))) columnsOf(database, table, option);
  const { byKey, byName } = there
    ? readTargets(database, options, foreignKey?.column)
    : { byKey: new Map<string, Target>(), byName: new Map<string, Target>() };
  const pointsToKeys =
    mustPoint ||
    values.some((value) => byKey.has(matchKey(value))) ||
    (column.endsWith('_id') && !values.some((value) => byName.has(String(value))));

  return (value) => {
    const parts = naturalKey(value);
    const text = parts ? parts.join(', ') : keyText(value);
    const row = (target: Target | undefined, why: string): Reference =>
      target ? { kind: 'row', target } : { kind: 'unmatched', value: text, why };
    if (parts && parts.length > 1) {
      return row(undefined, 'Natural keys of several parts can’t be read: dump without them.');
    }
    if (parts && there) return row(byName.get(text), `No row of ${table} has this name.`);
    if (!parts && pointsToKeys) {
      return row(byKey.get(matchKey(value)), `No row of ${table} has this key.`);
    }
    const named = byName.get(text);
    if (named) return { kind: 'row', target: named };
    if (!parts && looksLikeKey(text)) {
      return row(undefined, `It looks like a key of ${table}, and is none there. ${hint}`);
    }
    return { kind: 'name', name: text };
  };
}

function requireSameTable(
  foreignKey: ForeignKey | undefined,
  { messages, column, table, option }: ReferenceOptions,
): void {
  if (!foreignKey || foreignKey.table.toLowerCase() === table.toLowerCase()) return;
  throw new Error(
    `${messages}.${column} points to ${foreignKey.table}, and not to ${table}. Say ${option} ${foreignKey.table}, or another column by --column.`,
  );
}

/** Of texts, one that is a natural key is left out: it says nothing about the others. */
function distinctValues(database: DatabaseSync, table: string, column: string): SQLOutputValue[] {
  const name = quoted(column);
  const select = database.prepare(
    `SELECT DISTINCT ${name} AS value FROM ${quoted(table)} WHERE ${name} NOT NULL`,
  );
  select.setReadBigInts(true);
  return select
    .all()
    .flatMap(({ value }) => (value === undefined || naturalKey(value) ? [] : [value]));
}

const isTable = (database: DatabaseSync, table: string): boolean =>
  database.prepare(`PRAGMA table_info(${quoted(table)})`).all().length > 0;

function readTargets(
  database: DatabaseSync,
  { table, option, names }: ReferenceOptions,
  pointedTo: string | undefined,
): Targets {
  const there = columnsOf(database, table, option);
  const keyColumn = primaryKeyOf(database, table);
  const nameColumns = names(there);
  const byKey = new Map<string, Target>();
  const byName = new Map<string, Target>();
  const select = database.prepare(`SELECT * FROM ${quoted(table)}`);
  // Ids may be larger than the exact numbers.
  select.setReadBigInts(true);
  for (const row of select.iterate()) {
    const [shown, ...others] = nameColumns.map((column) => keyText(row[column]));
    const key = keyColumn === undefined ? shown : keyText(row[keyColumn]);
    const target = { key: key ?? '', name: shown ?? key ?? '' };
    const reference = pointedTo ?? keyColumn;
    if (reference !== undefined) byKey.set(matchKey(row[reference]), target);
    for (const name of [shown, ...others]) {
      if (name !== undefined && !byName.has(name)) byName.set(name, target);
    }
  }
  return { byKey, byName };
}

/** A dump's reference by names. A message's own text stands in no such column. */
function naturalKey(value: SQLOutputValue | undefined): string[] | undefined {
  if (typeof value !== 'string' || !value.startsWith('["')) return undefined;
  try {
    const parts: unknown = JSON.parse(value);
    return Array.isArray(parts) ? parts.map(String) : undefined;
  } catch {
    return undefined;
  }
}
