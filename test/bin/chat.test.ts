import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { DEFAULT_SETTINGS } from '../../lambdas/aws/config.ts';
import { type Stack, startStack } from '../../local/stack.ts';
import { call, PASSWORD, signUp } from '../e2e/chat-client.ts';
import { temporaryStack } from '../e2e/temporary-stack.ts';
import { cheapHasher } from '../fakes/cheap-hasher.ts';
import { INHERITED, runScript } from './scripts.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Less than a test has, so that it can say what it waited for. */
const PATIENCE_MS = 60_000;

/** A program under way. */
class Running {
  static readonly all = new Set<Running>();
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<number>;
  #out = '';

  constructor(command: string, args: string[], env: Record<string, string>) {
    Running.all.add(this);
    this.child = spawn(command, args, { cwd: ROOT, env: { ...INHERITED, TERM: 'xterm', ...env } });
    this.ended = once(this.child, 'exit').then(([code]) => code);
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#out += text;
        this.child.emit('printed');
      });
    }
  }

  /** What a terminal would have been told, without its colours and moves. */
  get text(): string {
    return stripVTControlCharacters(this.#out);
  }

  /** @throws Error when it ends before that, or takes too long */
  async says(pattern: RegExp): Promise<void> {
    const { promise: late, resolve: giveUp } = Promise.withResolvers<void>();
    const patience = setTimeout(giveUp, PATIENCE_MS);
    const over = Promise.race([this.ended, late]).then(() => {
      throw new Error(`It never said ${pattern}, but: ${this.text}`);
    });
    over.catch(() => {});
    while (!pattern.test(this.text)) await Promise.race([once(this.child, 'printed'), over]);
    clearTimeout(patience);
  }

  type(text: string): void {
    this.child.stdin.write(text);
  }
}

