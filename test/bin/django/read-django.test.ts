import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { DjangoOptions } from '../../../bin/django/read-django.ts';
import { callerOf } from '../../../lambdas/auth/caller.ts';
import { authenticate } from '../../../lambdas/chat/accounts.ts';
import { anAccount, FROM } from '../../fakes/samples.ts';
import { djangoToken, issuersOf } from '../../lambdas/auth/outside-tokens.ts';
import { aChat, bring as bringDjango, type Chat, TABLES } from './bring.ts';
import {
  type DjangoMessageRow,
  type DjangoRows,
  type DjangoUserRow,
  djangoFiles,
  djangoHash,
  PASSWORD,
} from './django-chat.ts';

const user = (id: number, username: string, given: Partial<DjangoUserRow> = {}) => ({
  id,
  username,
  ...given,
});

function message(id: number, given: Partial<DjangoMessageRow> = {}): DjangoMessageRow {
  const second = String(id).padStart(2, '0');
  return {
    id,
    sender: 1,
    room: 'lobby',
    content: `message ${id}`,
    timestamp: `2026-11-22 10:54:${second}.947742`,
    ...given,
  };
}

const at = (second: number) => Date.UTC(2026, 10, 22, 10, 54, second, 947);

const CHAT: DjangoRows = {
  users: [
    user(1, 'Alice', { is_superuser: true }),
    user(2, 'bob'),
    user(3, 'eve', { is_active: false }),
  ],
  messages: [
    message(1),
    message(2, { sender: 2, room: 'music' }),
    message(4, { sender: 2, content: 'second' }),
    message(3, { sender: 2, content: 'third', timestamp: '2026-11-22 10:54:05.000000' }),
    message(5, { content: 'fourth', timestamp: '2026-11-22 10:54:05.100000' }),
  ],
};

let said: string[] = [];
const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  said = [];
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function files(rows: DjangoRows) {
  const made = await djangoFiles(rows);
  cleanups.push(made.done);
  return made;
}

const bring = (chat: Chat, path: string, options: Partial<DjangoOptions> = {}) =>
  bringDjango(chat, path, (line) => said.push(line), options);

const room = (chat: Chat, name: string) => chat.log.readForward(name, 0, 1_000);

