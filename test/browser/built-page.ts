import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPage } from '../../lib/build-page.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CACHE = join(ROOT, 'node_modules/.cache/parlor-page');
/** All that the built page depends on. */
const SOURCES = [
  ...['web', 'client', 'protocol'],
  ...['lib/build-page.ts', 'lib/bundle-page.ts', 'bin/build-page.ts'],
];
const LOCK_FILE = 'package-lock.json';
/** Of other sources; whoever is about to serve one may. */
const KEPT_MS = 60 * 60_000;

/**
 * The page as it is built from the sources as they are, for all tests that need one.
 *
 * @returns its folder
 */
export async function builtPage(): Promise<string> {
  const folder = join(CACHE, await hashOfSources());
  if (existsSync(folder)) return folder;
  const own = join(CACHE, `building-${randomUUID()}`);
  await forgetOld();
  await mkdir(own, { recursive: true });
  await buildPage(own);
  await rename(own, folder).catch(async () => {
    // Another test was quicker: the same sources give the same page.
    await rm(own, { recursive: true });
  });
  return folder;
}

async function forgetOld(): Promise<void> {
  const names = existsSync(CACHE) ? await readdir(CACHE) : [];
  for (const path of names.map((name) => join(CACHE, name))) {
    const builtAt = (await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now();
    if (Date.now() - builtAt > KEPT_MS) await rm(path, { recursive: true, force: true });
  }
}

async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256');
  const lists = await Promise.all(SOURCES.map(filesOf));
  for (const path of [...lists.flat(), LOCK_FILE]) {
    hash.update(`${path}\0`).update(await readFile(join(ROOT, path)));
  }
  return hash.digest('hex').slice(0, 16);
}

async function filesOf(path: string): Promise<string[]> {
  if (path.endsWith('.ts')) return [path];
  const names = await readdir(join(ROOT, path), { recursive: true, withFileTypes: true });
  return names
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length))
    .sort();
}
