import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { bundleFunctions } from '../../lib/bundle.ts';
import { docsDirectory } from '../../lib/docs/docs-directory.ts';

const run = promisify(execFile);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parlor-bundle-'));
  mkdirSync(join(folder, 'lambdas', 'chat'), { recursive: true });
  write('lambdas/chat/greeting.ts', 'export const greeting: string = "hello";');
  write(
    'lambdas/greet.ts',
    `import { readFile } from 'node:fs/promises';
     import { join } from 'node:path';
     import { greeting } from './chat/greeting.ts';
     export const handler = async () =>
       greeting + ' ' + (await readFile(join(import.meta.dirname, 'assets', 'name.txt'), 'utf8'));
     export const fails = () => { throw new Error('thrown'); };`,
  );
  write('lambdas/other.ts', 'export const handler = async () => 1;');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const write = (path: string, text: string) => writeFileSync(join(folder, path), text);
const bundle = (out: string) => bundleFunctions(join(folder, out), join(folder, 'lambdas'));
const evaluate = (script: string) => run(process.execPath, ['--enable-source-maps', '-e', script]);

describe('bundling', () => {
  test('makes a folder of each file in lambdas/ and of no folder, for Node to run as it is', async () => {
    await bundle('out');
    expect(readdirSync(join(folder, 'out'))).toEqual(['greet', 'other']);
    expect(readdirSync(join(folder, 'out', 'greet'))).toEqual(['index.js', 'index.js.map']);

    mkdirSync(join(folder, 'out/greet/assets'));
    write('out/greet/assets/name.txt', 'world');
    const { stdout } = await evaluate(
      `require(${JSON.stringify(join(folder, 'out/greet'))}).handler().then(console.log)`,
    );
    expect(stdout).toBe('hello world\n');
  });

  test('lets a stack trace name the source', async () => {
    await bundle('out');
    const failing = evaluate(`require(${JSON.stringify(join(folder, 'out/greet'))}).fails()`);
    await expect(failing).rejects.toThrow(/lambdas\/greet\.ts:6/);
  });

  test('gives the same bytes for the same sources, and leaves nothing of older ones', async () => {
    await bundle('out');
    const first = readFileSync(join(folder, 'out/greet/index.js'));
    const map = readFileSync(join(folder, 'out/greet/index.js.map'));
    rmSync(join(folder, 'lambdas/other.ts'));
    await bundle('out');
    expect(readFileSync(join(folder, 'out/greet/index.js'))).toEqual(first);
    expect(readFileSync(join(folder, 'out/greet/index.js.map'))).toEqual(map);
    expect(readdirSync(join(folder, 'out'))).toEqual(['greet']);
  });

  test('builds the documentation beside the function that serves it, and for no other', async () => {
    await bundle('out');
    expect(existsSync(join(folder, 'out/greet/files'))).toBe(false);
    write('lambdas/docs.ts', 'export const handler = async () => 1;');
    await bundle('out');
    const files = docsDirectory(join(folder, 'out'));
    expect(readFileSync(join(files, 'api/docs/openapi.yaml'), 'utf8')).toContain('openapi: 3.1.0');
    expect(existsSync(join(folder, 'out/greet/files'))).toBe(false);
  });
});
