import { DeleteCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { MESSAGE } from '../chat/event.ts';
import { allEnded } from '../chat/parallel.ts';
import type { Inbox, QueuedDraft } from '../chat/ports/inbox.ts';
import { type Table, toTtl } from './dynamo.ts';
import { type Key, keys } from './keys.ts';
import { fromStoredPayload, type StoredPayload, toStoredPayload } from './stored-payload.ts';

/**
 * A room's inbox is spread over so many partitions: each takes 1,000 write units a second, and a
 * draft costs two, one to leave and one to remove it.
 */
const SLICES = 4;

/** Drafts are collected within seconds, by the audit if by nobody else. */
const LIFETIME_MS = 24 * 60 * 60 * 1_000;

type DraftItem = Key &
  Omit<QueuedDraft, 'type' | 'payload'> &
  StoredPayload & {
    /** Not in what a version before kinds left: that is a message. */
    type?: string;
    expiresAt: number;
  };

/** The slice follows from the id, so that a draft is found again. */
const sliceOf = (id: string) => id.charCodeAt(id.length - 1) % SLICES;

const keyOf = ({ room, leftAt, id }: Pick<QueuedDraft, 'room' | 'leftAt' | 'id'>): Key =>
  keys.draft(room, sliceOf(id), leftAt, id);

function toItem({ payload, ...draft }: QueuedDraft): DraftItem {
  const expiresAt = toTtl(draft.leftAt + LIFETIME_MS);
  return { ...keyOf(draft), ...draft, ...toStoredPayload(payload), expiresAt };
}

function toDraft({
  pk: _pk,
  sk: _sk,
  expiresAt: _,
  content,
  payload,
  ...draft
}: DraftItem): QueuedDraft {
  const said = fromStoredPayload({ content, payload });
  return { ...draft, type: draft.type ?? MESSAGE, payload: said };
}

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
      await table.client.send(
        new PutCommand({
          TableName: table.name,
          Item: toItem(draft),
        }),
      );
    },

    async read(room, limit) {
      const slices = await allEnded(
        Array.from({ length: SLICES }, (_, slice) => readSlice(room, slice, limit)),
      );
      return slices
        .flat()
        .map(toDraft)
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
