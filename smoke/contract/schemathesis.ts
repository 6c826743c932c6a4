import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

/** The version that smoke/contract/schemathesis.toml was written for. */
export const SCHEMATHESIS_VERSION = '4.32.5';

/** The virtual environment in which it is looked for, in the repository. */
const VENV = '.schemathesis';

export const HOW_TO_INSTALL =
  'Schemathesis, which tries an API by its contract, is not installed. Install it by ' +
  `python3 -m venv ${VENV} && ${VENV}/bin/pip install schemathesis==${SCHEMATHESIS_VERSION}`;

/** Its command: in the repository's own virtual environment, or on the PATH. */
export function findSchemathesis(root: string, path = process.env.PATH ?? ''): string | undefined {
  const folders = [join(root, VENV, 'bin'), ...path.split(delimiter).filter(Boolean)];
  return folders.map((folder) => join(folder, 'schemathesis')).find(canRun);
}

function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @throws Error with what Python said: it is not there, or finds no package */
export async function installSchemathesis(root: string): Promise<void> {
  const run = promisify(execFile);
  await run('python3', ['-m', 'venv', VENV], { cwd: root });
  const packages = [`schemathesis==${SCHEMATHESIS_VERSION}`];
  await run(`${VENV}/bin/pip`, ['install', '--quiet', ...packages], { cwd: root });
}

/** It looks at the time between its requests only. */
const MARGIN_S = 60;

export interface Trial {
  /** Of the repository. */
  root: string;
  /** Of the chat, like http://127.0.0.1:8000. */
  url: string;
  /** An access token. */
  token: string;
  /** Where the report is written, as JSON. */
  report: string;
  /** After so many seconds no further request is made up. */
  seconds: number;
  /** Which requests are made up; the same seed makes the same ones. */
  seed: number;
}

/** Tries each operation of openapi.yaml. @returns the exit code; what it says goes to our output */
export async function trySchema(command: string, trial: Trial): Promise<number> {
  const { root, url, token, report, seconds, seed } = trial;
  const child = spawn(
    command,
    [
      ...['--no-color', '--config-file', join(root, 'smoke/contract/schemathesis.toml')],
      ...['run', join(root, 'openapi.yaml'), '--url', url],
      ...['--header', `Authorization: Bearer ${token}`],
      ...['--max-examples', '12', '--max-time', String(seconds), '--seed', String(seed)],
      ...['--phases', 'examples,coverage,fuzzing', '--request-timeout', '30'],
      ...['--continue-on-failure', '--report', 'json', '--report-json-path', report],
    ],
    // It keeps what it has found in the folder in which it runs.
    {
      cwd: join(report, '..'),
      stdio: ['ignore', 'inherit', 'inherit'],
      timeout: (seconds + MARGIN_S) * 1_000,
    },
  );
  const [code] = await once(child, 'exit');
  return typeof code === 'number' ? code : 1;
}
