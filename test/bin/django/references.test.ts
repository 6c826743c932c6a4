import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { DjangoOptions } from '../../../bin/django/read-django.ts';
import { authenticate } from '../../../lambdas/chat/accounts.ts';
import { FROM } from '../../fakes/samples.ts';
import { aChat, bring, type Chat, TABLES } from './bring.ts';
import { PASSWORD } from './django-chat.ts';
import { UUID_CHAT, type UuidRows, uuid, uuidDump, uuidSqlite } from './uuid-chat.ts';

let folder: string;
let said: string[];
let chat: Chat;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parlor-references-'));
  said = [];
  chat = aChat();
});
afterEach(() => rm(folder, { recursive: true }));

const take = (path: string, options: Partial<DjangoOptions> = {}) =>
  bring(chat, path, (line) => said.push(line), options);

const told = async (name: string) =>
  (await chat.log.readForward(name, 0, 1_000)).map(({ userId, sender, payload }) => [
    userId,
    sender,
    payload.content,
  ]);

const LOBBY = [
  ['alice', 'Alice', 'one'],
  ['bob', 'bob', 'three'],
];

/** Nothing of it is here. */
async function expectNothing(): Promise<void> {
  for (const room of ['lobby', 'music', uuid('c3')]) expect(await told(room)).toEqual([]);
  expect(await chat.accounts.find('alice')).toBeUndefined();
}

describe.each(['sqlite', 'dump'] as const)('a chat with UUIDs for keys, as %s', (kind) => {
  const write = async (rows: UuidRows) =>
    kind === 'sqlite' ? uuidSqlite(folder, rows) : await uuidDump(folder, rows);

  test('comes with its people’s and rooms’ names', async () => {
    expect(await take(await write(UUID_CHAT))).toMatchObject({ accounts: 2, events: 3 });
    expect(await told('lobby')).toEqual(LOBBY);
    expect(await told('music')).toEqual([['bob', 'bob', 'two']]);
    expect(said).toEqual([]);
    const [first] = await chat.log.readForward('lobby', 0, 1);
    expect(first?.id).toBe(`django-${uuid('e1')}`);
  });

  test('is refused where a message points to nothing, with the place', async () => {
    const [one, two, three] = UUID_CHAT.messages;
    if (!one || !two || !three) throw new Error('There are three.');
    const path = await write({
      ...UUID_CHAT,
      messages: [
        one,
        { ...two, sender: uuid('99') },
        { ...three, room: uuid('77') },
        { ...three, id: uuid('e4'), sender: uuid('99') },
        { ...one, id: uuid('e5'), sender: null },
      ],
    });
    await expect(take(path)).rejects.toThrow(`2 things in ${path} can't be brought in`);
    const line = (number: number) => (kind === 'dump' ? ` (line ${number})` : '');
    expect(said.sort()).toEqual([
      "1 messages are of users who don't come.",
      `Room "${uuid('77')}" with 1 messages: No row of chat_room has this key. First: Message ${uuid('e3')}${line(7)}.`,
      `Sender "${uuid('99')}" of 2 messages: No row of auth_user has this key. First: Message ${uuid('e2')}${line(6)}.`,
    ]);
    await expectNothing();

    await take(path, { skipProblems: true });
    expect(await told('lobby')).toEqual([
      ['alice', 'Alice', 'one'],
      ['django:(deleted)', '(deleted)', 'one'],
    ]);
    expect(await told('music')).toEqual([]);
  });

  test('keeps two rooms of one name apart', async () => {
    const rooms = UUID_CHAT.rooms.map(({ id }) => ({ id, name: 'lobby' }));
    await expect(take(await write({ ...UUID_CHAT, rooms }))).rejects.toThrow('1 things');
    expect(said).toEqual([
      'Room "lobby" with 1 messages: Its name is the same as that of "lobby" here.',
    ]);
    await expectNothing();
  });

  test('comes with the field that its people log in by', async () => {
    const tables = { ...TABLES, usernameField: 'email' };
    const path = await write(UUID_CHAT);
    await take(path, { tables });
    expect(await told('music')).toEqual([['bob@example.com', 'bob@example.com', 'two']]);
    const login = { username: 'Bob@example.com', password: PASSWORD };
    expect(await authenticate(chat, login, FROM)).toMatchObject({ id: 'bob@example.com' });
    const wrong = { tables: { ...TABLES, usernameField: 'login' } };
    await expect(take(path, wrong)).rejects.toThrow(
      /auth_user has no column login\. There are: .*email.* --username-field email/,
    );
  });
});

