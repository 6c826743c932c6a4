import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { docsHandler } from './edge/docs/handler.ts';

/** GET /api/docs/..., /api/schema/... The bundle has the files of `ASSETS` in a folder beside it. */
export const handler = docsHandler({
  assets: (file) => readFile(join(import.meta.dirname, 'assets', file)),
});
