import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Stack } from '../../local/stack.ts';
import { ERRORS } from '../../protocol/errors.ts';
import { temporaryStack } from '../e2e/temporary-stack.ts';

const CLIENT = new URL('../../client/', import.meta.url);

describe('the README of the client', () => {
  let stack: Stack;
  let folder: string;
  let readme: string;
  beforeAll(async () => {
    stack = await temporaryStack();
    folder = await mkdtemp(join(tmpdir(), 'parlor-readme-'));
    readme = await readFile(new URL('README.md', CLIENT), 'utf8');
  });
  afterAll(async () => {
    await stack.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('shows an example of 15 lines at most that works as written, but for the address', async () => {
    const [, example = ''] = /^## Say hello\n.*?^```js\n(.*?)^```/ms.exec(readme) ?? [];
    expect(example.trimEnd().split('\n').length).toBeLessThanOrEqual(15);
    const source = (name: string) => String(new URL(name, CLIENT));
    const program = example
      .replaceAll('http://localhost:8000', stack.url)
      .replace("'parlor-client'", `'${source('index.ts')}'`)
      .replace("'parlor-client/session'", `'${source('session.ts')}'`);
    expect(program).not.toContain('parlor-client');
    const file = join(folder, 'hello.mjs');
    await writeFile(file, program);

    const { PATH } = process.env;
    const child = spawn(process.execPath, ['--no-warnings', file], { env: { PATH } });
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        printed += text;
        child.emit('printed');
      });
    }
    const ended = once(child, 'exit');
    const done = () => printed.includes('alice: hello') && printed.includes('stored as');
    // It talks on, as a page does, until it is ended.
    while (!done() && child.exitCode === null) await Promise.race([once(child, 'printed'), ended]);
    child.kill();
    await ended;
    expect(printed.split('\n').filter(Boolean).sort()).toEqual([
      'alice: hello',
      'stored as number 1',
    ]);
  });

  test('tells of no error code that there is not', async () => {
    const errors = await readFile(new URL('errors.ts', CLIENT), 'utf8');
    const [, own = ''] = /export type ClientErrorCode =(.*?);/s.exec(errors) ?? [];
    const known = [
      ...Object.keys(ERRORS),
      ...[...own.matchAll(/'(\w+)'/g)].map(([, code]) => code),
    ];
    const [, table = ''] = /^## Errors\n(.*?)^## /ms.exec(readme) ?? [];
    const rows = [...table.matchAll(/^\| (`.*?) \| /gm)].map(([, codes = '']) => codes);
    const told = rows.flatMap((codes) => [...codes.matchAll(/`(\w+)`/g)].map(([, code]) => code));
    expect(told.length).toBeGreaterThan(20);
    expect(told.filter((code) => !known.includes(code ?? ''))).toEqual([]);
    // All of this side's own are told.
    expect(known.slice(Object.keys(ERRORS).length).filter((code) => !told.includes(code))).toEqual(
      [],
    );
  });

  test('leads to files and entries that there are', async () => {
    const { exports } = JSON.parse(await readFile(new URL('package.json', CLIENT), 'utf8')) as {
      exports: Record<string, unknown>;
    };
    const told = new Set(
      [...readme.matchAll(/parlor-client(\/[a-z-]+)/g)].map(([, at]) => `.${at}`),
    );
    const entries = Object.keys(exports).filter((entry) => !/^\.$|json$/.test(entry));
    expect([...told].sort()).toEqual(entries.sort());
  });
});
