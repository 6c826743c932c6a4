import { tokenKeys } from '../lambdas/auth/token-keys.ts';
import { LABELS } from '../lambdas/auth/token-secret-labels.ts';
import { hmacTokens, type Tokens } from '../lambdas/auth/tokens.ts';
import { dynamoAccountStore } from '../lambdas/aws/account-store.ts';
import { dynamoConnectionStore } from '../lambdas/aws/connection-store.ts';
import type { Table } from '../lambdas/aws/dynamo.ts';
import { systemClock, systemRandom } from '../lambdas/aws/services.ts';
import type { Dialect } from '../lambdas/chat/connection.ts';
import { forEachParallel } from '../lambdas/chat/parallel.ts';
import { openDatabase } from '../local/database.ts';

export interface BenchTable {
  table: Table;
  endpoint: string;
  close(): Promise<void>;
}

/** A table of its own, in memory. */
export async function openBenchTable(): Promise<BenchTable> {
  const { table, endpoint, close } = await openDatabase();
  return { table, endpoint, close };
}

/** Accounts that nobody can log in to: their tokens are minted, not asked for. */
export async function createAccounts(table: Table, ids: readonly string[]): Promise<void> {
  const accounts = dynamoAccountStore(table);
  await forEachParallel(ids, 10, async (id) => {
    await accounts.create({
      id,
      username: id,
      passwordHash: '',
      disabled: false,
      superuser: false,
      createdAt: Date.now(),
    });
  });
}

/** Rows as $connect writes them, for connections that no gateway knows. */
export async function addConnections(
  table: Table,
  room: string,
  users: readonly string[],
  dialect: Dialect,
): Promise<void> {
  const store = dynamoConnectionStore(table);
  const now = Date.now();
  await forEachParallel(users, 5, (user) =>
    store.add({
      id: connectionOf(user),
      userId: user,
      username: user,
      dialect,
      homeRoom: room,
      rooms: new Map([[room, 0]]),
      connectedAt: now - 60_000,
      authUntil: now + 3_600_000,
      expiresAt: now + 7_200_000,
    }),
  );
}

/** As long as API Gateway's ids are. */
export const connectionOf = (user: string) => `${user.padEnd(15, 'x')}=`;

export function benchTokens(secret: Uint8Array): Tokens {
  const only = {
    versions: async () => new Map([['bench', [LABELS.current]]]),
    read: async () => ({ id: 'bench', secret }),
  };
  return hmacTokens(tokenKeys(only, systemClock), { clock: systemClock, random: systemRandom });
}
