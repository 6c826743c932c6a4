import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { PythonTool } from '../python-tool.ts';

export const SCHEMATHESIS: PythonTool = {
  what: 'Schemathesis, which tries an API by its contract',
  package: 'schemathesis',
  // That schemathesis.toml was written for.
  version: '4.32.5',
  command: 'schemathesis',
  venv: '.schemathesis',
};

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
