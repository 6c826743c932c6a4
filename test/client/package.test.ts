import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runScript } from '../bin/scripts.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** A program that uses every entry point; what it says of the types is what the compiler checks. */
const CONSUMER = `
import { connect, type Message, memoryStore, ParlorClientError, type Room, TIMING } from 'parlor-client';
import { indexedDbStore } from 'parlor-client/indexed-db';
import { fileStore } from 'parlor-client/node';
import { ParlorProvider, useConnection, useMessages, useRoom } from 'parlor-client/react';
import { accountSession } from 'parlor-client/session';
import { roomTimeline, type TimelineState } from 'parlor-client/timeline';
import * as browser from 'parlor-client/browser';

const session = accountSession({ url: 'http://localhost' });
const chat = connect({ url: 'http://localhost', token: session.token, store: memoryStore() });
const room: Room = chat.room('lobby');
room.on('message', ({ seq, sender }: Message) => [seq.toFixed(), sender.trim()]);
// @ts-expect-error: there is no such event
room.on('massage', () => {});
// @ts-expect-error: one direction at a time
void room.history({ before: 1, after: 1 });
// @ts-expect-error: a message is text
room.send(1).catch(() => {});
const told: (error: ParlorClientError) => string = ({ code, retryable }) => code + String(retryable);
const { status } = chat.state;
// @ts-expect-error: there is no such status
if (status === 'onlime') throw new Error();
const shown: TimelineState = roomTimeline(room).state;
export { browser, shown, fileStore, indexedDbStore, told, TIMING };
export { ParlorProvider, useConnection, useMessages, useRoom };
`;

describe('the package parlor-client', () => {
  let folder: string;
  let built: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parlor-package-'));
    const installed = join(folder, 'node_modules/parlor-client');
    built = join(installed, 'dist');
    expect(await runScript('build-client.ts', ['--out', built])).toMatchObject({
      code: 0,
      err: '',
    });
    await cp(join(ROOT, 'client/package.json'), join(installed, 'package.json'));
    // As installed by whoever uses it with React.
    await mkdir(join(folder, 'node_modules/@types'));
    for (const name of ['react', '@types/react', 'csstype']) {
      await symlink(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
    }
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  }, 60_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** What a module of the consumer prints. */
  async function printed(source: string): Promise<string> {
    await writeFile(join(folder, 'run.js'), source);
    const { stdout } = await run(process.execPath, [join(folder, 'run.js')], {
      env: { PATH: process.env.PATH, NODE_OPTIONS: '' },
    });
    return stdout.trim();
  }

  test('gives everything that it promises, in Node', async () => {
    const exported = async (entry: string) =>
      await printed(`console.log(Object.keys(await import('${entry}')).sort().join(' '))`);
    expect(await exported('parlor-client')).toBe('ParlorClientError TIMING connect memoryStore');
    expect(await exported('parlor-client/indexed-db')).toBe('indexedDbStore');
    expect(await exported('parlor-client/node')).toBe('fileStore');
    expect(await exported('parlor-client/session')).toBe('accountSession browserSessionStorage');
    expect(await exported('parlor-client/timeline')).toBe('roomTimeline');
    expect(await exported('parlor-client/react')).toBe(
      'ParlorProvider useConnection useMessages useParlor useRoom',
    );
    expect(await exported('parlor-client/browser')).toBe(
      'ParlorClientError TIMING accountSession browserSessionStorage connect indexedDbStore memoryStore roomTimeline',
    );
  });

  test('does something: it refuses an address, with one error class over all entries', async () => {
    const told = await printed(`
      import { connect, ParlorClientError } from 'parlor-client';
      import { accountSession } from 'parlor-client/session';
      try { connect({ url: 'nowhere', token: '' }); } catch (error) {
        console.log(error instanceof ParlorClientError, error.code);
      }
      const storage = { get() {}, onChange() {}, lock: (action) => action() };
      await accountSession({ url: 'http://127.0.0.1:9', storage }).token({}).catch((error) => {
        console.log(error instanceof ParlorClientError, error.code);
      });`);
    expect(told).toBe('true invalid_field\ntrue signed_out');
  });

  test.each(['bundler', 'nodenext'])(
    'has types for a consumer that resolves by %s, and for the README',
    async (by) => {
      await writeFile(join(folder, 'consumer.ts'), CONSUMER);
      const readme = await readFile(join(ROOT, 'client/README.md'), 'utf8');
      const examples = [...readme.matchAll(/^```(js|tsx?)\n(.*?)^```/gms)];
      expect(examples.length).toBeGreaterThanOrEqual(3);
      const files = ['consumer.ts'];
      for (const [index, [, kind = '', source = '']] of examples.entries()) {
        const name = `example-${index}.${kind.replace('js', 'ts')}`;
        await writeFile(join(folder, name), source);
        files.push(name);
      }
      const options = {
        module: by === 'nodenext' ? 'nodenext' : 'esnext',
        moduleResolution: by,
        target: 'es2022',
        lib: ['es2022', 'dom', 'dom.iterable'],
        types: [],
        jsx: 'react-jsx',
        strict: true,
        exactOptionalPropertyTypes: true,
        noEmit: true,
        // Its own types are looked at as well.
        skipLibCheck: false,
      };
      await writeFile(
        join(folder, 'tsconfig.json'),
        JSON.stringify({ compilerOptions: options, files }),
      );
      const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
      const complaints = await run(process.execPath, [tsc, '-p', folder]).then(
        () => '',
        ({ stdout }: { stdout: string }) => stdout,
      );
      expect(complaints).toBe('');
    },
  );

  test('needs no other package but React, and that for its hooks only', async () => {
    const files = (await readdir(built, { recursive: true })).filter((name) =>
      /\.(js|d\.ts)$/.test(name),
    );
    expect(files.length).toBeGreaterThan(60);
    const imports = new Map<string, string[]>();
    for (const file of files) {
      const source = await readFile(join(built, file), 'utf8');
      const specifiers = source.matchAll(/\b(?:from|import)\s*\(?\s*["']([^"'\n]+)["']/g);
      for (const [, name = ''] of specifiers) {
        if (name.startsWith('.')) expect(name).toMatch(/^\.{1,2}\/[\w/-]+\.js$/);
        else imports.set(name, [...(imports.get(name) ?? []), file]);
      }
    }
    const others = [...imports.keys()].filter((name) => !name.startsWith('node:'));
    expect(others).toEqual(['react']);
    expect(imports.get('react')?.every((file) => file.startsWith('client/react/'))).toBe(true);
    for (const [name, by] of imports) {
      if (!name.startsWith('node:')) continue;
      for (const file of by) {
        expect(file).toMatch(/^client\/(file-store|json-files|process-life)\.(js|d\.ts)$/);
      }
    }
  });

  test('packs what it is made of, and nothing else', async () => {
    const installed = join(folder, 'node_modules/parlor-client');
    for (const name of ['README.md', 'LICENSE']) {
      await cp(join(ROOT, 'client', name), join(installed, name));
    }
    const { stdout } = await run('npm', ['pack', '--dry-run', '--json'], { cwd: installed });
    const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
    const others = files.map(({ path }) => path).filter((path) => !path.startsWith('dist/'));
    expect(others.sort()).toEqual(['LICENSE', 'README.md', 'package.json']);
    const sources = (path: string) => /\.ts$/.test(path) && !/\.d\.ts$/.test(path);
    expect(files.map(({ path }) => path).filter(sources)).toEqual([]);
  });
});
