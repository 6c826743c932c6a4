import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DEFAULT_SETTINGS } from '../lambdas/aws/config.ts';
import { startStack } from '../local/stack.ts';
import { operations } from '../protocol/rest.ts';
import { SCHEMATHESIS, trySchema } from '../smoke/contract/schemathesis.ts';
import { problemsOf } from '../smoke/contract/verdict.ts';
import { provideTool, TOOL_OPTIONS } from '../smoke/python-tool.ts';

const USAGE = `npm run smoke:contract [-- options]

Starts the chat on a port and in a folder of its own, and lets Schemathesis try each operation of
openapi.yaml: what the contract forbids has to be refused, what it allows has to be taken, and
every answer has to be in it. It ends within three minutes, mostly within two.

  --seed NUMBER    other requests than those of seed 1
  --install        installs Schemathesis into .schemathesis/ first, where there is none: wants Python
  --if-installed   succeeds, with a word, where it is not installed, or can't be
`;

const SECONDS = 90;
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CREDENTIALS = { username: 'contract', password: 'purple-elephant-42' };

async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: { seed: { type: 'string', default: '1' }, ...TOOL_OPTIONS },
  });
  if (values.help) {
    console.log(USAGE);
    return true;
  }
  if (!/^\d{1,9}$/.test(values.seed)) throw new Error('--seed takes a whole number.');
  const command = await provideTool(SCHEMATHESIS, ROOT, values.install);
  if (!command) return values['if-installed'];
  return await tryIt(command, Number(values.seed));
}

async function tryIt(command: string, seed: number): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'parlor-contract-'));
  const stack = await startStack({
    port: 0,
    dataFolder: join(folder, 'data'),
    settings: DEFAULT_SETTINGS,
  });
  try {
    const report = join(folder, 'report.json');
    const token = await newcomer(stack.url);
    const trial = { root: ROOT, url: stack.url, token, report, seconds: SECONDS, seed };
    const code = await trySchema(command, trial);
    const json = await readFile(report, 'utf8');
    const problems = problemsOf(code, json, Object.keys(operations).length);
    for (const problem of problems) console.error(`FAILED  ${problem}`);
    return problems.length === 0;
  } finally {
    await stack.close();
    await rm(folder, { recursive: true });
  }
}

/** @returns an access token of a new account that has said something */
async function newcomer(url: string): Promise<string> {
  const post = async (path: string, body: object, token?: string) => {
    const answer = await fetch(url + path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as { access: string };
  };
  await post('/accounts/registration/', CREDENTIALS);
  const { access } = await post('/api/token/', CREDENTIALS);
  await post('/api/rooms/global/messages/', { content: 'hello' }, access);
  return access;
}

await main().then(
  (isWell) => process.exit(isWell ? 0 : 1),
  (error: unknown) => {
    console.error(`Error: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  },
);
