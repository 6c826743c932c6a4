import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { randomId } from './random-id.ts';

/**
 * Writes a file as a whole or not at all, also if the machine loses power meanwhile. Only its
 * owner may read it.
 */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = join(dirname(path), `${basename(path)}.${randomId()}.draft`);
  try {
    await writeFile(draft, JSON.stringify(value), { mode: 0o600, flush: true });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** @returns undefined for a file that is not there, or holds no JSON */
export async function readJson(path: string): Promise<unknown> {
  const text = await ifThere(readFile(path, 'utf8'));
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The names in a folder, none if it is not there. */
export const namesIn = async (folder: string): Promise<string[]> =>
  (await ifThere(readdir(folder))) ?? [];

/** @returns undefined when a file or folder is not there */
export async function ifThere<T>(action: Promise<T>): Promise<T | undefined> {
  try {
    return await action;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
