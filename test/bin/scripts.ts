import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Ended {
  code: number;
  out: string;
  err: string;
}

/** All that a script gets of this process's environment. */
const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env;
export const INHERITED = { PATH, NODE_COMPILE_CACHE };

/** Runs a script of bin/ as npm does. */
export async function runScript(
  file: string,
  args: readonly string[],
  env: Record<string, string> = {},
  input: string | Uint8Array = '',
): Promise<Ended> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', `bin/${file}`, ...args],
    { cwd: ROOT, env: { ...INHERITED, ...env } },
  );
  child.stdin.end(input);
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  return { code, out, err };
}
