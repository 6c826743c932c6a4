import { DeleteCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { allEnded } from '../chat/parallel.ts';
import type { Inbox, QueuedDraft } from '../chat/ports/inbox.ts';
import { type Table, toTtl } from './dynamo.ts';
import { type Key, keys } from './keys.ts';

/**
 * A room's inbox is spread over so many partitions: each takes 1,000 write units a second, and a
 * draft costs two, one to leave and one to remove it.
 */
const SLICES = 4;

/** Drafts are collected within seconds, by the audit if by nobody else. */
const LIFETIME_MS = 24 * 60 * 60 * 1_000;

type DraftItem = Key & QueuedDraft & { expiresAt: number };

/** The slice follows from the id, so that a draft is found again. */
const sliceOf = (id: string) => id.charCodeAt(id.length - 1) % SLICES;

const keyOf = ({ room, leftAt, id }: QueuedDraft): Key => keys.draft(room, sliceOf(id), leftAt, id);

export function dynamoInbox(table: Table): Inbox {
  /** A page of DynamoDB ends at 1 MB, which is less than a hundred of the longest drafts take. */
  async function readSlice(room: string, slice: number, limit: number): Promise<DraftItem[]> {
    const drafts: DraftItem[] = [];
    let start: Record<string, unknown> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await table.client.send(
        new QueryCommand({
          TableName: table.name,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :inbox',
          ExpressionAttributeValues: { ':inbox': keys.inbox(room, slice) },
          Limit: limit - drafts.length,
          ExclusiveStartKey: start,
        }),
      );
      drafts.push(...(Items as DraftItem[]));
      start = LastEvaluatedKey;
    } while (start && drafts.length < limit);
    return drafts;
  }

  return {
    async enqueue(draft) {
      const expiresAt = toTtl(draft.leftAt + LIFETIME_MS);
      await table.client.send(
        new PutCommand({
          TableName: table.name,
          Item: { ...keyOf(draft), ...draft, expiresAt },
        }),
      );
    },

    async read(room, limit) {
      const slices = await allEnded(
        Array.from({ length: SLICES }, (_, slice) => readSlice(room, slice, limit)),
      );
      return slices
        .flat()
        .map(({ pk: _pk, sk: _sk, expiresAt: _expiresAt, ...draft }) => draft)
        .sort((a, b) => a.leftAt - b.leftAt)
        .slice(0, limit);
    },

    async remove(drafts) {
      await allEnded(
        drafts.map((draft) =>
          table.client.send(new DeleteCommand({ TableName: table.name, Key: keyOf(draft) })),
        ),
      );
    },
  };
}
