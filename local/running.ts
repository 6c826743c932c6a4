import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A chat that runs on a data folder now. */
export interface Running {
  pid: number;
  url: string;
  dynamoEndpoint: string;
}

const fileIn = (folder: string) => join(folder, 'running.json');

/** Leaves word in the data folder: the embedded database can be opened by one process only. */
export async function announce(folder: string, running: Running): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(fileIn(folder), `${JSON.stringify(running)}\n`);
}

export async function withdraw(folder: string): Promise<void> {
  await rm(fileIn(folder), { force: true });
}

/** Who runs on a data folder. Word left by a process that was killed counts for nothing. */
export async function findRunning(folder: string): Promise<Running | undefined> {
  const text = await readFile(fileIn(folder), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const running: Running = JSON.parse(text);
    process.kill(running.pid, 0);
    // Another process may have got its number since: the database tells. Any answer will do.
    await fetch(running.dynamoEndpoint, { signal: AbortSignal.timeout(2_000) });
    return running;
  } catch {
    return undefined;
  }
}
