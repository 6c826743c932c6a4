import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MISTAKES } from './mistakes.ts';

/** The code to try, and what ends its being there. */
export interface Planted {
  root: string;
  remove(): Promise<void>;
}

/**
 * Copies the code under test and plants a mistake in the copy.
 *
 * @throws Error when there is no such mistake, or when the code that it changes is not there
 */
export async function plant(root: string, name: string | undefined): Promise<Planted> {
  if (name === undefined) return { root, remove: async () => undefined };
  const mistake = MISTAKES.find((one) => one.name === name);
  if (!mistake) throw new Error(`There is no mistake "${name}" in mistakes.ts.`);

  const copy = await mkdtemp(join(tmpdir(), 'parlor-mistake-'));
  for (const folder of ['lambdas', 'features', 'protocol', 'client']) {
    await cp(join(root, folder), join(copy, folder), { recursive: true });
  }
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  await writeFile(join(copy, 'package.json'), '{"type":"module"}');
  for (const { file, from, to } of mistake.changes) {
    const path = join(copy, file);
    const source = await readFile(path, 'utf8');
    if (source.split(from).length !== 2)
      throw new Error(`${file} does not hold this once: ${from}`);
    await writeFile(
      path,
      source.replace(from, () => to),
    );
  }
  return {
    root: copy,
    remove: () => rm(copy, { recursive: true }),
  };
}
