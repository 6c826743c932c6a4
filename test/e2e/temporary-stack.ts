import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_SETTINGS } from '../../lambdas/aws/config.ts';
import { type Stack, type StackOptions, startStack } from '../../local/stack.ts';
import { cheapHasher } from '../fakes/cheap-hasher.ts';

/** A whole chat on any free port and a data folder that goes with it. Its logins are cheap. */
export async function temporaryStack(options: Partial<StackOptions> = {}): Promise<Stack> {
  const dataFolder = options.dataFolder ?? (await mkdtemp(join(tmpdir(), 'parlor-')));
  const usual = { port: 0, settings: DEFAULT_SETTINGS, hasher: cheapHasher() };
  const stack = await startStack({ ...usual, ...options, dataFolder });
  return {
    ...stack,
    async close() {
      await stack.close();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}
