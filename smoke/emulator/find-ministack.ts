import { canRun, findTool, type PythonTool } from '../python-tool.ts';

/** The emulator, in the version that this was written for and is run with. */
export const MINISTACK: PythonTool = {
  what: 'MiniStack, an emulator of AWS',
  package: 'ministack',
  version: '1.5.33',
  command: 'ministack',
  venv: '.ministack',
};

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
  return findTool(MINISTACK, root, env.PATH ?? '');
}
