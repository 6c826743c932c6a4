import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isCode } from './error-code.ts';

/**
 * The secret that signs tokens, made with the first start and kept in the data folder, readable
 * by its owner only. It appears whole or not at all, also when two start at once or the power
 * goes.
 */
export async function tokenSecret(folder: string): Promise<Uint8Array> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'token-secret');
  try {
    return await readFile(file);
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  }
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, randomBytes(48).toString('base64url'), { mode: 0o600 });
  try {
    await link(draft, file);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(draft);
  }
  return await readFile(file);
}
