import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { djangoHash, PASSWORD } from './django-chat.ts';

/** A UUID that ends in these digits. */
export const uuid = (digits: string) => `0b1c7a52-8d3e-4f60-9a71-${digits.padStart(12, '0')}`;

export interface UuidRows {
  users: { id: string; username: string; email?: string }[];
  rooms: { id: string; name: string }[];
  messages: { id: string; room: string; sender: string | null; content: string }[];
}

/** A chat whose models have UUIDs for primary keys. Two users, two rooms. */
export const UUID_CHAT: UuidRows = {
  users: [
    { id: uuid('a1'), username: 'Alice', email: 'alice@example.com' },
    { id: uuid('b2'), username: 'bob', email: 'bob@example.com' },
  ],
  rooms: [
    { id: uuid('c3'), name: 'lobby' },
    { id: uuid('d4'), name: 'music' },
  ],
  messages: [
    { id: uuid('e1'), room: uuid('c3'), sender: uuid('a1'), content: 'one' },
    { id: uuid('e2'), room: uuid('d4'), sender: uuid('b2'), content: 'two' },
    { id: uuid('e3'), room: uuid('c3'), sender: uuid('b2'), content: 'three' },
  ],
};

const bare = (key: string | null) => key?.replaceAll('-', '') ?? null;
const at = (index: number) => `2026-11-22 10:54:0${index}.947742`;
const HASH = djangoHash(PASSWORD);

/** As Django's migrations make it; `key` is what the models call their primary key. */
export function uuidSqlite(folder: string, rows: UuidRows, key = 'id'): string {
  const path = join(folder, `${key}.sqlite3`);
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  database.exec(`
    CREATE TABLE "auth_user" ("password" varchar(128) NOT NULL, "username" varchar(150) NOT NULL UNIQUE,
      "email" varchar(254) NOT NULL, "${key}" char(32) NOT NULL PRIMARY KEY);
    CREATE TABLE "chat_room" ("${key}" char(32) NOT NULL PRIMARY KEY, "name" varchar(100) NOT NULL);
    CREATE TABLE "chat_message" ("${key}" char(32) NOT NULL PRIMARY KEY, "content" text NOT NULL,
      "timestamp" datetime NOT NULL,
      "room_id" char(32) NOT NULL REFERENCES "chat_room" ("${key}") DEFERRABLE INITIALLY DEFERRED,
      "sender_id" char(32) NULL REFERENCES "auth_user" ("${key}") DEFERRABLE INITIALLY DEFERRED)`);
  const insert = (table: string, values: (string | null)[]) =>
    database
      .prepare(`INSERT INTO ${table} VALUES (${values.map(() => '?').join(', ')})`)
      .run(...values);
  for (const { id, username, email = '' } of rows.users) {
    insert('auth_user', [HASH, username, email, bare(id)]);
  }
  for (const { id, name } of rows.rooms) insert('chat_room', [bare(id), name]);
  rows.messages.forEach(({ id, content, room, sender }, index) => {
    insert('chat_message', [bare(id), content, at(index), bare(room), bare(sender)]);
  });
  database.close();
  return path;
}

/** As `manage.py dumpdata --format jsonl` writes it, without the models that are left out. */
export async function uuidDump(
  folder: string,
  rows: UuidRows,
  without: readonly string[] = [],
): Promise<string> {
  const path = join(folder, 'dump.jsonl');
  const objects = [
    ...rows.users.map(({ id, ...fields }) => ({
      model: 'auth.user',
      pk: id,
      fields: { ...fields, password: HASH, groups: [] },
    })),
    ...rows.rooms.map(({ id, name }) => ({ model: 'chat.room', pk: id, fields: { name } })),
    ...rows.messages.map(({ id, ...fields }, index) => ({
      model: 'chat.message',
      pk: id,
      fields: { ...fields, timestamp: `${at(index).replace(' ', 'T').slice(0, -3)}Z` },
    })),
  ].filter(({ model }) => !without.includes(model));
  await writeFile(path, objects.map((object) => `${JSON.stringify(object)}\n`).join(''));
  return path;
}
