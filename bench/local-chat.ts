import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTable } from '../lambdas/aws/dynamo.ts';
import { LOCAL_TABLE, localDynamo } from '../local/database.ts';
import { localTokenSecret } from '../local/token-secret.ts';
import { startChild } from './child.ts';
import { benchTokens, createAccounts } from './table.ts';

export interface LocalChat {
  url: string;
  /** Posts that its gateway was asked for since its start. */
  posts(): Promise<number>;
  /** Requests that it has failed so far. */
  failures(): number;
  /** An access token of a user, who need not have registered: that would hash a password. */
  token(user: string): Promise<string>;
  stop(): Promise<void>;
}

/** Starts a chat of its own, with accounts. */
export async function startLocalChat(users: readonly string[]): Promise<LocalChat> {
  const folder = await mkdtemp(join(tmpdir(), 'parlor-bench-'));
  const { secret } = await localTokenSecret(folder).read();
  const tokens = benchTokens(secret);
  const stack = await startChild<{ url: string; dynamoEndpoint: string }>(
    new URL('local-chat/stack.ts', import.meta.url),
    [folder],
  );
  const table = openTable(LOCAL_TABLE, localDynamo(stack.ready.dynamoEndpoint));
  await createAccounts(table, users);
  table.client.destroy();
  return {
    url: stack.ready.url,
    posts: () => stack.ask<number>('posts'),
    failures: stack.failures,
    token: (user) => tokens.access(user),
    async stop() {
      await stack.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export const userNames = (count: number): string[] =>
  Array.from({ length: count }, (_, n) => `user-${n}`);
