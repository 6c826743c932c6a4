import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isCode } from './error-code.ts';

/** A chat that runs on a data folder now; without its addresses while it starts. */
export interface Running {
  pid: number;
  url?: string;
  dynamoEndpoint?: string;
}

const fileIn = (folder: string) => join(folder, 'running.json');
const draftIn = (folder: string) => join(folder, `running.${process.pid}.json`);

/**
 * Claims a data folder for this process, for the embedded database can be opened by one only. Of
 * two that start at once, one gets it.
 *
 * @returns who has it, if another does
 */
export async function claim(folder: string): Promise<Running | undefined> {
  await mkdir(folder, { recursive: true });
  await writeFile(draftIn(folder), JSON.stringify({ pid: process.pid } satisfies Running));
  try {
    for (;;) {
      try {
        await link(draftIn(folder), fileIn(folder));
        return undefined;
      } catch (error) {
        if (!isCode(error, 'EEXIST')) throw error;
      }
      const running = await findRunning(folder);
      if (running) return running;
      // Left by a process that was killed.
      await rm(fileIn(folder), { force: true });
    }
  } finally {
    await rm(draftIn(folder), { force: true });
  }
}

/** Leaves word in a claimed folder of where things are. */
export async function announce(folder: string, running: Required<Running>): Promise<void> {
  await writeFile(draftIn(folder), `${JSON.stringify(running)}\n`);
  await rename(draftIn(folder), fileIn(folder));
}

export async function withdraw(folder: string): Promise<void> {
  await rm(fileIn(folder), { force: true });
}

/** Who runs on a data folder. Word left by a process that was killed counts for nothing. */
async function findRunning(folder: string): Promise<Running | undefined> {
  const text = await readFile(fileIn(folder), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const running: Running = JSON.parse(text);
    process.kill(running.pid, 0);
    // Another process may have got its number since: the database tells. Any answer will do.
    if (running.dynamoEndpoint) {
      await fetch(running.dynamoEndpoint, { signal: AbortSignal.timeout(2_000) });
    }
    return running;
  } catch {
    return undefined;
  }
}
