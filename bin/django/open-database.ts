import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import * as z from 'zod/mini';
import { jsonObjects } from './json-objects.ts';

/** What dumpdata writes of a row. With natural keys there is no pk. */
const DumpedRow = z.object({
  model: z.string(),
  pk: z.optional(z.union([z.string(), z.number()])),
  fields: z.record(z.string(), z.unknown()),
});

const SQLITE = 'SQLite format 3\0';

/** As a name in SQL. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/**
 * Opens the Django chat's database for reading. A dump becomes one first: a temporary one on disk,
 * with the wanted tables, that goes when it is closed.
 *
 * @throws Error when the file is neither
 */
export async function openDjangoDatabase(
  path: string,
  tables: readonly string[],
): Promise<DatabaseSync> {
  if (await isSqlite(path)) return new DatabaseSync(path, { readOnly: true });
  // An empty name is SQLite's for a temporary file of its own.
  const database = new DatabaseSync('');
  try {
    database.exec('BEGIN');
    await load(database, path, new Set(tables));
    database.exec('COMMIT');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

async function isSqlite(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SQLITE.length), 0, SQLITE.length, 0);
    return buffer.toString('latin1', 0, bytesRead) === SQLITE;
  } finally {
    await file.close();
  }
}

/** Fills tables that are named and shaped like Django's: a model's row has its fields as columns. */
async function load(database: DatabaseSync, path: string, tables: Set<string>): Promise<void> {
  const inserts = new Map<string, (row: Record<string, unknown>) => void>();
  for await (const object of jsonObjects(createReadStream(path).setEncoding('utf8'))) {
    const { success, data } = DumpedRow.safeParse(object);
    if (!success) throw new Error('An object of the dump has no model and fields.');
    const table = data.model.replace('.', '_').toLowerCase();
    if (!tables.has(table)) continue;
    const row = { ...(data.pk !== undefined && { id: data.pk }), ...data.fields };
    const insert = inserts.get(table) ?? createTable(database, table, Object.keys(row));
    inserts.set(table, insert);
    insert(row);
  }
}

function createTable(database: DatabaseSync, table: string, columns: readonly string[]) {
  const names = columns.map(quoted).join(', ');
  database.exec(`CREATE TABLE ${quoted(table)} (${names})`);
  for (const column of ['id', 'username'].filter((name) => columns.includes(name))) {
    database.exec(`CREATE INDEX ${quoted(`${table} ${column}`)} ON ${quoted(table)} (${column})`);
  }
  const insert = database.prepare(
    `INSERT INTO ${quoted(table)} VALUES (${columns.map(() => '?').join(', ')})`,
  );
  return (row: Record<string, unknown>) => {
    insert.run(...columns.map((column) => toValue(row[column])));
  };
}

/** A natural key of one part, like a username, stands in an array. */
function toValue(value: unknown): SQLInputValue {
  if (Array.isArray(value) && value.length === 1) return toValue(value[0]);
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new Error(
      `A dump does not keep numbers as large as ${value} exact. Import the SQLite file instead.`,
    );
  }
  // A number is bound as a real one; ids are whole.
  if (Number.isSafeInteger(value) || typeof value === 'boolean') return BigInt(Number(value));
  if (typeof value === 'string' || typeof value === 'number') return value;
  return value === undefined || value === null ? null : JSON.stringify(value);
}
