import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TokenSecretStore } from '../lambdas/auth/token-keys.ts';
import { LABELS } from '../lambdas/auth/token-secret-labels.ts';
import { isCode } from './error-code.ts';

/** A version of the local token secret, as Secrets Manager keeps one. */
export interface LocalVersion {
  id: string;
  labels: readonly string[];
  text: string;
}

const fileIn = (folder: string) => join(folder, 'token-secret');
/** Of whoever writes now: two may do so at once, also within a process. */
const draftIn = (folder: string) => `${fileIn(folder)}.${randomUUID()}`;

/** What the file's only version is called, until the secret is rotated for the first time. */
const FIRST = 'first';

/**
 * The secret that signs tokens, made with the first start and kept in the data folder, readable
 * by its owner only. The file holds the secret itself; once it has been rotated, JSON of its versions.
 */
export function localTokenSecret(folder: string): TokenSecretStore {
  return {
    async versions() {
      const versions = await readVersions(folder);
      return new Map(versions.map(({ id, labels }) => [id, labels]));
    },
    async read(wanted) {
      const found = (await readVersions(folder)).find(({ id, labels }) =>
        wanted === undefined ? labels.includes(LABELS.current) : id === wanted,
      );
      if (found) return { id: found.id, secret: new TextEncoder().encode(found.text) };
      throw new Error(`${fileIn(folder)} has no version ${wanted ?? LABELS.current}.`);
    },
  };
}

/** Makes the secret where there is none. It appears whole or not at all, also when two do so. */
export async function readVersions(folder: string): Promise<LocalVersion[]> {
  const file = fileIn(folder);
  try {
    return parse(await readFile(file, 'utf8'), file);
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  }
  await mkdir(folder, { recursive: true });
  const draft = draftIn(folder);
  await writeFile(draft, newSecret(), { mode: 0o600 });
  try {
    await link(draft, file);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(draft);
  }
  return parse(await readFile(file, 'utf8'), file);
}

/** Writes all of them, or none when the power goes. */
export async function writeVersions(
  folder: string,
  versions: readonly LocalVersion[],
): Promise<void> {
  const draft = draftIn(folder);
  await writeFile(draft, `${JSON.stringify({ versions }, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, fileIn(folder));
}

export const newSecret = (): string => randomBytes(48).toString('base64url');

/** A secret that we have made is no JSON, and one that somebody wrote there is taken as it is. */
function parse(text: string, file: string): LocalVersion[] {
  if (!text.startsWith('{')) return [{ id: FIRST, labels: [LABELS.current], text }];
  try {
    const { versions }: { versions: LocalVersion[] } = JSON.parse(text);
    if (Array.isArray(versions)) return versions;
  } catch {
    // The parser's own words would repeat a piece of the secret.
  }
  throw new Error(`${file} is neither a secret nor JSON of its versions.`);
}
