import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

/** A program that is written in Python, and not of npm. */
export interface PythonTool {
  /** For people: what it is and does. */
  what: string;
  /** Of PyPI. */
  package: string;
  /** That this was written for. */
  version: string;
  command: string;
  /** The virtual environment in the repository that is its own. */
  venv: string;
}

export const howToInstall = ({ what, venv, package: name, version }: PythonTool): string =>
  `${what}, is not installed. Install it by ` +
  `python3 -m venv ${venv} && ${venv}/bin/pip install ${name}==${version}`;

/** A tool's command: in the virtual environment, or on the PATH. */
export function findTool(
  { venv, command }: PythonTool,
  root: string,
  path = process.env.PATH ?? '',
): string | undefined {
  const folders = [join(root, venv, 'bin'), ...path.split(delimiter).filter(Boolean)];
  return folders.map((folder) => join(folder, command)).find(canRun);
}

export function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Installs a tool into its virtual environment.
 *
 * @param root of the repository
 * @throws Error with what Python said: it is not there, or finds no package
 */
export async function installTool(tool: PythonTool, root: string): Promise<void> {
  const run = promisify(execFile);
  await run('python3', ['-m', 'venv', tool.venv], { cwd: root });
  const packages = [`${tool.package}==${tool.version}`];
  await run(`${tool.venv}/bin/pip`, ['install', '--quiet', ...packages], { cwd: root });
}

/** What scripts that want such a tool take, for parseArgs. */
export const TOOL_OPTIONS = {
  install: { type: 'boolean', default: false },
  'if-installed': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/**
 * Finds a tool for a script. Where that was asked for, it installs the version that this was written for
 * first, whichever is on the PATH; what can't be installed is told.
 */
export async function provideTool(
  tool: PythonTool,
  root: string,
  install: boolean,
): Promise<string | undefined> {
  if (install && !findTool(tool, root, '')) {
    await installTool(tool, root).catch((error: unknown) => console.error(`${error}`.trim()));
  }
  const command = findTool(tool, root);
  if (!command) console.error(howToInstall(tool));
  return command;
}
