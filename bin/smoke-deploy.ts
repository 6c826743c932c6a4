import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findMiniStack, MINISTACK } from '../smoke/emulator/find-ministack.ts';
import { startMiniStack } from '../smoke/emulator/ministack.ts';
import { seeItDeployed } from '../smoke/emulator/see-it-deployed.ts';
import { provideTool, TOOL_OPTIONS } from '../smoke/python-tool.ts';

const USAGE = `npm run smoke:deploy [-- options]

Deploys the stack to MiniStack, an emulator of AWS that runs on this machine without Docker and
without an account; talks to it, deploys again under open sockets, deletes it, and deploys another over
its restored table. The emulator is looked for at PARLOR_MINISTACK, in .ministack/ and on the PATH.

  --install        installs it into .ministack/ first, where there is none: wants Python
  --if-installed   succeeds, with a word, where it is not installed, or can't be
`;

const LIMIT_MS = 20 * 60_000;

const ROOT = fileURLToPath(new URL('..', import.meta.url));

async function main(): Promise<boolean> {
  const { values } = parseArgs({ options: TOOL_OPTIONS });
  if (values.help) {
    console.log(USAGE);
    return true;
  }
  const command = findMiniStack(ROOT) ?? (await provideTool(MINISTACK, ROOT, values.install));
  if (!command) return values['if-installed'];
  // Leaving ends the emulator.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(1));
  }
  setTimeout(giveUp, LIMIT_MS).unref();
  const emulator = await startMiniStack(command);
  try {
    const isWell = await seeItDeployed(emulator, ROOT);
    if (!isWell)
      console.error(['\nMiniStack warned:', ...(await emulator.warnings())].join('\n  '));
    return isWell;
  } finally {
    await emulator.close();
  }
}

function giveUp(): void {
  console.error(`Error: no end after ${LIMIT_MS / 60_000} minutes.`);
  process.exit(1);
}

await main().then(
  // What a failed check has left under way is not waited for.
  (isWell) => process.exit(isWell ? 0 : 1),
  (error: unknown) => {
    console.error(`Error: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  },
);
