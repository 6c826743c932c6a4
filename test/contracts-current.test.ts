import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { contractFiles } from '../bin/contract-files.ts';

describe('the generated contracts', () => {
  test.each(Object.entries(contractFiles()))('%s says what protocol/ says', async (path, text) => {
    const committed = await readFile(new URL(`../${path}`, import.meta.url), 'utf8');
    if (committed === text) return;
    const lines = committed.split('\n');
    const line = text.split('\n').findIndex((wanted, index) => wanted !== lines[index]);
    throw new Error(
      `${path} is not current: it differs from protocol/ at line ${line + 1}. Run \`npm run schema\` and commit the file.`,
    );
  });

  test('are written the same way each time', () => {
    expect(contractFiles()).toEqual(contractFiles());
  });
});