describe('npm run chat', () => {
  let stack: Stack;
  let folder: string;
  let env: Record<string, string>;
  let token: string;
  beforeAll(async () => {
    stack = await temporaryStack();
    folder = await mkdtemp(join(tmpdir(), 'parlor-chat-'));
    env = { PARLOR_PASSWORD: PASSWORD, XDG_STATE_HOME: join(folder, 'state') };
    token = (await signUp(stack.url, 'bob')).access;
  });
  afterAll(async () => {
    await stack.close();
    await rm(folder, { recursive: true, force: true });
  });

  // What a failed test leaves under way.
  afterEach(() => {
    for (const { child } of Running.all) child.kill('SIGKILL');
    Running.all.clear();
  });

  const as = (user: string, room: string, ...options: string[]) => [
    room,
    '--url',
    stack.url,
    '--user',
    user,
    ...options,
  ];

  /** In a terminal: the other end of a pseudo-terminal of util-linux. */
  const inTerminal = (environment: Record<string, string>, ...args: string[]) => {
    const command = `"${process.execPath}" bin/chat.ts ${args.join(' ')}`;
    return new Running('script', ['-qefc', command, '/dev/null'], environment);
  };

  const say = (room: string, content: string) =>
    call(stack.url, token, 'POST', `/api/rooms/${room}/messages/`, { content });

  async function contents(room: string): Promise<string[]> {
    const [, page] = await call(stack.url, token, 'GET', `/api/rooms/${room}/messages/`);
    return (page.results as { content: string }[]).map(({ content }) => content).reverse();
  }

  test('sends the lines of a pipe as they are, and ends when they are stored', async () => {
    const lines = Array.from({ length: 10 }, (_, index) => `line ${index}`);
    const input = `${lines.join('\n')}\n\n/quit\nthe last, without an end`;
    const run = await runScript('chat.ts', as('robot', 'piped', '--register'), env, input);
    expect(run).toEqual({ code: 0, out: '', err: '' });
    expect(await contents('piped')).toEqual([...lines, '/quit', 'the last, without an end']);
  });

  test('takes a line to end at LF or CRLF only, and a mark at the beginning for none of it', async () => {
    const input = '\ufeffone\u2028and still one\r\ntwo\n';
    const run = await runScript('chat.ts', as('bob', 'lines'), env, input);
    expect(run).toMatchObject({ code: 0, out: '' });
    expect(await contents('lines')).toEqual(['one\u2028and still one', 'two']);
  });

  test('sends no line that is not UTF-8, but those before it, and names its place', async () => {
    const input = Buffer.concat([Buffer.from('grün\n'), Buffer.from('caf\xe9\nmore\n', 'latin1')]);
    const { code, err } = await runScript('chat.ts', as('bob', 'latin'), env, input);
    expect(err).toMatch(
      /^Standard input, line 2, byte 9: 0xe9 is not UTF-8 there\. The lines before/,
    );
    expect(code).toBe(1);
    expect(await contents('latin')).toEqual(['grün']);
  });

  test('skips blank lines, and mends what nobody sees', async () => {
    const input = 'a\u000bb\n\u200b\u3164\nit\u0092s\n';
    const run = await runScript('chat.ts', as('robot', 'mended'), env, input);
    expect(run).toEqual({ code: 0, out: '', err: '' });
    expect(await contents('mended')).toEqual(['a\nb', 'its']);
  });

  test('tells which line was not taken, and has no part in what it would do', async () => {
    const long = `${'x'.repeat(8_000)}\u202eend`;
    const input = `fine\n${long}\nfine too\n`;
    const run = await runScript('chat.ts', as('bob', 'refusals'), env, input);
    expect(run).toMatchObject({ code: 1, out: '' });
    expect(run.err).toMatch(/^Not sent: x+\ufffdend\n.* longer than 8000 bytes.*\n$/);
    expect(await contents('refusals')).toEqual(['fine', 'fine too']);
    // It is not tried again the next time.
    const again = await runScript('chat.ts', as('bob', 'refusals'), env, '');
    expect(again).toEqual({ code: 0, out: '', err: '' });
  });

  test('says what is wrong with the command', async () => {
    const wrong: [string[], Record<string, string>, RegExp][] = [
      [[], env, /^Error: Say which room/],
      [['lobby'], env, /^Error: .*--user and PARLOR_PASSWORD/],
      [as('bob', 'lobby'), {}, /^Error: .*--user and PARLOR_PASSWORD/],
      [as('nobody', 'lobby'), env, /^Error: No active account .*--register/],
      [as('bob', 'lobby', '--register'), env, /^Error: A user with that username already exists/],
      [['lobby', '--user', 'bob', '--url', 'example.com'], env, /^Error: --url is no address/],
      [['lobby', '--user', 'bob', '--url', 'http://127.0.0.1:9'], env, /can’t be reached/],
      [as('bob', 'a room'), env, /^Error: A room's name has .*\n$/],
      [['lobby', '--user', 'bob'], { ...env, PORT: '9' }, /^Error: http:\/\/localhost:9 can’t/],
      [['lobby', '--user', 'bob'], { ...env, PORT: 'x' }, /^Error: PORT is "x"/],
    ];
    for (const [args, environment, problem] of wrong) {
      const { code, err } = await runScript('chat.ts', args, environment, 'hi\n');
      expect(err).toMatch(problem);
      expect(code).toBe(1);
    }
    expect((await runScript('chat.ts', ['--help'])).out).toContain('npm run chat -- ROOM');
  }, 30_000);

  test('keeps what could not be sent, and sends it the next time, once', async () => {
    const settings = DEFAULT_SETTINGS;
    const options = { settings, dataFolder: join(folder, 'data'), hasher: cheapHasher() };
    const before = await startStack({ ...options, port: 0 });
    const args = ['bin/chat.ts', 'later', '--url', before.url, '--user', 'carol'];
    const chat = new Running(process.execPath, [...args, '--register'], env);
    const { access } = await signUp(before.url, 'dave');
    const stored = async () => {
      const [, page] = await call(before.url, access, 'GET', '/api/rooms/later/messages/');
      return (page.results as { content: string }[]).map(({ content }) => content).reverse();
    };
    chat.type('while it is there\n');
    while ((await stored()).length === 0);
    await before.close();
    chat.type('while it is away\n');
    await chat.says(/no connection/);
    chat.child.kill('SIGINT');
    expect(await chat.ended).toBe(130);
    expect(chat.text).toMatch(/Not sent yet: [12]\./);

    const after = await startStack({ ...options, port: Number(new URL(before.url).port) });
    const again = new Running(process.execPath, args, env);
    again.child.stdin.end();
    expect(await again.ended).toBe(0);
    expect(await stored()).toEqual(['while it is there', 'while it is away']);
    await after.close();
  });

  test('shows the newest messages and what comes, and sends what is typed', async () => {
    for (let n = 1; n <= 22; n++) await say('lobby', `number ${n}.`);
    const chat = inTerminal(env, ...as('erin', 'lobby', '--register'));
    await chat.says(/number 22\./);
    expect(chat.text).toContain('bob: number 3.');
    expect(chat.text).not.toContain('bob: number 2.');

    chat.type('hello from the terminal\r');
    await chat.says(/erin: hello from the terminal/);
    await say('lobby', 'over\r12:00 admin: pay\n12:00 admin: now \u202eover');
    await chat.says(/bob: over␍12:00 admin: pay\r\n {4}│ 12:00 admin: now \ufffdover/);

    chat.type('/history\r');
    await chat.says(/── earlier ──[\s\S]*number 1\.[\s\S]*number 2\.[\s\S]*── it began here ──/);
    chat.type('/room elsewhere\r');
    await chat.says(/elsewhere> $/);
    chat.type('first here\r');
    await chat.says(/erin: first here/);
    await say('lobby', 'not to be seen');
    await say('elsewhere', 'to be seen');
    await chat.says(/bob: to be seen/);
    expect(chat.text).not.toContain('not to be seen');
    chat.type('half a mess');
    chat.type('\u0003');
    expect(await chat.ended).toBe(0);
    expect(await contents('elsewhere')).toEqual(['first here', 'to be seen']);
  });

  test('offers the lobby, completes, stays where it was, and sends what is pasted as one', async () => {
    const port = new URL(stack.url).port;
    const chat = inTerminal({ ...env, PORT: port }, '--user', 'grace', '--register');
    await chat.says(/Room \(lobby\): $/);
    chat.type('no such!\r');
    await chat.says(/A room's name has[\s\S]*Room \(lobby\): $/);
    chat.type('\r');
    await chat.says(/lobby> $/);
    chat.type('/room nope!\r');
    await chat.says(/A room's name has.* You stay in lobby\./);
    chat.type('/room pas');
    chat.type('\u0008\u0008\u0008elsewhere\r');
    await chat.says(/elsewhere> $/);
    chat.type('/room lob');
    chat.type('\t');
    await chat.says(/\/room lobby$/);
    chat.type('\r');
    await chat.says(/── lobby ──[\s\S]*── lobby ──[\s\S]*lobby> $/);
    chat.type('/room block\r');
    await chat.says(/block> $/);
    chat.type('\u001b[200~/one\rtwo\u001b[201~');
    await chat.says(/block> \/one␤two$/);
    chat.type('\r');
    await chat.says(/grace: \/one\r\n {4}│ two/);
    chat.type('/rooms\r');
    await chat.says(/\* block\r\n/);
    await chat.says(/ {2}lobby\r\n/);
    chat.type('/quit\r');
    expect(await chat.ended).toBe(0);
    expect(await contents('block')).toEqual(['/one\ntwo']);
  }, 60_000);

  test('asks for a password without showing it', async () => {
    const { PARLOR_PASSWORD: _, ...others } = env;
    const chat = inTerminal(others, ...as('frank', 'asked', '--register'));
    await chat.says(/Password: $/);
    chat.type(`${PASSWORD}\r`);
    await chat.says(/Password \(again\): $/);
    chat.type(`${PASSWORD}\r`);
    await chat.says(/asked> $/);
    expect(chat.text).not.toContain(PASSWORD);
    chat.type('/quit\r');
    expect(await chat.ended).toBe(0);
  });
});
