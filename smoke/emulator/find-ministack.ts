import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The emulator's version that this was written for and is run with. */
export const MINISTACK_VERSION = '1.5.33';

/** The virtual environment in which the emulator is looked for, in the repository. */
export const VENV = '.ministack';

export const HOW_TO_INSTALL =
  'MiniStack, an emulator of AWS, is not installed. Install it by ' +
  `python3 -m venv ${VENV} && ${VENV}/bin/pip install ministack==${MINISTACK_VERSION}`;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Finds the emulator's command: the file that PARLOR_MINISTACK names, the repository's own virtual
 * environment, or the PATH.
 *
 * @throws Error when PARLOR_MINISTACK names what can't be run
 */
export function findMiniStack(root: string, env: Environment = process.env): string | undefined {
  const named = env.PARLOR_MINISTACK;
  if (named) {
    if (canRun(named)) return named;
    throw new Error(`PARLOR_MINISTACK is ${named}, which can't be run. Name MiniStack's command.`);
  }
  const folders = [join(root, VENV, 'bin'), ...(env.PATH ?? '').split(delimiter).filter(Boolean)];
  return folders.map((folder) => join(folder, 'ministack')).find(canRun);
}

function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
