import { closeSync, openSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { TABLE } from '../../lambdas/aws/table.ts';
import { type Item, type Key, type Stored, type Value, visitorIn } from './item.ts';
import type { Edge, Range, Storage, Visit } from './storage.ts';

/**
 * Version of the layout, in the file's header. An item is JSON; `sets` names those of its attributes
 * that are sets, which JSON doesn't know. The other columns are what is looked up, out of the item.
 */
const LAYOUT = 1;
const SCHEMA = `
  CREATE TABLE items (
    pk TEXT NOT NULL, sk TEXT NOT NULL, item TEXT NOT NULL, sets TEXT, bytes INTEGER NOT NULL,
    expires_at INTEGER, visitor TEXT, visited_at REAL,
    PRIMARY KEY (pk, sk)
  ) STRICT;
  CREATE INDEX expiring ON items (expires_at) WHERE expires_at IS NOT NULL;
  CREATE INDEX visits ON items (visitor, visited_at, pk, sk) WHERE visitor IS NOT NULL;
  PRAGMA user_version = ${LAYOUT};
`;

/**
 * In place: replaced, a row would move to the table's end, and every write would touch all pages of
 * both ends and of the key's index. Those pages are what a commit writes, and what a checkpoint syncs.
 */
const PUT = `
  INSERT INTO items VALUES (?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (pk, sk) DO UPDATE SET
    item = excluded.item, sets = excluded.sets, bytes = excluded.bytes,
    expires_at = excluded.expires_at, visitor = excluded.visitor, visited_at = excluded.visited_at
`;

interface Row {
  item: string;
  sets: string | null;
  bytes: number;
}

/**
 * Items in an SQLite file. What is set in one turn of the event loop is committed together at its
 * end: it then has reached the operating system, and survives a kill -9 of this process, though not
 * a loss of power.
 *
 * @param file its path; `-wal` and `-shm` stand beside it while it is open
 * @throws Error when the file is of a later version, or no database
 */
export function sqliteStorage(file: string): Storage {
  const database = openFile(file);
  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string) => {
    const statement = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  function* stored(sql: string, values: SQLInputValue[]): Generator<Stored> {
    const rows = prepared(`SELECT item, sets, bytes FROM items ${sql}`).iterate(...values);
    for (const row of rows as Iterable<unknown> as Iterable<Row>) yield storedIn(row);
  }

  let commit: Promise<void> | undefined;

  /** Opens a transaction that ends with this turn of the event loop. */
  function begin(): void {
    if (commit !== undefined) return;
    prepared('BEGIN IMMEDIATE').run();
    commit = new Promise((resolve, reject) => {
      setImmediate(() => {
        commit = undefined;
        try {
          if (database.isOpen) prepared('COMMIT').run();
          resolve();
        } catch (error) {
          if (database.isTransaction) database.exec('ROLLBACK');
          reject(error);
        }
      });
    });
    // Whoever set something awaits it; where nobody does, it is no unhandled rejection.
    commit.catch(() => {});
  }

  return {
    get({ pk, sk }) {
      const row = prepared('SELECT item, sets, bytes FROM items WHERE pk = ? AND sk = ?').get(
        pk,
        sk,
      );
      return row && storedIn(row as unknown as Row);
    },

    set({ pk, sk }, stored) {
      begin();
      if (!stored) {
        prepared('DELETE FROM items WHERE pk = ? AND sk = ?').run(pk, sk);
        return;
      }
      const { item, bytes } = stored;
      prepared(PUT).run(
        ...[pk, sk, ...textOf(item), bytes],
        ...[integer(item[TABLE.ttl]), visitorIn(item) ?? null],
        numeric(item[TABLE.visits.sortKey]),
      );
    },

    range(pk, range) {
      const { where, values } = bounds(range, ['sk'], (sk) => [sk]);
      const order = range.descending ? 'DESC' : 'ASC';
      return stored(`WHERE pk = ?${where} ORDER BY sk ${order}`, [pk, ...values]);
    },

    visits(visitor, range) {
      const columns = ['visited_at', 'pk', 'sk'];
      const { where, values } = bounds(range, columns, ({ visitedAt, key }: Visit) =>
        key ? [visitedAt, key.pk, key.sk] : [visitedAt],
      );
      const order = columns.map((column) => `${column} ${range.descending ? 'DESC' : 'ASC'}`);
      const sql = `WHERE visitor = ?${where} ORDER BY ${order.join(', ')}`;
      return stored(sql, [visitor, ...values]);
    },

    all(after) {
      const where = after ? 'WHERE (pk, sk) > (?, ?)' : '';
      const values = after ? [after.pk, after.sk] : [];
      return stored(`${where} ORDER BY pk, sk`, values);
    },

    expired(now, limit) {
      return prepared('SELECT pk, sk FROM items WHERE expires_at <= ? LIMIT ?').all(
        now,
        limit,
      ) as unknown as Key[];
    },

    committed: () => commit ?? Promise.resolve(),

    close() {
      if (database.isTransaction) database.exec('COMMIT');
      database.close();
    },
  };
}

function openFile(file: string): DatabaseSync {
  // Made for its owner alone, and so are the two beside it: password hashes stand in it.
  closeSync(openSync(file, 'a', 0o600));
  const database = new DatabaseSync(file, { timeout: 5_000 });
  // The log is written, not synced, with each commit: that takes microseconds, not milliseconds.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  const { user_version: layout } = database.prepare('PRAGMA user_version').get() ?? {};
  if (layout === 0) database.exec(`BEGIN; ${SCHEMA} COMMIT`);
  else if (layout !== LAYOUT) {
    database.close();
    throw new Error(
      `${file} is of layout ${layout}, and this Parlor knows ${LAYOUT}: was it written by a newer one?`,
    );
  }
  return database;
}

/** What is asked of a range's edges: a comparison of the columns that order it. */
function bounds<At>(
  { lower, upper }: Range<At>,
  columns: readonly string[],
  valuesOf: (at: At) => SQLInputValue[],
): { where: string; values: SQLInputValue[] } {
  const values: SQLInputValue[] = [];
  const compared = (edge: Edge<At> | undefined, sign: '<' | '>') => {
    if (!edge) return '';
    const its = valuesOf(edge.at);
    values.push(...its);
    const marks = its.map(() => '?').join(', ');
    const named = columns.slice(0, its.length).join(', ');
    return ` AND (${named}) ${sign}${edge.inclusive ? '=' : ''} (${marks})`;
  };
  return { where: compared(lower, '>') + compared(upper, '<'), values };
}

function storedIn({ item: text, sets, bytes }: Row): Stored {
  const item: Record<string, Value> = JSON.parse(text);
  const names: string[] = sets === null ? [] : JSON.parse(sets);
  for (const name of names) item[name] = new Set(item[name] as string[]);
  return { item, bytes };
}

/** @returns the item, and the names of its sets */
function textOf(item: Item): [string, string | null] {
  const sets = Object.keys(item).filter((name) => item[name] instanceof Set);
  const text = JSON.stringify(item, (_, value: Value) =>
    value instanceof Set ? [...value] : value,
  );
  return [text, sets.length > 0 ? JSON.stringify(sets) : null];
}

const numeric = (value: Value | undefined) => (typeof value === 'number' ? value : null);
const integer = (value: Value | undefined) =>
  typeof value === 'number' && Number.isInteger(value) ? value : null;