describe('a SQLite file', () => {
  test('is the same chat as its dump', async () => {
    await take(uuidSqlite(folder, UUID_CHAT));
    expect(await take(await uuidDump(folder, UUID_CHAT))).toMatchObject({ accounts: 0, events: 0 });
  });

  test('may call its keys as it likes', async () => {
    await take(uuidSqlite(folder, UUID_CHAT, 'uid'));
    expect(await told('lobby')).toEqual(LOBBY);
    expect((await chat.log.readForward('lobby', 0, 1))[0]?.id).toBe(`django-${uuid('e1')}`);
  });

  test('says itself where messages point to, if not to the table that is named', async () => {
    const path = uuidSqlite(folder, UUID_CHAT);
    const database = new DatabaseSync(path);
    database.exec('CREATE TABLE places AS SELECT * FROM chat_room');
    database.close();
    await expect(take(path, { tables: { ...TABLES, rooms: 'places' } })).rejects.toThrow(
      'chat_message.room_id points to chat_room, and not to places. Say --rooms-table chat_room',
    );
    await expectNothing();
  });

  test('whose whole numbers point to nobody is refused', async () => {
    const path = join(folder, 'numbers.sqlite3');
    const database = new DatabaseSync(path);
    database.exec(`
      CREATE TABLE auth_user (user_no integer PRIMARY KEY, username text, password text);
      CREATE TABLE chat_message (id integer PRIMARY KEY, room text, content text, timestamp text, user_id integer);
      INSERT INTO auth_user VALUES (5, 'alice', '!'), (6, '7', '!');
      INSERT INTO chat_message VALUES (1, 'lobby', 'hi', '2026-11-22 10:54:01', 5),
        (2, 'lobby', 'hi', '2026-11-22 10:54:02', 7)`);
    database.close();
    await expect(take(path)).rejects.toThrow('1 things');
    expect(said.at(-1)).toBe(
      'Sender "7" of 1 messages: No row of auth_user has this key. First: Message 2.',
    );
    await expectNothing();
  });

  test('with a text that is no UTF-8 is refused, and the character for that is none', async () => {
    const path = uuidSqlite(folder, UUID_CHAT);
    const database = new DatabaseSync(path);
    database.exec("UPDATE chat_message SET content = CAST(x'636166e9' AS TEXT) WHERE rowid = 1");
    database.exec("UPDATE chat_message SET content = 'fine \ufffd' WHERE rowid = 2");
    database.close();
    await expect(take(path)).rejects.toThrow('1 things');
    expect(said).toEqual([`Message ${uuid('e1')} in lobby: Its text is not UTF-8.`]);
  });
});

