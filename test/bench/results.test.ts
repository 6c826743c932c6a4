import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { growthReport } from '../../bench/growth/report.ts';
import { measureGrowth } from '../../bench/growth.ts';
import { quietRoom } from '../../bench/quiet-room.ts';
import { FOLDER, overview, page } from '../../bench/report.ts';
import { SCENARIOS } from '../../bench/scenarios.ts';
import { bundleFunctions } from '../../lib/bundle.ts';

const textOf = (file: string) => readFileSync(join(FOLDER, file), 'utf8');
const pages = readdirSync(FOLDER).filter((file) => file.endsWith('.md') && file !== 'README.md');

/** The cells of a page's table rows. */
const rowsOf = (text: string): string[][] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.slice(2, -2).split(' | '));

/** Without the line that says when, and on what, it was made. */
const withoutDate = (text: string) => text.replace(/^`npm run bench.*\n/m, '');

describe('the results', () => {
  test('have a page for each scenario, and no other', () => {
    expect(pages.sort()).toEqual(SCENARIOS.map(({ name }) => `${name}.md`).sort());
  });

  test.each(SCENARIOS)(
    'of $name are what it is called now, with its pictures',
    ({ name, title }) => {
      const text = textOf(`${name}.md`);
      expect(text).toContain(`# ${title}\n\n\`npm run bench -- ${name}\``);
      const shown = [...text.matchAll(/\]\((.*?\.svg)\)/g)].map(([, file]) => file);
      const there = readdirSync(FOLDER).filter(
        (file) => file.endsWith('.svg') && pageOf(file) === name,
      );
      expect(there.sort()).toEqual(shown.sort());
    },
  );

  test('stand in short on one page as each says them', async () => {
    expect(textOf('README.md')).toBe(await overview());
  });

  test('of quiet-room are what it measures now', async () => {
    const { name, title } = quietRoom;
    const now = page(name, title, await quietRoom.run());
    expect(withoutDate(textOf('quiet-room.md'))).toBe(withoutDate(now));
  });

  test('of growth tell the calls and units that it counts now', async () => {
    const sizes = {
      ...{ messages: [10, 100], members: [10, 100], rooms: [1, 10, 50], pinged: [1, 10, 50] },
      repetitions: 1,
    };
    const { tables } = growthReport(sizes, await measureGrowth(sizes));
    const exact = (row: readonly (string | number)[]) => row.slice(0, 4).join(' ');
    const told = new Set(rowsOf(textOf('growth.md')).map(exact));
    for (const row of tables.flatMap(({ rows }) => rows)) expect(told).toContain(exact(row));
  });
});

/** `append-hottest.svg` is a picture of `append`. */
const pageOf = (picture: string) =>
  SCENARIOS.map(({ name }) => name).find((name) => picture.startsWith(`${name}-`));

describe('the bundle sizes on the page of cold-start', () => {
  let out: string;
  beforeAll(async () => {
    out = await mkdtemp(join(tmpdir(), 'parlor-bundles-'));
    await bundleFunctions(out);
  }, 120_000);
  afterAll(() => rm(out, { recursive: true }));

  test.each(['connect', 'send-message', 'http'])('are those of %s, but for 2 %%', async (name) => {
    const row = rowsOf(textOf('cold-start.md')).find(([first]) => first === `${name}, lean`);
    const kilobytes = (await stat(join(out, name, 'index.js'))).size / 1_024;
    expect(Math.abs(Number(row?.[1]) - kilobytes)).toBeLessThan(0.02 * kilobytes);
  });
});
