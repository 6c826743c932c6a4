import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { MINISTACK_VERSION, VENV } from './find-ministack.ts';

/**
 * Installs the emulator into the repository's own virtual environment.
 *
 * @param root of the repository
 * @throws Error with what Python said: it is not there, or finds no package
 */
export async function installMiniStack(root: string): Promise<void> {
  const run = promisify(execFile);
  await run('python3', ['-m', 'venv', VENV], { cwd: root });
  const packages = [`ministack==${MINISTACK_VERSION}`];
  await run(`${VENV}/bin/pip`, ['install', '--quiet', ...packages], { cwd: root });
}
