import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { MISTAKES } from './mistakes.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Whether the simulator finds it is for the long suite: mistakes.long.test.ts. */
test.each(MISTAKES)('a mistake can be planted in the code as it is: $name', ({ changes }) => {
  for (const { file, from } of changes) {
    expect(readFileSync(ROOT + file, 'utf8').split(from)).toHaveLength(2);
  }
});
