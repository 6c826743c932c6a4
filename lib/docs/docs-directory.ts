import { join } from 'node:path';

/** Where the documentation is built: within the functions' bundles, beside the one that may serve it. */
export const docsDirectory = (codeDirectory: string): string =>
  join(codeDirectory, 'docs', 'files');
