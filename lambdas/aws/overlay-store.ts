import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { keptIn } from '../chat/canary-rooms.ts';
import type { Overlay } from '../chat/overlay.ts';
import type { OverlayStore } from '../chat/ports/overlay-store.ts';
import { batchGet } from './batch-get.ts';
import { conditionHeld, type Table, toTtl } from './dynamo.ts';
import { type Key, keys } from './keys.ts';

/** What it holds is JSON as a text, which comes back as it was. */
interface OverlayItem extends Key {
  asOf: number;
  fold: string;
  expiresAt?: number;
}

type Fold = Pick<Overlay, 'parts' | 'obsolete'>;

export interface OverlayOptions {
  now?: () => number;
  /** For how long messages are kept, in milliseconds. Default: for ever. */
  retentionMs?: number | undefined;
}

export function dynamoOverlayStore(
  table: Table,
  { now = Date.now, retentionMs }: OverlayOptions = {},
): OverlayStore {
  return {
    async find(room, targets) {
      const found = targets.map((target) => keys.overlay(room, target));
      const items = await batchGet<OverlayItem>(table, found, true);
      return items.map((item) => item && toOverlay(room, item));
    },

    async between(room, first, last) {
      const overlays: Overlay[] = [];
      let start: Record<string, unknown> | undefined;
      do {
        const { Items = [], LastEvaluatedKey } = await table.client.send(
          new QueryCommand({
            TableName: table.name,
            ConsistentRead: true,
            KeyConditionExpression: 'pk = :overlays AND sk BETWEEN :first AND :last',
            ExpressionAttributeValues: {
              ':overlays': keys.overlays(room),
              ':first': keys.seq(first),
              ':last': keys.seq(last),
            },
            ExclusiveStartKey: start,
          }),
        );
        overlays.push(...(Items as OverlayItem[]).map((item) => toOverlay(room, item)));
        start = LastEvaluatedKey;
      } while (start);
      return overlays;
    },

    async put({ room, target, asOf, ...fold }, from) {
      const { parts, obsolete }: Fold = fold;
      const keptMs = keptIn(room, retentionMs);
      const item: OverlayItem = {
        ...keys.overlay(room, target),
        asOf,
        fold: JSON.stringify({ parts, obsolete }),
        // Its message, which is older, expires before.
        ...(keptMs !== undefined && { expiresAt: toTtl(now() + keptMs) }),
      };
      const put = new PutCommand({
        TableName: table.name,
        Item: item,
        ConditionExpression: from === 0 ? 'attribute_not_exists(pk)' : 'asOf = :from',
        ...(from !== 0 && { ExpressionAttributeValues: { ':from': from } }),
      });
      return (await conditionHeld(table.client.send(put))) ? 'stored' : 'outdated';
    },
  };
}

function toOverlay(room: string, { sk, asOf, fold }: OverlayItem): Overlay {
  // Written by `put` alone.
  return { room, target: Number(sk), asOf, ...(JSON.parse(fold) as Fold) };
}
