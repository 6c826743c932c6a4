import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReadDocs } from './handler.ts';

/** Reads the documentation as it was built into a folder. */
export const readIn =
  (folder: string): ReadDocs =>
  (file) =>
    readFile(join(folder, file)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
