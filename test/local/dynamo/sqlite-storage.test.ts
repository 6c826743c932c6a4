import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { keep } from '../../../local/dynamo/item.ts';
import { sqliteStorage } from '../../../local/dynamo/sqlite-storage.ts';

const KEY = { pk: 'a\u0000b', sk: 'é\u{10ffff}' };
const WRITER = fileURLToPath(new URL('./killed-writer.ts', import.meta.url));

describe('a storage in an SQLite file', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parlor-'));
    file = join(folder, 'chat.sqlite');
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('has everything again when it is opened again', async () => {
    const item = { ...KEY, n: 0.5, s: new Set(['x', 'y']), l: [null, true, { m: 'é' }] };
    const first = sqliteStorage(file);
    first.set(KEY, keep(item));
    first.close();
    const second = sqliteStorage(file);
    expect(second.get(KEY)?.item).toEqual(item);
    expect(second.get(KEY)?.bytes).toBe(keep(item).bytes);
    second.close();
  });

  test('writes an item anew where it stands, with all that it is looked up by', () => {
    const storage = sqliteStorage(file);
    const other = { pk: 'later', sk: '1' };
    storage.set(
      KEY,
      keep({ ...KEY, s: new Set(['x']), expiresAt: 1, visitor: 'ann', visitedAt: 1 }),
    );
    storage.set(other, keep(other));
    storage.set(KEY, keep({ ...KEY, visitor: 'bob', visitedAt: 2 }));
    expect(storage.get(KEY)?.item).toEqual({ ...KEY, visitor: 'bob', visitedAt: 2 });
    expect(storage.expired(2, 10)).toEqual([]);
    const visitsOf = (visitor: string) =>
      [...storage.visits(visitor, { descending: false })].length;
    expect([visitsOf('ann'), visitsOf('bob')]).toEqual([0, 1]);
    storage.close();
    const database = new DatabaseSync(file, { readOnly: true });
    const rows = database.prepare('SELECT pk FROM items ORDER BY rowid').all();
    database.close();
    expect(rows.map(({ pk }) => pk)).toEqual([KEY.pk, other.pk]);
  });

  test('is read by its owner alone', async () => {
    const storage = sqliteStorage(file);
    storage.set(KEY, keep(KEY));
    await storage.committed();
    for (const name of await readdir(folder)) {
      expect([name, (await stat(join(folder, name))).mode & 0o777]).toEqual([name, 0o600]);
    }
    storage.close();
  });

  test('has what was committed after a kill -9, and no part of what was not', async () => {
    const lines = await linesOf(`exec "$0" "$@"`, (line) => Number(line) > 20);
    expectWhole(Number(lines.at(-1)));
  });

  test('acknowledges nothing of a turn in which the disk was full', async () => {
    const lines = await linesOf(`ulimit -f 300; exec "$0" "$@"`, (line) =>
      line.startsWith('failed'),
    );
    expect(lines.at(-1)).toMatch(/^failed: .*(full|disk)/);
    expectWhole(Number(lines.at(-2)));
  });

  /** Lets the writer write until it says something, and kills it then. */
  async function linesOf(command: string, last: (line: string) => boolean): Promise<string[]> {
    const child = spawn('sh', ['-c', command, process.execPath, WRITER, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exit = once(child, 'exit');
    const lines: string[] = [];
    for await (const line of createInterface(child.stdout)) {
      lines.push(line);
      if (last(line)) break;
    }
    child.kill('SIGKILL');
    await exit;
    return lines;
  }

  /** All that was acknowledged is there; of each pair, which was written in one turn, both or none. */
  function expectWhole(acknowledged: number): void {
    const storage = sqliteStorage(file);
    const seqs = [...storage.range('log', { descending: false })].map(({ item }) => item.seq);
    expect(acknowledged).toBeGreaterThan(0);
    expect(seqs.length).toBeGreaterThanOrEqual(acknowledged);
    expect(seqs.length % 2).toBe(0);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    storage.close();
  }

  test('is not opened by a Parlor that is older than its layout', async () => {
    sqliteStorage(file).close();
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(() => sqliteStorage(file)).toThrow(/layout 99, and this Parlor knows 1/);
  });

  test('is no file of something else', async () => {
    await writeFile(file, 'x'.repeat(5_000));
    expect(() => sqliteStorage(file)).toThrow(/not a database/);
  });
});
