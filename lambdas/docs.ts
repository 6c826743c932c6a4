import { join } from 'node:path';
import { docsHandler } from './edge/docs/handler.ts';
import { readIn } from './edge/docs/read-in.ts';

/** GET /api/docs/..., /api/schema/... where the edge has no files. The bundle has them in a folder. */
export const handler = docsHandler(readIn(join(import.meta.dirname, 'files')));
