import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { QUERIES } from '../../lib/observability/saved-queries.ts';
import { EVERY_OPTION } from '../lib/synthesize.ts';
import { PAGES, ROOT, readPage, shellBlocks } from './pages.ts';

const run = (script: string) =>
  promisify(execFile)('bash', ['-c', script], { cwd: ROOT, timeout: 10_000 });

describe('a shell block', () => {
  const blocks = PAGES.flatMap((path) =>
    shellBlocks(readPage(path)).map(
      (block) => [`${path}: ${block.split('\n')[0]}`, block] as const,
    ),
  );

  test.each(blocks)('%s can be read by a shell', async (_, block) => {
    expect(await promisify(execFile)('bash', ['-n', '-c', block])).toEqual({
      stdout: '',
      stderr: '',
    });
  });

  test('runs scripts and says settings that there are', () => {
    const { scripts } = JSON.parse(readPage('package.json'));
    const text = PAGES.map(readPage).join('\n');
    const called = [...text.matchAll(/npm run (?:--silent )?([\w:]+)/g)].map(([, name]) => name);
    expect(called.length).toBeGreaterThan(20);
    expect(called.filter((name) => !Object.hasOwn(scripts, name ?? ''))).toEqual([]);
    const further = ['edge', 'directAccess', 'table', 'observability'];
    const known = new Set([...Object.keys(EVERY_OPTION), ...further]);
    const said = [...text.replaceAll('-c name=value', '').matchAll(/-c (\w+)=/g)].map(
      ([, name]) => name,
    );
    expect(said.length).toBeGreaterThan(10);
    expect(said.filter((name) => !known.has(name ?? ''))).toEqual([]);
  });
});

describe('ask, of the page for operations', () => {
  let functions: string;
  beforeAll(() => {
    functions =
      shellBlocks(readPage('docs/operations.md')).find((b) => b.includes('ask() {')) ?? '';
  });

  /** AWS's command, as far as it is asked; what it is asked for goes to standard error. */
  const aws = (answers: { start?: string; states?: string }) => `
aws() {
  case "$*" in
    *describe-query-definitions*queryString) cat <<'QUERY'
${QUERIES['one room']}
QUERY
    ;;
    *describe-query-definitions*logGroupNames) printf 'one\\ttwo\\n';;
    *start-query*) echo "$*" >&2; ${answers.start ?? 'echo id-1'};;
    *--query\\ status) ${answers.states ?? 'echo Complete'};;
    *get-query-results*) echo rows of "$4";;
  esac
}
sleep() { :; }
`;

  test('asks the saved question of all its groups, about one room, and waits for the end', async () => {
    const states =
      'echo x >> "$seen"; [ $(wc -l < "$seen") -gt 2 ] && echo Complete || echo Running';
    const { stdout, stderr } = await run(
      `${functions}${aws({ states })} seen=$(mktemp); ask 'one room' 60 lobby; rm "$seen"`,
    );
    expect(stdout).toBe('rows of id-1\n');
    expect(stderr).toContain('--log-group-names one two --');
    expect(stderr).toContain('filter room = "lobby"\n');
  });

  test.each([
    ['AWS refuses it', aws({ start: 'return 254' })],
    ['the answer can’t be had', aws({ states: 'return 254' })],
    ['the query fails', aws({ states: 'echo Failed' })],
    ['there is no such question', 'aws() { :; }'],
  ])('ends with an error where %s', async (_, stub) => {
    const asked = run(`${functions}${stub} ask 'one room' 60 lobby`);
    await expect(asked).rejects.toMatchObject({ code: expect.any(Number), stdout: '' });
  });
});
