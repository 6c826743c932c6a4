import { DEFAULT_SETTINGS } from '../../lambdas/aws/config.ts';
import { openDatabase } from '../../local/database.ts';
import type { Stack, StackOptions } from '../../local/stack.ts';
import { openTableGuard, type TableGuard } from './table-guard.ts';
import { temporaryStack } from './temporary-stack.ts';

export interface GuardedStack extends Stack {
  guard: TableGuard;
}

/**
 * A whole chat on any free port, whose functions may do with the table what they may when they are
 * deployed. Its database is in memory.
 *
 * @returns `close` throws where a function tried more
 */
export async function guardedStack(
  options: Partial<Omit<StackOptions, 'dynamoEndpoint'>> = {},
): Promise<GuardedStack> {
  const { issuers } = options.settings ?? DEFAULT_SETTINGS;
  const database = await openDatabase();
  const guard = await openTableGuard(database.endpoint, issuers.outside.length > 0);
  const stack = await temporaryStack({ ...options, dynamoEndpoint: guard.url });
  return {
    ...stack,
    guard,
    async close() {
      await stack.close();
      await guard.close();
      await database.close();
      if (guard.refused.size === 0) return;
      throw new Error(`Not in lib/table-access.ts: ${[...guard.refused].join(', ')}`);
    },
  };
}
