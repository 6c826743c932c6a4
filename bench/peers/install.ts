import { spawn } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Compiling Centrifugo takes minutes where nothing of it is cached. */
const LONGEST_MS = 20 * 60_000;
const TAIL_CHARS = 400;

/**
 * Has something in a folder, in the versions that are wanted: installs it unless it is there.
 *
 * @throws Error of `install`; what it left is taken away
 */
export async function installOnce(
  folder: string,
  versions: readonly string[],
  install: () => Promise<void>,
): Promise<void> {
  const stamp = join(folder, 'installed');
  const wanted = versions.join('\n');
  // Absent at first, and where it was broken off.
  const there = await readFile(stamp, 'utf8').catch(() => undefined);
  if (there === wanted) return;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  console.log(`  installing ${versions.join(', ')} ...`);
  await install();
  await writeFile(stamp, wanted);
}

export interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
}

/**
 * Runs a program to its end.
 *
 * @returns what it printed
 * @throws Error in one line: it is not there, or the last that it said
 */
export async function run(
  command: string,
  args: readonly string[],
  { cwd, env = {} }: RunOptions = {},
): Promise<string> {
  const child = spawn(command, args, {
    ...(cwd !== undefined && { cwd }),
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LONGEST_MS,
    killSignal: 'SIGKILL',
  });
  let output = '';
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    said = (said + text).slice(-TAIL_CHARS);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-TAIL_CHARS);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', () => reject(new Error(`${command} can't be run here`)));
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${command} ${args[0]} ended with ${code}: ${oneLine(said)}`);
  return output;
}

export const oneLine = (text: string): string => text.trim().replaceAll(/\s+/g, ' ');
