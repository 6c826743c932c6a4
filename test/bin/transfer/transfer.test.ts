import { describe, expect, test } from '@jest/globals';
import { accountRecords, roomRecords } from '../../../bin/transfer/export-records.ts';
import { importRecords } from '../../../bin/transfer/import-records.ts';
import { inChunks, linesOf } from '../../../bin/transfer/lines.ts';
import { archived, parseRecord, toLine } from '../../../bin/transfer/records.ts';
import { scryptHasher } from '../../../lambdas/auth/passwords.ts';
import { register } from '../../../lambdas/chat/accounts.ts';
import type { RoomEvent } from '../../../lambdas/chat/event.ts';
import type { EventLog } from '../../../lambdas/chat/ports/event-log.ts';
import { anAccount, anEnd, anEvent, another } from '../../fakes/samples.ts';
import { aChat, exported, fill, imported, messages } from './chats.ts';

describe('an export', () => {
  test('brings members, then events by seq, as they are', async () => {
    const chat = aChat();
    const events = messages(3);
    if (events[1]) events[1].crowded = true;
    await fill(chat.log, events);
    await chat.members.add('lobby', { userId: 'mallory', removed: true });
    const lines = (await exported(chat)).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { record: 'member', room: 'lobby', userId: 'mallory', removed: true },
      ...events.map(({ n: _n, m: _m, p: _p, g: _g, payload, ...event }) => ({
        record: 'event',
        ...event,
        ...payload,
      })),
    ]);
  });

  test('keeps what events count, where their seq does not tell', async () => {
    const [from, to] = [aChat(), aChat()];
    const events = [anEvent({ seq: 1, g: 1 }), anEvent({ seq: 2, n: 1, m: 1, p: 2, g: 1 })];
    await fill(from.log, events);
    await imported(to, await exported(from));
    expect(await to.log.readForward('lobby', 0, 10)).toEqual(events);
    expect((await to.leases.find('lobby')).counters).toEqual({ n: 1, m: 1, p: 2, g: 1 });
  });

  test('keeps an event of a kind that it does not know', async () => {
    const [from, to] = [aChat(), aChat()];
    const events = [anEvent({ seq: 1 }), another({ seq: 2, payload: { seen: [1], by: null } })];
    await fill(from.log, events);
    await imported(to, await exported(from));
    expect(await to.log.readForward('lobby', 0, 10)).toEqual(events);
  });

  test('goes on after a seq, and ends where the room ended when it began', async () => {
    const chat = aChat();
    await fill(chat.log, messages(250));
    const seqs: number[] = [];
    for await (const record of roomRecords(chat, 'lobby', 3)) {
      if (record.record !== 'event') continue;
      if (seqs.push(record.seq) === 1) await chat.log.put(anEvent({ seq: 251 }));
    }
    expect(seqs).toEqual(Array.from({ length: 247 }, (_, n) => n + 4));
  });

  test('of a room where nothing was said, or from beyond its head, is refused', async () => {
    const chat = aChat();
    await expect(exported(chat, 'nowhere')).rejects.toThrow('Nothing was ever said');
    await fill(chat.log, messages(2));
    await expect(exported(chat, 'lobby', 3)).rejects.toThrow('is beyond it');
  });

  test('holds password hashes only when asked', async () => {
    async function* accounts() {
      yield anAccount({ passwordHash: 'secret' });
    }
    const text = async (withHashes: boolean) => {
      let lines = '';
      for await (const record of accountRecords(accounts(), withHashes)) lines += toLine(record);
      return lines;
    };
    expect(await text(false)).not.toContain('secret');
    expect(await text(true)).toContain('secret');
  });
});

