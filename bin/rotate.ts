import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { readLocalConfig } from '../lambdas/aws/config.ts';
import { deployedEdgeKeys } from './rotate/deployed-edge-key.ts';
import { deployedTokenSecret } from './rotate/deployed-token-secret.ts';
import { rotateEdgeKey } from './rotate/edge-key.ts';
import { localTokenSecretVersions } from './rotate/local-token-secret.ts';
import { stackOf } from './rotate/settings.ts';
import { replaceLeakedSecret, rotateTokenSecret } from './rotate/token-secret.ts';
import { runScript } from './run-script.ts';

const USAGE = `npm run rotate -- --edge-key | --token-secret [options]

Replaces a secret of a deployed stage while people use it. Nobody is refused meanwhile, and it can
be run again, as often as you like: one that failed goes on where it was.

  --edge-key         the key by which the APIs know the edge: makes a new one and deploys
  --token-secret     the secret that signs tokens: makes a new one, which signs once every function
                     knows it. Deploys nothing
  --leaked           with --token-secret: ends what was signed before, and so logs everybody out
  --local            with --token-secret: of the local data folder (PARLOR_DATA, else .parlor)
  -c NAME=VALUE      a setting of the deployment, as for npm run deploy; repeat it for each
  --region NAME      the stack's region, where the environment doesn't say
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      'edge-key': { type: 'boolean', default: false },
      'token-secret': { type: 'boolean', default: false },
      leaked: { type: 'boolean', default: false },
      local: { type: 'boolean', default: false },
      context: { type: 'string', short: 'c', multiple: true, default: [] },
      region: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const { context: settings, region, leaked, local, 'token-secret': tokenSecret } = values;
  if (values['edge-key'] === tokenSecret) throw new Error(`Say what to rotate.\n\n${USAGE}`);
  if ((leaked || local) && !tokenSecret)
    throw new Error('--leaked and --local are for --token-secret. See --help.');
  const tell = (line: string) => console.log(line);
  const timed = { wait: setTimeout, now: Date.now, tell };
  if (tokenSecret) {
    const secret = local
      ? localTokenSecretVersions(readLocalConfig().dataFolder)
      : await deployedTokenSecret(stackOf(settings), region);
    await (leaked ? replaceLeakedSecret(secret, timed) : rotateTokenSecret(secret, timed));
    return;
  }
  const stack = stackOf(settings);
  const keys = await deployedEdgeKeys({ stack, region, settings });
  const { id } = await rotateEdgeKey(keys, timed);
  console.log(`The edge of ${stack} shows the key ${id}, and every function admits it.`);
}

await runScript(main);
