import { pbkdf2Sync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface DjangoUserRow {
  id: number;
  username: string;
  password?: string;
  is_active?: boolean;
  is_superuser?: boolean;
}

export interface DjangoMessageRow {
  id: number;
  sender: number | null;
  room: string;
  content: string;
  /** Like 2026-11-22 10:54:01.947742, in UTC. */
  timestamp: string;
}

export interface DjangoRows {
  users: DjangoUserRow[];
  messages: DjangoMessageRow[];
}

const JOINED = '2025-01-02 03:04:05.678901';

/** Few iterations, for tests are many. */
export function djangoHash(password: string, iterations = 50): string {
  const key = pbkdf2Sync(password, 'salt', iterations, 32, 'sha256').toString('base64');
  return `pbkdf2_sha256$${iterations}$salt$${key}`;
}

export const PASSWORD = 'purple-elephant-42';

const userOf = ({ id, username, ...rest }: DjangoUserRow) => ({
  id,
  username,
  password: rest.password ?? djangoHash(PASSWORD),
  is_active: rest.is_active ?? true,
  is_superuser: rest.is_superuser ?? false,
});

/** The tables as Django's migrations make them in SQLite, as far as they matter. */
function writeSqlite(path: string, { users, messages }: DjangoRows): void {
  const database = new DatabaseSync(path);
  database.exec(`
    CREATE TABLE auth_user (id integer NOT NULL PRIMARY KEY AUTOINCREMENT,
      password varchar(128) NOT NULL, is_superuser bool NOT NULL,
      username varchar(150) NOT NULL UNIQUE, is_active bool NOT NULL, date_joined datetime NOT NULL);
    CREATE TABLE chat_message (id integer NOT NULL PRIMARY KEY AUTOINCREMENT,
      room varchar(255) NOT NULL, content text NOT NULL, timestamp datetime NOT NULL,
      sender_id integer NULL REFERENCES auth_user (id))`);
  const user = database.prepare(
    'INSERT INTO auth_user (id, username, password, is_active, is_superuser, date_joined) VALUES (?, ?, ?, ?, ?, ?)',
  );
  for (const row of users.map(userOf)) {
    const { id, username, password, is_active, is_superuser } = row;
    user.run(id, username, password, Number(is_active), Number(is_superuser), JOINED);
  }
  const message = database.prepare(
    'INSERT INTO chat_message (id, sender_id, room, content, timestamp) VALUES (?, ?, ?, ?, ?)',
  );
  for (const { id, sender, room, content, timestamp } of messages) {
    message.run(id, sender, room, content, timestamp);
  }
  database.close();
}

/** What `manage.py dumpdata` prints: one array, times cut to milliseconds, references by id. */
function dumped({ users, messages }: DjangoRows): string {
  const iso = (time: string) =>
    `${time.replace(' ', 'T').replace(/\d{3}$/, '')}Z`.replace('.000Z', 'Z');
  return JSON.stringify([
    { model: 'contenttypes.contenttype', pk: 1, fields: { app_label: 'chat', model: 'message' } },
    ...users.map(userOf).map(({ id, ...fields }) => ({
      model: 'auth.user',
      pk: id,
      fields: { ...fields, date_joined: iso(JOINED), groups: [], user_permissions: [] },
    })),
    ...messages.map(({ id, timestamp, ...fields }) => ({
      model: 'chat.message',
      pk: id,
      fields: { ...fields, timestamp: iso(timestamp) },
    })),
  ]);
}

/** Files that go when `done` is called. */
export async function djangoFiles(rows: DjangoRows) {
  const folder = await mkdtemp(join(tmpdir(), 'parlor-django-'));
  const sqlite = join(folder, 'db.sqlite3');
  const dump = join(folder, 'dump.json');
  writeSqlite(sqlite, rows);
  await writeFile(dump, dumped(rows));
  return { folder, sqlite, dump, done: () => rm(folder, { recursive: true, force: true }) };
}