describe('an import', () => {
  test('makes the room that was exported', async () => {
    const [from, to] = [aChat(), aChat()];
    await fill(from.log, messages(120));
    await from.members.add('lobby', { userId: 'alice', visitedAt: 5, readTo: 3 });
    const text = await exported(from);
    expect(await imported(to, text)).toEqual({
      accounts: 0,
      members: 1,
      events: 120,
      gone: 0,
      records: 121,
    });
    expect(await exported(to)).toBe(text);
  });

  test('changes nothing the second time', async () => {
    const [from, to] = [aChat(), aChat()];
    await fill(from.log, messages(60));
    await from.members.add('lobby', { userId: 'alice', visitedAt: 5 });
    const text = await exported(from);
    await imported(to, text);
    expect(await imported(to, text)).toMatchObject({ members: 0, events: 0, records: 61 });
    expect(await exported(to)).toBe(text);
  });

  test('goes on where one was cut short, and behind an earlier one', async () => {
    const [from, to] = [aChat(), aChat()];
    await fill(from.log, messages(100));
    const text = await exported(from);
    const cut = text.slice(0, text.length / 2);
    await expect(imported(to, cut)).rejects.toThrow(/^Line \d+ is not JSON/);
    expect((await to.log.head('lobby')).seq).toBeGreaterThan(0);
    await imported(to, text);
    await fill(from.log, [anEvent({ seq: 101 })]);
    expect(await imported(to, await exported(from, 'lobby', 100))).toMatchObject({ events: 1 });
    expect(await exported(to)).toBe(await exported(from));
  });

  test('leaves what was said since where it is', async () => {
    const [from, to] = [aChat(), aChat()];
    await fill(from.log, messages(10));
    const text = await exported(from);
    await imported(to, text);
    await to.log.put(anEvent({ seq: 11, content: 'since' }));
    expect(await imported(to, text)).toMatchObject({ events: 0 });
    expect((await to.log.head('lobby')).seq).toBe(11);
  });

  test.each<[string, Partial<RoomEvent>]>([
    ['content', { payload: { content: 'other' } }],
    ['time', { at: 5 }],
    ['sender', { userId: 'mallory' }],
    ['id', { id: 'other' }],
  ])('into a room with another %s is refused, by its line and seq', async (_what, other) => {
    const [from, to] = [aChat(), aChat()];
    await fill(from.log, messages(3));
    await fill(to.log, [anEvent({ seq: 1 }), anEvent({ seq: 2, ...other })]);
    await expect(imported(to, await exported(from))).rejects.toThrow(
      'Line 1: The room lobby holds something else at seq 2. It is not empty',
    );
    expect((await to.log.head('lobby')).seq).toBe(2);
  });

  test('of a later part alone is refused', async () => {
    const [from, to] = [aChat(), aChat()];
    await fill(from.log, messages(9));
    await expect(imported(to, await exported(from, 'lobby', 4))).rejects.toThrow(
      'Line 1: The room lobby ends at seq 0, and this goes on at 5.',
    );
  });

  test('while somebody writes there is refused, and overwrites nothing', async () => {
    const [from, to] = [aChat(), aChat()];
    await fill(from.log, messages(3));
    const { put } = to.log;
    to.log.put = async (...events) => {
      to.log.put = put;
      await put(anEvent({ seq: 1, content: 'me first' }));
      return await put(...events);
    };
    await expect(imported(to, await exported(from))).rejects.toThrow('Somebody wrote to it');
    expect((await to.log.readForward('lobby', 0, 9)).map(({ payload }) => payload.content)).toEqual(
      ['me first'],
    );
  });

  test('takes its own put, whose answer was lost, for done', async () => {
    const [from, to] = [aChat(), aChat()];
    await fill(from.log, messages(3));
    const { put } = to.log;
    to.log.put = async (...events) => {
      await put(...events);
      return 'taken';
    };
    const text = await exported(from);
    await imported(to, text);
    expect(await exported(to)).toBe(text);
  });

  test('brings nothing to who is connected, and leaves the lease free', async () => {
    const [from, to] = [aChat(), aChat()];
    await fill(from.log, messages(3));
    await imported(to, await exported(from));
    expect(await to.leases.find('lobby')).toMatchObject({ owner: '', pumped: 3 });
  });

  test('leaves the room to be pumped at once when somebody marked the lease', async () => {
    const [from, to] = [aChat(), aChat()];
    await fill(from.log, messages(3));
    const { put } = to.log;
    to.log.put = async (...events) => {
      expect(await to.leases.mark('lobby', to.clock.now(), false)).toBe('marked');
      return await put(...events);
    };
    await imported(to, await exported(from));
    const now = to.clock.now();
    expect(await to.leases.take('lobby', 'next', now, now + 1_000, false)).toMatchObject({
      pumped: 3,
    });
  });

  test('waits for a lease that another import left, until it runs out', async () => {
    const [from, to] = [aChat(), aChat()];
    await fill(from.log, messages(3));
    const now = to.clock.now();
    await to.leases.take('lobby', 'dead', now, now + 15_000, false);
    expect(await imported(to, await exported(from))).toMatchObject({ events: 3 });
    expect(to.clock.now() - now).toBeGreaterThanOrEqual(15_000);
  });

  test('keeps its lease for as long as it takes', async () => {
    const [from, to] = [aChat(), aChat()];
    await fill(from.log, messages(100));
    const { put } = to.log;
    to.log.put = async (...events) => {
      to.clock.advance(4_000);
      const { owner, until } = await to.leases.find('lobby');
      expect(owner !== '' && until > to.clock.now()).toBe(true);
      return await put(...events);
    };
    expect(await imported(to, await exported(from))).toMatchObject({ events: 100 });
    expect(to.said.length).toBeGreaterThan(3);
  });

  test('of accounts keeps hashes, names and rights, and locks who comes without a hash', async () => {
    const chat = aChat();
    const hasher = scryptHasher({ ln: 4, r: 8, p: 1 });
    const alice = anAccount({ passwordHash: await hasher.hash('x'), superuser: true });
    const { passwordHash: _none, ...bob } = anAccount({ username: 'Bob' });
    const text = toLine({ record: 'account', ...alice }) + toLine({ record: 'account', ...bob });
    expect(await imported(chat, text)).toMatchObject({ accounts: 2 });
    expect(await chat.accounts.find('alice')).toEqual(alice);
    const locked = await chat.accounts.find('bob');
    expect(locked).toMatchObject(bob);
    expect(await chat.hasher.verify('', locked?.passwordHash)).toBe(false);
    await chat.accounts.setDisabled('alice', true);
    expect(await imported(chat, text)).toMatchObject({ accounts: 0, records: 2 });
    expect(await chat.accounts.find('alice')).toEqual({ ...alice, disabled: true, loginEpoch: 1 });
  });

  test('of accounts claims their looks where they are free, and brings in those that look alike', async () => {
    const chat = aChat();
    const names = ['coco', '\u0441\u043e\u0441\u043e', 'Tom'];
    const text = names
      .map((username) => toLine({ record: 'account', ...anAccount({ username }) }))
      .join('')
      .replaceAll(',"passwordHash":"no hash"', '');
    expect(await imported(chat, text)).toMatchObject({ accounts: 3 });
    const greek = { username: '\u03a4\u039f\u039c', password: 'purple-elephant-42' };
    await expect(register(chat, greek)).rejects.toMatchObject({ code: 'username_look_alike' });
  });

  test("of another issuer's user lets him be found by his name, and bars him as before", async () => {
    const chat = aChat();
    const { passwordHash: _none, ...troll } = anAccount({ id: 'corp:7', username: 'troll (corp)' });
    const text = toLine({ record: 'account', ...troll, disabled: true });
    expect(await imported(chat, text)).toMatchObject({ accounts: 1 });
    expect(await chat.accounts.find('corp:7')).toEqual({ ...troll, disabled: true });
    expect(await chat.accounts.findByShownName('troll (corp)')).toMatchObject({ id: 'corp:7' });
    expect(await imported(chat, text)).toMatchObject({ accounts: 0 });
  });

  test("of another issuer's user who came before is his, whatever he is called by now", async () => {
    const chat = aChat();
    await chat.accounts.recordOutside('corp:7', 'alice (corp)', 99);
    const account = anAccount({ id: 'corp:7', username: 'ally (corp)', passwordHash: undefined });
    expect(await imported(chat, toLine({ record: 'account', ...account }))).toMatchObject({
      accounts: 0,
    });
    expect(await chat.accounts.findByShownName('alice (corp)')).toMatchObject({ id: 'corp:7' });
    expect(await chat.accounts.findByShownName('ally (corp)')).toBeUndefined();
  });

  test("of somebody else's account is refused", async () => {
    const chat = aChat();
    await chat.accounts.create(anAccount({ username: 'ALICE', id: 'alice' }));
    await expect(
      imported(chat, toLine({ record: 'account', ...anAccount({ passwordHash: undefined }) })),
    ).rejects.toThrow('Here "ALICE" is another account than "Alice"');
  });
});

