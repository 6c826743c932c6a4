import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { deployedEdgeKeys } from './rotate/deployed-edge-key.ts';
import { rotateEdgeKey } from './rotate/edge-key.ts';
import { stackOf } from './rotate/settings.ts';
import { runScript } from './run-script.ts';

const USAGE = `npm run rotate -- --edge-key [options]

Replaces a secret of a deployed stage while people use it. Nobody is refused meanwhile, and it can
be run again, as often as you like: one that failed goes on where it was.

  --edge-key         the key by which the APIs know the edge: makes a new one and deploys
  -c NAME=VALUE      a setting of the deployment, as for npm run deploy; repeat it for each
  --region NAME      the stack's region, where the environment doesn't say
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      'edge-key': { type: 'boolean', default: false },
      context: { type: 'string', short: 'c', multiple: true, default: [] },
      region: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  if (!values['edge-key']) throw new Error(`Say what to rotate.\n\n${USAGE}`);
  const { context: settings, region } = values;
  const stack = stackOf(settings);
  const keys = await deployedEdgeKeys({ stack, region, settings });
  const tell = (line: string) => console.log(line);
  const { id } = await rotateEdgeKey(keys, { wait: setTimeout, tell });
  console.log(`The edge of ${stack} shows the key ${id}, and every function admits it.`);
}

await runScript(main);