describe.each(['sqlite', 'dump'] as const)('the Django chat as %s', (kind) => {
  test('comes with its messages in order, under their senders', async () => {
    const chat = aChat();
    expect(await bring(chat, (await files(CHAT))[kind])).toEqual({
      accounts: 3,
      members: 3,
      events: 5,
      gone: 0,
      records: 11,
    });
    expect(await room(chat, 'lobby')).toMatchObject([
      {
        seq: 1,
        id: 'django-1',
        userId: 'alice',
        sender: 'Alice',
        payload: { content: 'message 1' },
        at: at(1),
      },
      { seq: 2, id: 'django-4', userId: 'bob', sender: 'bob', payload: { content: 'second' } },
      { seq: 3, payload: { content: 'third' } },
      { seq: 4, payload: { content: 'fourth' } },
    ]);
    expect(await room(chat, 'music')).toMatchObject([{ seq: 1, sender: 'bob', at: at(2) }]);
    expect(said).toEqual([]);
  });

  test('comes with its users, who log in with their passwords', async () => {
    const chat = aChat();
    await bring(chat, (await files(CHAT))[kind]);
    expect(await chat.accounts.find('alice')).toEqual({
      id: 'alice',
      username: 'Alice',
      passwordHash: djangoHash(PASSWORD),
      superuser: true,
      disabled: false,
      createdAt: Date.UTC(2025, 0, 2, 3, 4, 5, 678),
    });
    expect(await chat.accounts.find('eve')).toMatchObject({ disabled: true, superuser: false });
    await authenticate(chat, { username: 'alice', password: PASSWORD }, FROM);
    expect((await chat.accounts.find('alice'))?.passwordHash).toMatch(/^\$scrypt\$/);
  });

  test('gives users who come with its own tokens the accounts that they had', async () => {
    const chat = aChat();
    const outside = issuersOf({ django: { secret: { file: 'x' } } }, chat.clock);
    const made = await files(CHAT);
    const links = CHAT.users.length;
    expect(await bring(chat, made[kind], { issuer: 'django' })).toMatchObject({ links });
    for (const { id, username, is_active = true } of CHAT.users) {
      const caller = callerOf({ ...chat, outside }, await djangoToken(chat.clock, { user_id: id }));
      if (is_active) {
        expect(await caller).toMatchObject({
          account: { id: username.toLowerCase(), username },
        });
      } else await expect(caller).rejects.toMatchObject({ code: 'user_inactive' });
    }
    const again = await bring(chat, made[kind], { issuer: 'django' });
    expect(again).toMatchObject({ accounts: 0 });
    expect(again?.links).toBeUndefined();
  });

  test("gives its tokens nobody's account unless it is told whose they are", async () => {
    const chat = aChat();
    await bring(chat, (await files(CHAT))[kind]);
    expect(await chat.accounts.find('django:1')).toBeUndefined();
  });

  test('puts who wrote in a room on its list, as having read everything', async () => {
    const chat = aChat();
    await bring(chat, (await files(CHAT))[kind]);
    const members = [];
    for await (const member of chat.members.list('lobby')) members.push(member);
    expect(members).toEqual([
      { userId: 'alice', visitedAt: Date.UTC(2026, 10, 22, 10, 54, 5, 100), readTo: 4 },
      { userId: 'bob', visitedAt: Date.UTC(2026, 10, 22, 10, 54, 5), readTo: 4 },
    ]);
  });

  test('changes nothing the second time, also after a login', async () => {
    const chat = aChat();
    const made = await files(CHAT);
    await bring(chat, made[kind]);
    await authenticate(chat, { username: 'alice', password: PASSWORD }, FROM);
    const alice = await chat.accounts.find('alice');
    const lobby = await room(chat, 'lobby');
    expect(await bring(chat, made[kind === 'sqlite' ? 'dump' : 'sqlite'])).toMatchObject({
      accounts: 0,
      members: 0,
      events: 0,
    });
    expect(await chat.accounts.find('alice')).toEqual(alice);
    expect(await room(chat, 'lobby')).toEqual(lobby);
  });

  test('brings what was said there since, as long as nobody spoke here', async () => {
    const chat = aChat();
    await bring(chat, (await files(CHAT))[kind]);
    const more = { ...CHAT, messages: [...CHAT.messages, message(9)] };
    expect(await bring(chat, (await files(more))[kind])).toMatchObject({ events: 1 });
    expect((await room(chat, 'lobby')).at(-1)).toMatchObject({
      seq: 5,
      payload: { content: 'message 9' },
    });
  });
});

