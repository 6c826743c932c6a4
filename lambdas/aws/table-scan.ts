import { paginateScan } from '@aws-sdk/lib-dynamodb';
import type { Account } from '../chat/ports/account-store.ts';
import type { Table } from './dynamo.ts';
import { type Key, keys } from './keys.ts';

/**
 * What no key leads to. Each of these reads the whole table, page by page, and is for scripts only:
 * no function may scan. Items that are written meanwhile may be missed.
 */

/** The rooms in which anything was said, each once, in no order; also where all of it has expired. */
export async function* roomsOf(table: Table): AsyncGenerator<string> {
  const seen = new Set<string>();
  const pages = paginateScan(
    { client: table.client },
    { TableName: table.name, ProjectionExpression: 'pk, sk, pumped, head' },
  );
  for await (const { Items = [] } of pages) {
    for (const item of Items) {
      const room = roomWithEvents(item as ScannedItem);
      if (room === undefined || seen.has(room)) continue;
      seen.add(room);
      yield room;
    }
  }
}

type ScannedItem = Key & { pumped?: number; head?: number };

/** The room that an item tells something was said in: an event's, or a lease's that has known some. */
function roomWithEvents({ pumped = 0, head = 0, ...key }: ScannedItem): string | undefined {
  const sighting = keys.sighting(key.pk);
  if (sighting) return sighting.kind === 'event' ? sighting.room : undefined;
  return Math.max(pumped, head) > 0 ? keys.roomOfLease(key) : undefined;
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
