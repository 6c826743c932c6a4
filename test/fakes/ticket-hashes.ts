import { paginateScan } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../../lambdas/aws/dynamo.ts';
import { keys } from '../../lambdas/aws/keys.ts';

/** By what a table knows its tickets. */
export async function ticketHashes({ client, name }: Table): Promise<string[]> {
  const { pk: prefix } = keys.ticket('');
  const hashes: string[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: name })) {
    const tickets = Items.map(({ pk }) => String(pk)).filter((pk) => pk.startsWith(prefix));
    hashes.push(...tickets.map((pk) => pk.slice(prefix.length)));
  }
  return hashes;
}
