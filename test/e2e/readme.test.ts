import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Stack } from '../../local/stack.ts';
import { temporaryStack } from './temporary-stack.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const TOUR = read('docs/tour.md');

/** The shell lines of a page that ask the chat something, one string per block, as written. */
function shellBlocks(page: string): string[] {
  const blocks = [...page.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block = '']) => block);
  return blocks.filter((block) => block.includes('localhost:8000'));
}

/** In a shell whose input is no terminal, and ends at once: as in a script, cron or CI. */
async function runWithoutInput(script: string): Promise<string> {
  const shell = spawn('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err, [code]] = await Promise.all([
    text(shell.stdout),
    text(shell.stderr),
    once(shell, 'exit'),
  ]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out;
}

describe('the lines of the README and the tour', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await temporaryStack();
  });
  afterAll(() => stack.close());

  test('work as written, but for the port', async () => {
    const blocks = [...shellBlocks(read('README.md')), ...shellBlocks(TOUR)];
    expect(blocks).toHaveLength(7);
    // One shell, as in one terminal: the token stays known.
    const script = blocks
      .map((block) => `${block}\necho; echo ----\n`)
      .join('')
      .replaceAll('localhost:8000', new URL(stack.url).host)
      // The tool of node_modules, without npx asking the registry.
      .replaceAll('npx wscat', 'node_modules/.bin/wscat');
    const stdout = await runWithoutInput(script);
    const [first, curl, wscat, history, v1, ticket, rooms] = stdout.split('----\n');
    expect(first).toContain('"content":"hello from curl"');
    expect(curl).toContain('{"username":"alice"}');
    expect(curl).toContain('"content":"hello from curl"');
    expect(wscat).toMatch(/"type":"chat_message","sender":"alice","content":"hello from wscat"/);
    expect(history?.match(/hello from wscat/g)).toHaveLength(3);
    expect(v1).toContain('"type":"ack","ref":"1"');
    expect(ticket).toContain('"type":"pong","heads":[{"room":"global","head":3,"unread":3}]');
    expect(rooms).toContain('{"username":"alice","userId":"alice"}');
    expect(rooms).toMatch(/"read":0,"head":3,"unread":3,"lastMessage":{"seq":3,/);
    expect(rooms).toContain('{"room":"global","read":2}{}');
  }, 60_000);

  test('say for createsuperuser what the program says itself', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['bin/createsuperuser.ts', '--help'],
      { cwd: ROOT, env: { ...process.env, NODE_OPTIONS: '' } },
    );
    expect(stdout).toContain('npm run createsuperuser');
    expect(read('docs/deploying.md')).toContain('npm run createsuperuser -- --stack Parlor');
    expect(stdout).toContain('--stack NAME');
  });
});