describe('what can’t be brought in', () => {
  const TROUBLED: DjangoRows = {
    users: [
      user(1, 'alice'),
      user(2, 'ALICE'),
      user(3, 'аdmin'),
      user(4, 'taken'),
      user(5, 'a'.repeat(140)),
    ],
    messages: [
      message(1),
      message(2, { sender: 2 }),
      message(3, { sender: 3 }),
      message(4, { room: 'bad room' }),
      message(5, { room: 'ﬁ' }),
      message(6, { room: 'fi' }),
      message(7, { content: 'x'.repeat(8_001) }),
      message(8, { content: '\u200b\u0001' }),
      message(9, { timestamp: 'yesterday' }),
      message(10, { sender: null }),
      message(11, { timestamp: '2999-01-01 00:00:00' }),
    ],
  };
  async function troubled(): Promise<Chat> {
    const chat = aChat();
    await chat.accounts.create(anAccount({ username: 'Taken', id: 'taken' }));
    return chat;
  }

  test('is told, thing by thing, and then nothing is', async () => {
    const chat = await troubled();
    const { sqlite } = await files(TROUBLED);
    await expect(bring(chat, sqlite)).rejects.toThrow(
      /9 things in .*db\.sqlite3 can't be brought in/,
    );
    expect(said.sort()).toEqual([
      "3 messages are of users who don't come.",
      'Message 11 in lobby: Its timestamp lies in the future.',
      expect.stringMatching(/^Message 7 in lobby: The message is longer than 8000 bytes/),
      expect.stringMatching(/^Message 8 in lobby: The message is empty/),
      'Message 9 in lobby: Its timestamp is none.',
      'Room "bad room" with 1 messages: Its name does not fit the rules here.',
      'Room "fi" with 1 messages: Its name is the same as that of "ﬁ" here.',
      expect.stringMatching(/^User 2 "ALICE": Another user is called "alice"/),
      expect.stringMatching(/^User 3 "аdmin": .*may not mix/),
      'User 4 "taken": Here "Taken" is the account of somebody else.',
    ]);
    expect(await room(chat, 'lobby')).toEqual([]);
    expect(await chat.accounts.find('alice')).toBeUndefined();
  });

  test('is none where a message holds only a character that nobody saw: it comes without', async () => {
    const chat = aChat();
    const messages = [message(1, { content: 'a\u000bb' }), message(2, { content: 'it\u0092s' })];
    const { sqlite } = await files({ users: [user(1, 'alice')], messages });
    await bring(chat, sqlite);
    expect((await room(chat, 'lobby')).map(({ payload }) => payload.content)).toEqual([
      'a\nb',
      'its',
    ]);
  });

  test('is left out when it may be, and its authors stay nobody else', async () => {
    const chat = await troubled();
    const { dump } = await files(TROUBLED);
    await bring(chat, dump, { skipProblems: true });
    expect(
      (await room(chat, 'lobby')).map(({ seq, userId, sender }) => [seq, userId, sender]),
    ).toEqual([
      [1, 'alice', 'alice'],
      [2, 'django:2', 'ALICE'],
      [3, 'django:3', 'аdmin'],
      [4, 'django:(deleted)', '(deleted)'],
    ]);
    expect(await room(chat, 'fi')).toHaveLength(1);
    expect(await chat.accounts.find('taken')).toMatchObject({ username: 'Taken' });
    expect(said.length).toBe(10);
  });

  test('is only told when it is only to be checked', async () => {
    const chat = aChat();
    const { sqlite } = await files(CHAT);
    expect(await bring(chat, sqlite, { checkOnly: true })).toBeUndefined();
    expect(said).toEqual(['Checked. Nothing was written.']);
    expect(await chat.accounts.find('alice')).toBeUndefined();
  });

  test.each([
    ['argon2$argon2id$v=19$m=102400,t=2,p=8$c2FsdA$a2V5', /kind "argon2"/],
    ['bcrypt_sha256$$2b$12$abcdefghijklmnopqrstuv', /kind "bcrypt_sha256"/],
    ['!cannot be used', /Has no password/],
    ['', /Has no password/],
    ['pbkdf2_sha256$9999999$salt$abc', /too many iterations/],
  ])('of a password, %j, locks the account, and is told', async (password, note) => {
    const chat = aChat();
    const { sqlite } = await files({ users: [user(1, 'alice', { password })], messages: [] });
    await bring(chat, sqlite);
    expect(said).toEqual([expect.stringMatching(note)]);
    const account = await chat.accounts.find('alice');
    expect(await chat.hasher.verify(password, account?.passwordHash)).toBe(false);
  });
});

