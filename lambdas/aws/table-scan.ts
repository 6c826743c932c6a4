import { paginateScan } from '@aws-sdk/lib-dynamodb';
import type { Account } from '../chat/ports/account-store.ts';
import type { Table } from './dynamo.ts';
import { keys } from './keys.ts';

/**
 * What no key leads to. Each of these reads the whole table, page by page, and is for scripts only:
 * no function may scan. Items that are written meanwhile may be missed.
 */

/** The rooms in which anything was said, each once, in no order. */
export async function* roomsOf(table: Table): AsyncGenerator<string> {
  const seen = new Set<string>();
  const pages = paginateScan(
    { client: table.client },
    { TableName: table.name, ProjectionExpression: 'pk' },
  );
  for await (const { Items = [] } of pages) {
    for (const { pk } of Items) {
      const sighting = keys.sighting(pk);
      if (sighting?.kind !== 'event' || seen.has(sighting.room)) continue;
      seen.add(sighting.room);
      yield sighting.room;
    }
  }
}

/** All accounts, in no order. */
export async function* accountsOf(table: Table): AsyncGenerator<Account> {
  const { sk } = keys.account('');
  const pages = paginateScan(
    { client: table.client },
    {
      TableName: table.name,
      FilterExpression: 'sk = :account',
      ExpressionAttributeValues: { ':account': sk },
    },
  );
  for await (const { Items = [] } of pages) {
    for (const { pk, sk: _sk, ...account } of Items) {
      yield { ...(account as Omit<Account, 'id'>), id: keys.userOfAccount(pk) };
    }
  }
}