describe('a dump', () => {
  test('without the rooms or users that it points to is refused', async () => {
    const noRooms = await uuidDump(folder, UUID_CHAT, ['chat.room']);
    await expect(take(noRooms)).rejects.toThrow('2 things');
    expect(said[0]).toContain(
      `Room "${uuid('c3')}" with 2 messages: It looks like a key of chat_room, and is none there. Dump chat_room too`,
    );
    const others = UUID_CHAT.users.map((user) => ({ ...user, id: `${user.id.slice(0, -1)}f` }));
    await expect(take(await uuidDump(folder, { ...UUID_CHAT, users: others }))).rejects.toThrow();
    expect(said.at(-1)).toMatch(/^Sender ".*" of 2 messages: It looks like a key of auth_user/);
    await expectNothing();
  });

  test('of rooms that are called by UUIDs comes when that is told', async () => {
    const path = await uuidDump(folder, UUID_CHAT, ['chat.room']);
    await take(path, { tables: { ...TABLES, roomNames: true } });
    expect(await told(uuid('c3'))).toEqual(LOBBY);
  });

  test('with natural keys matches them as names, and refuses those of nobody', async () => {
    const rows = (sender: unknown) => [
      ...UUID_CHAT.users.map(({ id, ...fields }) => ({
        model: 'auth.user',
        pk: id,
        fields: { ...fields, password: '!' },
      })),
      { model: 'chat.room', fields: { title: 'The lobby', slug: 'lobby' } },
      ...[['Alice'], sender].map((by, index) => ({
        model: 'chat.message',
        pk: index + 1,
        fields: {
          sender: by,
          room: ['lobby'],
          content: `hi ${index}`,
          timestamp: `2026-11-22T10:54:0${index}Z`,
        },
      })),
    ];
    const path = join(folder, 'natural.json');
    const tryWith = async (sender: unknown) => {
      await writeFile(path, JSON.stringify(rows(sender), null, 2));
      return await take(path);
    };
    await expect(tryWith(['carol'])).rejects.toThrow('1 things');
    expect(said.at(-1)).toMatch(
      /^Sender "carol" .*has this name\. First: Message 2 \(line \d\d\)\.$/,
    );
    await expect(tryWith(['bob', 'acme'])).rejects.toThrow('1 things');
    expect(said.at(-1)).toMatch(/^Sender "bob, acme" .*Natural keys of several parts/);
    await expectNothing();
    await tryWith(['bob']);
    expect(await told('lobby')).toEqual([
      ['alice', 'Alice', 'hi 0'],
      ['bob', 'bob', 'hi 1'],
    ]);
  });

  test('in another encoding is read by its name, and else refused with the place', async () => {
    const [one] = UUID_CHAT.messages;
    if (!one) throw new Error('There is one.');
    const rows = { ...UUID_CHAT, messages: [{ ...one, content: 'café “grün”' }] };
    const path = await uuidDump(folder, rows);
    const text = await readFile(path, 'utf8');
    const cp1252 = Buffer.from(text.replaceAll('“', '\u0093').replaceAll('”', '\u0094'), 'latin1');
    await writeFile(path, cp1252);
    await expect(take(path)).rejects.toThrow(
      `${path}, line 5, byte ${cp1252.indexOf(0xe9)}: 0xe9 is not UTF-8 there. Say what it is by --encoding`,
    );
    await expectNothing();
    await take(path, { encoding: 'cp1252' });
    expect(await told('lobby')).toEqual([['alice', 'Alice', 'café “grün”']]);
    const marked = Buffer.from(`\ufeff${text.replaceAll('\n', '\r\n')}`);
    await writeFile(path, marked);
    expect(await take(path)).toMatchObject({ events: 0 });
    await expect(take(uuidSqlite(folder, rows), { encoding: 'cp1252' })).rejects.toThrow(
      '--encoding goes with a dump',
    );
  });

  test('with one key twice, or a broken object, is refused with its line', async () => {
    const [one, two] = UUID_CHAT.messages;
    if (!one || !two) throw new Error('There are some.');
    const twice = await uuidDump(folder, { ...UUID_CHAT, messages: [one, { ...two, id: one.id }] });
    await expect(take(twice)).rejects.toThrow(
      new RegExp(`^${twice}, line 6, chat\\.message ${one.id}: .*UNIQUE constraint failed`),
    );
    await writeFile(twice, '[\n{"model": "auth.user", "fields": {}},\n{"model": oops}\n]');
    await expect(take(twice)).rejects.toThrow(/Line 3: The object that begins here is broken/);
  });
});
