import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const WEB = fileURLToPath(new URL('../../web', import.meta.url));
/** What a component would never be told to ask again. */
const PRESENT_TIME = /\bDate\.now\(\)|\bnew Date\(\)/;

test('a component takes the present time from nowhere but useNow', async () => {
  const files = (await readdir(WEB, { recursive: true })).filter((path) => path.endsWith('.tsx'));
  expect(files.length).toBeGreaterThan(20);
  for (const path of files) {
    const source = await readFile(`${WEB}/${path}`, 'utf8');
    expect({ path, found: PRESENT_TIME.exec(source)?.[0] }).toEqual({ path, found: undefined });
  }
});
