import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const SCRIPT = fileURLToPath(new URL('../bin/build-page.ts', import.meta.url));

/** Folder of the built page whose files carry their content's hash in their names. */
export const HASHED_FOLDER = 'assets';

/**
 * Builds the page of web/ into a folder: `index.html` and what has a fixed name beside it, all
 * else in `assets/` under names with a hash. Same sources, same files. It takes about a second,
 * in a process of its own: the caller goes on meanwhile, and need not be able to load Vite.
 *
 * @param docs whether the page leads to the docs. Default: true.
 * @param signal ends it
 * @throws an error whose message has what the build said
 */
export async function buildPage(
  outDirectory: string,
  { docs = true, signal }: { docs?: boolean; signal?: AbortSignal } = {},
): Promise<void> {
  const options = docs ? [] : ['--without-docs'];
  await promisify(execFile)(process.execPath, [SCRIPT, outDirectory, ...options], { signal });
}
