import type { ConnectionStore, FrameRate } from '../chat/ports/connection-store.ts';
import { type ConnectionItem, toConnection } from './connection-items.ts';
import { type Table, updateIf } from './dynamo.ts';
import {
  another,
  drawing,
  FRAMES_PER_DRAW,
  type FrameWrite,
  first,
  latest,
  notDrawn,
  undrawn,
} from './frame-rate.ts';
import { keys } from './keys.ts';
import { dynamoUserBudget } from './user-budget.ts';

/** So often a frame of many that come at once is tried to be counted. */
const LOOKS = 6;

/** `touch` of a connection store. @param get reads a connection's item */
export function frameCounter(
  table: Table,
  rate: FrameRate,
  get: (connectionId: string) => Promise<ConnectionItem | undefined>,
): ConnectionStore['touch'] {
  const budget = dynamoUserBudget(table, rate);

  /** One frame more, if the connection is there and the write's condition holds. */
  async function count(connectionId: string, now: number, write: FrameWrite) {
    return await updateIf<ConnectionItem>(table, {
      ...write,
      Key: keys.connection(connectionId),
      ConditionExpression: `expiresAt > :nowInSeconds AND ${write.ConditionExpression}`,
      ExpressionAttributeValues: {
        ...write.ExpressionAttributeValues,
        ':nowInSeconds': now / 1_000,
      },
    });
  }

  /** A frame that its `first` write doesn't fit. @returns undefined if another one came between */
  async function countNext(connectionId: string, now: number, seen: ConnectionItem) {
    const { undrawn: since = 0, drainedAt = 0, userId } = seen;
    if (since < FRAMES_PER_DRAW) {
      return await count(connectionId, now, undrawn(another(rate, now)));
    }
    const counted = await count(connectionId, now, drawing(rate, now, drainedAt));
    if (!counted || (await budget.draw(userId, FRAMES_PER_DRAW, now))) return counted;
    await count(connectionId, now, notDrawn());
    return 'limited';
  }

  return async (connectionId, now) => {
    const item = await count(connectionId, now, undrawn(first(rate, now)));
    if (item) return toConnection(connectionId, item);
    // Others of its frames may be at work, and be counted first.
    for (let look = 0; look < LOOKS; look++) {
      const seen = await get(connectionId);
      if (!seen || seen.expiresAt <= now / 1_000) return 'gone';
      // A flood is refused without a further write.
      if ((seen.drainedAt ?? 0) > latest(rate, now)) return 'limited';
      const counted = await countNext(connectionId, now, seen);
      if (counted) return counted === 'limited' ? counted : toConnection(connectionId, counted);
    }
    return 'limited';
  };
}
