import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Stack } from '../../local/stack.ts';
import { signUp } from '../e2e/chat-client.ts';
import { temporaryStack } from '../e2e/temporary-stack.ts';
import { readPage, shellBlocks } from './pages.ts';

const SECTION = 'Nobody gets in and nothing is red';
const section =
  readPage('docs/operations.md').split(`\n## ${SECTION}\n`)[1]?.split('\n## ')[0] ?? '';

/** The commands that a client's computer can give. */
const blocks = shellBlocks(section).filter(
  (block) => block.includes('curl') && !/\b(aws|dig) /.test(block),
);

let stack: Stack;
let page: string;
let token: string;
beforeAll(async () => {
  page = await mkdtemp(join(tmpdir(), 'parlor-walk-'));
  await writeFile(join(page, 'index.html'), '<!doctype html><title>chat</title>');
  stack = await temporaryStack({ page });
  await stack.pageReady;
  token = (await signUp(stack.url, 'alice')).access;
});
afterAll(async () => {
  await stack.close();
  await rm(page, { recursive: true, force: true });
});

const codesIn = (text: string) => text.match(/(?<!\d)[1-5]\d\d(?!\d)/g) ?? [];

test('a walk from the outside in finds what the page for operations calls well, where all is', async () => {
  expect(blocks).toHaveLength(3);
  // A handshake that succeeds is waited for until its time is up.
  const script = blocks.join('\n').replaceAll('--max-time 5', '--max-time 1');
  const { stdout } = await promisify(execFile)(
    'bash',
    ['-c', `output() { echo "${stack.url}"; }; token() { echo "${token}"; }; ${script}\ntrue`],
    { timeout: 30_000 },
  );
  const well = script.matchAll(/# well: ([\d, ]+)/g);
  const expected = [...well].flatMap(([, codes = '']) => codesIn(codes));
  expect(expected).toEqual(['200', '401', '200', '401', '200', '401', '101', '101']);
  const [, answers = ''] = stdout.split(/^(?=200 \/$)/m);
  expect(codesIn(answers.replaceAll(/\{.*?\}/g, ''))).toEqual(expected);
});
