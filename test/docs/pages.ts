import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Every page that people read, by its path from the root. */
export const PAGES = globSync(['*.md', 'docs/*.md', 'client/*.md', 'bench/results/*.md'], {
  cwd: ROOT,
}).sort();

export const readPage = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** The shell blocks of a page, as they are pasted: without the margin of the list they stand in. */
export function shellBlocks(page: string): string[] {
  return [...page.matchAll(/^( *)```sh\n(.*?)^ *```/gms)].map(([, margin = '', block = '']) =>
    block.replaceAll(new RegExp(`^${margin}`, 'gm'), ''),
  );
}
