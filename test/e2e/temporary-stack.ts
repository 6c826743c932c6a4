import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_SETTINGS } from '../../lambdas/aws/config.ts';
import { type Stack, type StackOptions, startStack } from '../../local/stack.ts';

/** A whole chat on any free port and a data folder that goes with it. */
export async function temporaryStack(options: Partial<StackOptions> = {}): Promise<Stack> {
  const dataFolder = options.dataFolder ?? (await mkdtemp(join(tmpdir(), 'parlor-')));
  const stack = await startStack({ port: 0, settings: DEFAULT_SETTINGS, ...options, dataFolder });
  return {
    ...stack,
    async close() {
      await stack.close();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}
