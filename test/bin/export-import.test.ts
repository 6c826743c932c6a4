import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { archived } from '../../bin/transfer/records.ts';
import { openTable } from '../../lambdas/aws/dynamo.ts';
import { dynamoEventLog } from '../../lambdas/aws/event-log.ts';
import { keys } from '../../lambdas/aws/keys.ts';
import { dynamoLeaseStore } from '../../lambdas/aws/lease-store.ts';
import { LOCAL_TABLE, localDynamo } from '../../local/database.ts';
import type { Stack } from '../../local/stack.ts';
import { get, post, signUp } from '../e2e/chat-client.ts';
import { temporaryStack } from '../e2e/temporary-stack.ts';
import { anEnd, anEvent } from '../fakes/samples.ts';
import { djangoFiles, PASSWORD } from './django/django-chat.ts';
import { runScript } from './scripts.ts';

describe('npm run export and npm run import', () => {
  let folder: string;
  let from: Stack;
  let to: Stack;
  let env: { from: Record<string, string>; to: Record<string, string> };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parlor-transfer-'));
    const [a, b] = [join(folder, 'from'), join(folder, 'to')];
    from = await temporaryStack({ dataFolder: a });
    to = await temporaryStack({ dataFolder: b });
    env = { from: { PARLOR_DATA: a }, to: { PARLOR_DATA: b } };
  });
  afterAll(async () => {
    await Promise.all([from.close(), to.close()]);
    await rm(folder, { recursive: true, force: true });
  });

  const history = async (stack: Stack, room: string, token: string) =>
    (await get(stack.url, `/api/rooms/${room}/messages/`, token)).json();

  test('move a chat: history, accounts, passwords, and what was said since', async () => {
    const { access } = await signUp(from.url, 'Alice');
    const say = (content: string) =>
      post(
        from.url,
        '/api/rooms/lobby/messages/',
        { content },
        { authorization: `Bearer ${access}`, 'idempotency-key': encodeURIComponent(content) },
      );
    for (const content of ['one', 'two', 'zwölf']) expect((await say(content)).status).toBe(201);

    const file = join(folder, 'chat.jsonl');
    const options = ['--all', '--accounts', '--with-hashes', '--out', file];
    const exported = await runScript('export.ts', options, env.from);
    expect(exported).toMatchObject({ code: 0, out: '' });
    expect(exported.err).toContain('records exported from');

    const first = await runScript('import.ts', [file], env.to);
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toMatch(/1 accounts, 1 memberships, 3 messages\. 0 of 5 records were there/);
    const login = await post(to.url, '/api/token/', {
      username: 'alice',
      password: 'correct-horse-9',
    });
    const token = ((await login.json()) as { access: string }).access;
    expect(await history(to, 'lobby', token)).toEqual(
      JSON.parse(JSON.stringify(await history(from, 'lobby', access)).replaceAll(from.url, to.url)),
    );

    await say('since');
    const after = ['--room', 'lobby', '--after', '3', '--out', file];
    expect(await runScript('export.ts', after, env.from)).toMatchObject({ code: 0 });
    const second = await runScript('import.ts', ['-'], env.to, await readFile(file, 'utf8'));
    expect(second.out).toMatch(/0 accounts, 0 memberships, 1 messages\. 5 of 6 records/);
  });

  test('move rooms of which a part, or all, has expired', async () => {
    const table = openTable(LOCAL_TABLE, localDynamo(from.dynamoEndpoint));
    const day = 24 * 60 * 60 * 1_000;
    const at = Date.now() - 2 * day;
    const kept = dynamoEventLog(table);
    const expired = dynamoEventLog(table, { retentionMs: day });
    for (const seq of [1, 2, 3]) await expired.put(anEvent({ room: 'old', seq, at }));
    for (const seq of [4, 5]) await kept.put(anEvent({ room: 'old', seq, at }));
    await dynamoLeaseStore(table).noteHead('ancient', anEnd(7));
    table.client.destroy();

    const { out } = await runScript('export.ts', ['--all'], env.from);
    const records = out.trimEnd().split('\n');
    expect(records.map((line) => JSON.parse(line))).toEqual(
      expect.arrayContaining([
        { record: 'expired', room: 'old', from: 1, to: 3 },
        { record: 'expired', room: 'ancient', from: 1, to: 7 },
      ]),
    );
    for (let times = 0; times < 2; times++) {
      expect(await runScript('import.ts', ['-'], env.to, out)).toMatchObject({ code: 0, err: '' });
    }
    const { access } = await signUp(to.url, 'dave');
    const missed = await get(to.url, '/api/rooms/old/events/?after=1', access);
    expect([missed.status, await missed.json()]).toMatchObject([410, { firstKept: 4 }]);
    const authorization = `Bearer ${access}`;
    for (const [room, seq] of [
      ['old', 6],
      ['ancient', 8],
    ] as const) {
      const said = await post(
        to.url,
        `/api/rooms/${room}/messages/`,
        { content: 'since' },
        { authorization },
      );
      expect([said.status, await said.json()]).toMatchObject([201, { seq }]);
    }
  });

  test('put a room behind one that has gone on without it, once', async () => {
    const say = async (stack: Stack, token: string, ...contents: string[]) => {
      for (const content of contents) {
        const authorization = `Bearer ${token}`;
        await post(stack.url, '/api/rooms/porch/messages/', { content }, { authorization });
      }
    };
    const [ours, theirs] = await Promise.all([signUp(to.url, 'Otto'), signUp(from.url, 'Porter')]);
    await say(to, ours.access, 'a', 'b', 'c');
    await say(from, theirs.access, 'x', 'y');
    const file = join(folder, 'porch.jsonl');
    await runScript('export.ts', ['--room', 'porch', '--out', file], env.from);
    const refused = await runScript('import.ts', [file], env.to);
    expect(refused.err).toContain('holds something else at seq 1');
    for (const news of ['2 messages', '0 messages']) {
      const { code, out } = await runScript('import.ts', [file, '--behind'], env.to);
      expect([code, out]).toEqual([0, expect.stringContaining(news)]);
    }
    const found: { seq: number; content: string }[] = await (
      await get(to.url, '/api/rooms/porch/events/?after=0', ours.access)
    )
      .json()
      .then(({ results }) => results);
    expect(found.map(({ seq, content }) => `${seq} ${content}`)).toEqual([
      ...['1 a', '2 b', '3 c', '4 x', '5 y'],
    ]);
  });

  test('keep what is imported for as many days as they are told', async () => {
    const day = 24 * 60 * 60 * 1_000;
    const now = Date.now();
    const lines = [now - 3 * day, now].map((at, index) =>
      JSON.stringify(archived(anEvent({ room: 'brief', seq: index + 1, at }))),
    );
    const text = lines.join('\n');
    const options = ['-', '--keep-days', '2'];
    expect((await runScript('import.ts', options, env.to, text)).out).toMatch(/1 messages/);
    const { access } = await signUp(to.url, 'erin');
    const missed = await get(to.url, '/api/rooms/brief/events/', access);
    expect([missed.status, await missed.json()]).toMatchObject([410, { firstKept: 2 }]);

    const table = openTable(LOCAL_TABLE, localDynamo(to.dynamoEndpoint));
    const Key = keys.event('brief', 2);
    const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key }));
    expect(Item?.expiresAt).toBe(Math.ceil((now + 2 * day) / 1_000));
    table.client.destroy();
  });

  test('take nothing that is not UTF-8 for something else, and a mark and CRLF for nothing', async () => {
    const line = (id: string, seq: number, content: string) =>
      JSON.stringify(archived(anEvent({ room: 'bytes', id, seq, content })));
    const good = `\ufeff${line('1', 1, 'grün\u2028')}\r\n`;
    const broken = Buffer.concat([Buffer.from(good), Buffer.from(line('2', 2, 'rot é'), 'latin1')]);
    const file = join(folder, 'bytes.jsonl');
    await writeFile(file, broken);
    const { code, out, err } = await runScript('import.ts', [file], env.to);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    const byte = broken.indexOf(0xe9);
    expect(err).toMatch(`Error: ${file}, line 2, byte ${byte}: 0xe9 is not UTF-8 there. What npm`);
    const again = await runScript('import.ts', ['-'], env.to, good);
    expect(again).toMatchObject({ code: 0, err: '' });
    expect(again.out).toMatch(/1 messages\. 0 of 1 records/);
    const { access } = await signUp(to.url, 'frank');
    expect(await history(to, 'bytes', access)).toMatchObject({
      results: [{ content: 'grün\u2028' }],
    });
  });

  test('bring the Django chat in, whose people log in as they did', async () => {
    const { sqlite, done } = await djangoFiles({
      users: [{ id: 7, username: 'carol' }],
      messages: [
        {
          id: 1,
          sender: 7,
          room: 'global',
          content: 'hi',
          timestamp: '2026-01-02 03:04:05.678901',
        },
      ],
    });
    const run = () => runScript('import.ts', ['--django', sqlite], env.to);
    try {
      expect(await run()).toMatchObject({
        code: 0,
        out: expect.stringContaining('1 accounts, 1 memberships, 1 messages'),
        err: '',
      });
      for (let logins = 0; logins < 2; logins++) {
        const wrong = { username: 'carol', password: 'wrong' };
        expect((await post(to.url, '/api/token/', wrong)).status).toBe(401);
        const right = { username: 'carol', password: PASSWORD };
        const login = await post(to.url, '/api/token/', right);
        const { access } = (await login.json()) as { access: string };
        const page = await get(to.url, '/chat/history/global/', access);
        expect(await page.json()).toEqual([
          {
            sender: 'carol',
            content: 'hi',
            timestamp: '2026-01-02T03:04:05.678000Z',
            room: 'global',
          },
        ]);
      }
      expect(await run()).toMatchObject({
        code: 0,
        out: expect.stringContaining('0 accounts, 0 memberships, 0 messages'),
      });
    } finally {
      await done();
    }
  });

  test('write to standard output alone what was asked for', async () => {
    const { code, out } = await runScript('export.ts', ['--room', 'lobby'], env.from);
    expect(code).toBe(0);
    const records = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).record);
    expect(records).toEqual(['member', 'event', 'event', 'event', 'event']);
    const accounts = await runScript('export.ts', ['--accounts'], env.from);
    expect(accounts.out).toContain('"Alice"');
    expect(accounts.out).not.toContain('scrypt');
  });

  test.each<[string, string[], RegExp]>([
    ['export.ts', [], /Say what to export/],
    ['export.ts', ['--room', 'a b'], /room's name has/],
    ['export.ts', ['--room', 'nowhere'], /Nothing was ever said/],
    ['export.ts', ['--room', 'a', '--all'], /not both/],
    ['export.ts', ['--room', 'a', '--after', '-1'], /'--after' argument/],
    ['export.ts', ['--room', 'a', '--after', 'x'], /whole number/],
    ['export.ts', ['--all', '--after', '2'], /goes with one --room/],
    ['export.ts', ['--all', '--with-hashes'], /wants --accounts/],
    ['import.ts', [], /Name one file/],
    ['import.ts', ['-', '--check'], /--check goes with --django/],
    ['import.ts', ['-', '--skip-problems'], /--skip-problems goes with --django/],
    ['import.ts', ['-', '--encoding', 'latin1'], /--encoding goes with --django/],
    [
      'import.ts',
      ['--django', 'a.json', '--encoding', 'ibm850'],
      /ibm850 is not known.*windows-1252/,
    ],
    ['import.ts', ['-', '--keep-days', '0'], /from 1 to 3650/],
    ['import.ts', ['-', '--keep-days', '1e3'], /from 1 to 3650/],
    ['import.ts', ['nothing-there.jsonl'], /ENOENT/],
    ['import.ts', ['--django', 'nothing-there.json'], /ENOENT/],
  ])('%s %j says what is wrong', async (script, args, problem) => {
    const { code, out, err } = await runScript(script, args, env.from);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(problem);
    expect(err).not.toMatch(/^ +at /m);
  });

  test('show what stands in a file, and let a terminal obey nothing of it', async () => {
    const username = 'eve\u001b]0;owned\u0007';
    const { sqlite, done } = await djangoFiles({ users: [{ id: 1, username }], messages: [] });
    const { code, err } = await runScript('import.ts', ['--django', sqlite], env.to);
    await done();
    expect(code).toBe(1);
    expect(err).toContain('User 1 "eve␛]0;owned␇": ');
    const account = { record: 'account', username, disabled: false, superuser: false };
    const lines = ['Eve', 'Evi'].map((name, createdAt) =>
      JSON.stringify({ ...account, id: 'eve', username: name + username, createdAt }),
    );
    const ended = await runScript('import.ts', ['-'], env.to, lines.join('\n'));
    expect(ended).toMatchObject({ code: 1, out: '' });
    expect(ended.err).toContain('Here "Eveeve␛]0;owned␇" is another account');
    expect(ended.err).not.toContain('\u001b');
  });

  test('overwrite no file, and join nothing to half a line', async () => {
    const file = join(folder, 'half.jsonl');
    await writeFile(file, '{"record":');
    const whole = await runScript('export.ts', ['--room', 'lobby', '--out', file], env.from);
    expect(whole).toMatchObject({ code: 1, err: expect.stringContaining('is there already') });
    const after = ['--room', 'lobby', '--after', '1', '--out', file];
    expect(await runScript('export.ts', after, env.from)).toMatchObject({
      code: 1,
      err: expect.stringContaining('is cut short'),
    });
    expect(await readFile(file, 'utf8')).toBe('{"record":');
  });
});