describe('a line', () => {
  const event = archived(anEvent());
  const account = { record: 'account', ...anAccount() };
  test.each<[string, unknown, RegExp]>([
    ['of no JSON', 'hello', /not JSON/],
    ['of no known record', { record: 'other' }, /"record" has a value/],
    ['without a seq', { ...event, seq: undefined }, /"seq" is required/],
    ['with seq 0', { ...event, seq: 0 }, /"seq" must be at least 1/],
    [
      'of a time that no clock shows',
      { ...event, at: 8_640_000_000_000_001 },
      /"at" must be at most/,
    ],
    ['with content that may not be sent', { ...event, content: 'a\u0000b' }, /"content"/],
    ['with a room that may not be', { ...event, room: 'a b' }, /"room"/],
    ['with a room of another form', { ...event, room: 'ﬁ' }, /"room"/],
    [
      'of a part that ends before it begins',
      { record: 'expired', room: 'lobby', from: 2, to: 1 },
      /"to"/,
    ],
    [
      'with a payload that would pass for its envelope',
      { ...event, payload: { seq: 9 } },
      /"payload"/,
    ],
    ['with an answer to no seq', { ...event, payload: { replyTo: 'x' } }, /"payload"/],
    ['without what a message says', { ...event, content: undefined }, /"content"/],
    ['with more than is known', { ...event, edited: true }, /edited/],
    ['of an account without a name', { ...account, username: '' }, /"username"/],
    ['of an account with a hash of no kind', { ...account, passwordHash: 'md5' }, /passwordHash/],
  ])('%s is refused, and named', (_what, record, problem) => {
    const line = typeof record === 'string' ? record : JSON.stringify(record);
    expect(() => parseRecord(line, 'Line 7')).toThrow(problem);
    expect(() => parseRecord(line, 'Line 7')).toThrow(/^Line 7/);
  });

  test.each(['\u200b', '\u2800\u00ad'])(
    'of a message that an older version took, of which nothing shows (%j), comes along',
    (content) => {
      expect(parseRecord(JSON.stringify({ ...event, content }), 'Line 7')).toMatchObject({
        content,
      });
    },
  );

  test('without an end is refused before it fills the memory', async () => {
    let taken = 0;
    async function* endless() {
      while (taken < 100) {
        taken++;
        yield 'x'.repeat(65_536);
      }
    }
    await expect(linesOf(endless()).next()).rejects.toThrow('Line 1 has no end');
    expect(taken).toBeLessThan(20);
  });
});