describe('a file', () => {
  test.each<[string, RegExp]>([
    ['hello', /neither an SQLite file nor/],
    ['[{"model": "chat.message", "pk": 1, "fields": {', /ends in the middle/],
    ['[{"model": "chat.message", "pk": 1, "fields": {}}', /ends in the middle/],
    ['[{"pk": 1}]', /no model and fields/],
    ['[]', /no table auth_user/],
  ])('that holds %j is refused', async (text, problem) => {
    const { folder } = await files(CHAT);
    const path = join(folder, 'other.json');
    await writeFile(path, text);
    await expect(bring(aChat(), path)).rejects.toThrow(problem);
  });

  test('with ids beyond the exact numbers of JSON is read, but from no dump', async () => {
    const beyond = 2 ** 53;
    const users = [user(1, 'alice', { is_active: false }), user(2, 'bob')];
    const { sqlite } = await files({ users, messages: [message(1), message(2, { sender: 2 })] });
    const database = new DatabaseSync(sqlite, { enableForeignKeyConstraints: false });
    database.exec(`UPDATE auth_user SET id = id + ${beyond}`);
    database.exec(`UPDATE chat_message SET id = id + ${beyond}, sender_id = sender_id + ${beyond}`);
    database.close();
    const chat = aChat();
    await bring(chat, sqlite);
    expect(await room(chat, 'lobby')).toMatchObject([
      { seq: 1, id: 'django-9007199254740993', userId: 'alice', at: at(1) },
      { seq: 2, id: 'django-9007199254740994', userId: 'bob', at: at(2) },
    ]);
    expect(await chat.accounts.find('alice')).toMatchObject({ disabled: true });

    const { dump } = await files({ users: [user(beyond, 'alice')], messages: [] });
    await expect(bring(aChat(), dump)).rejects.toThrow('as large as 9007199254740992');
  });

  test('of JSON Lines is a dump as well, and natural keys are names', async () => {
    const { folder } = await files(CHAT);
    const path = join(folder, 'dump.jsonl');
    const rows = [
      { model: 'auth.user', fields: { username: 'alice', password: djangoHash(PASSWORD) } },
      {
        model: 'chat.message',
        pk: 7,
        fields: {
          sender: ['alice'],
          room: 'lobby',
          content: 'a "}quoted{{" \\',
          timestamp: '2026-11-22T11:54:01.947+01:00',
        },
      },
    ];
    await writeFile(path, rows.map((row) => JSON.stringify(row)).join('\n'));
    const chat = aChat();
    await bring(chat, path);
    expect(await room(chat, 'lobby')).toMatchObject([
      { id: 'django-7', userId: 'alice', payload: { content: 'a "}quoted{{" \\' }, at: at(1) },
    ]);
  });

  test('with other tables and columns is read when they are named', async () => {
    const { folder } = await files(CHAT);
    const path = join(folder, 'other.sqlite3');
    const database = new DatabaseSync(path);
    database.exec(`
      CREATE TABLE people (id integer PRIMARY KEY, username text, password text);
      CREATE TABLE places (id integer PRIMARY KEY, slug text);
      CREATE TABLE sayings (id integer PRIMARY KEY, who text, room_id integer, body text, created_at text);
      INSERT INTO people VALUES (1, 'alice', '!');
      INSERT INTO places VALUES (5, 'lobby');
      INSERT INTO sayings VALUES (1, 'alice', 5, 'hello', '2026-11-22 10:54:01')`);
    database.close();
    const tables = { ...TABLES, users: 'people', messages: 'sayings', rooms: 'places' };
    const chat = aChat();
    await expect(bring(chat, path)).rejects.toThrow(
      'There are: people, places, sayings. Say --users-table NAME.',
    );
    await expect(bring(chat, path, { tables })).rejects.toThrow(
      "No column holds a message's sender. There are: id, who, room_id, body, created_at. Say --column sender=NAME.",
    );
    await expect(bring(chat, path, { tables, columns: ['author=who'] })).rejects.toThrow(
      'write FIELD=NAME with one of sender, room, content, timestamp',
    );
    await bring(chat, path, { tables, columns: ['sender=who'] });
    expect(await room(chat, 'lobby')).toMatchObject([
      { userId: 'alice', payload: { content: 'hello' } },
    ]);
  });
});
