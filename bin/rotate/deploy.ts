import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Deploys as `npm run deploy` does, and shows what it says.
 *
 * @param settings `name=value` each
 * @throws Error when it fails
 */
export async function deploy(settings: readonly string[], region: string): Promise<void> {
  const script = ['-r', './bin/check-node.cjs', 'node_modules/aws-cdk/bin/cdk', 'deploy', '--all'];
  const context = settings.flatMap((setting) => ['-c', setting]);
  // A new key is nothing that CDK would ask a person about, and nobody may be there to answer.
  const child = spawn(process.execPath, [...script, '--require-approval', 'never', ...context], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, AWS_REGION: region },
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error('The deployment failed. Run the same again when it can succeed.');
}