describe('20,000 events', () => {
  const COUNT = 20_000;

  /** A log whose pages are made as they are read. */
  function endlessLog() {
    const reads: number[] = [];
    const log: Pick<EventLog, 'head' | 'readForward'> = {
      head: async () => ({ ...anEnd(COUNT), at: 0 }),
      async readForward(_room, after, limit) {
        reads.push(after);
        return Array.from({ length: Math.min(limit, COUNT - after) }, (_, n) =>
          anEvent({ seq: after + n + 1 }),
        );
      },
    };
    return { log: log as EventLog, reads };
  }

  test('are exported page by page, as fast as they are taken', async () => {
    const { log, reads } = endlessLog();
    const records = roomRecords({ ...aChat(), log }, 'lobby');
    for (let n = 0; n < 500; n++) await records.next();
    expect(reads).toEqual([0, 200, 400]);
  });

  test('are imported as they come: no more are taken than one item holds', async () => {
    const { log: source } = endlessLog();
    const from = aChat();
    const to = aChat();
    let taken = 0;
    let stored = 0;
    let most = 0;
    const { put } = to.log;
    to.log.put = async (...events) => {
      most = Math.max(most, taken - stored);
      stored += events.length;
      return await put(...events);
    };
    async function* lines() {
      for await (const record of roomRecords({ ...from, log: source }, 'lobby')) {
        taken++;
        yield toLine(record);
      }
    }
    async function* parsed() {
      for await (const line of linesOf(inChunks(lines()))) {
        yield { record: parseRecord(line, 'a line'), place: 'a line' };
      }
    }
    expect(await importRecords(to, parsed())).toMatchObject({ events: COUNT });
    expect((await to.log.head('lobby')).seq).toBe(COUNT);
    // A chunk of lines that were joined for writing, and a group.
    expect(most).toBeLessThan(600);
  });
});
