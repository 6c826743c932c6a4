import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import * as z from 'zod/mini';
import { strictText } from '../../local/strict-text.ts';
import { jsonObjects } from './json-objects.ts';
import { LINE } from './table-keys.ts';

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
 * @param encoding of a dump, as TextDecoder knows it. Default: UTF-8
 * @throws Error when the file is neither, or holds what can't be read, with its line
 */
export async function openDjangoDatabase(
  path: string,
  tables: readonly string[],
  encoding?: string,
): Promise<DatabaseSync> {
  if (await isSqlite(path)) {
    if (encoding === undefined) return new DatabaseSync(path, { readOnly: true });
    throw new Error('--encoding goes with a dump: an SQLite file says its own.');
  }
  // An empty name is SQLite's for a temporary file of its own.
  const database = new DatabaseSync('');
  try {
    database.exec('BEGIN');
    await load(database, path, new Set(tables), encoding);
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
async function load(
  database: DatabaseSync,
  path: string,
  tables: ReadonlySet<string>,
  encoding = 'utf-8',
): Promise<void> {
  const hint = 'Say what it is by --encoding, like --encoding windows-1252.';
  const text = strictText(createReadStream(path), { name: path, encoding, hint });
  const inserts = new Map<string, (row: Record<string, unknown>) => void>();
  for await (const { value, line } of jsonObjects(text)) {
    const { success, data } = DumpedRow.safeParse(value);
    if (!success) throw new Error(`Line ${line}: An object of the dump has no model and fields.`);
    const table = data.model.replace('.', '_').toLowerCase();
    if (!tables.has(table)) continue;
    const row = { ...(data.pk !== undefined && { id: data.pk }), ...data.fields, [LINE]: line };
    const insert = inserts.get(table) ?? createTable(database, table, Object.keys(row));
    inserts.set(table, insert);
    try {
      insert(row);
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      throw new Error(`${path}, line ${line}, ${data.model} ${data.pk ?? ''}: ${problem}`);
    }
  }
}

function createTable(database: DatabaseSync, table: string, columns: readonly string[]) {
  const names = columns.map((name) => (name === 'id' ? 'id PRIMARY KEY' : quoted(name))).join(', ');
  database.exec(`CREATE TABLE ${quoted(table)} (${names})`);
  const insert = database.prepare(
    `INSERT INTO ${quoted(table)} VALUES (${columns.map(() => '?').join(', ')})`,
  );
  return (row: Record<string, unknown>) => {
    insert.run(...columns.map((column) => toValue(row[column])));
  };
}

/** A natural key stands in an array, of one part or of several: it stays one. */
function toValue(value: unknown): SQLInputValue {
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
