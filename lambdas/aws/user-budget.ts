import { CONNECTIONS_AT_FULL_RATE } from '../../protocol/limits.ts';
import type { FrameRate } from '../chat/ports/connection-store.ts';
import type { UserBudget } from '../chat/ports/user-budget.ts';
import { type Table, toTtl, updateIf } from './dynamo.ts';
import { another, type FrameWrite, first } from './frame-rate.ts';
import { keys } from './keys.ts';

/** A bucket that nobody draws on is empty long before; its item may go. */
const KEPT_MS = 24 * 60 * 60 * 1_000;

/** @param rate of one connection */
export function dynamoUserBudget(table: Table, rate: FrameRate): UserBudget {
  const ofUser: FrameRate = {
    burst: rate.burst * CONNECTIONS_AT_FULL_RATE,
    perSecond: rate.perSecond * CONNECTIONS_AT_FULL_RATE,
  };

  return {
    async draw(userId, frames, now) {
      const drawn = (write: FrameWrite) =>
        updateIf(table, {
          ...write,
          Key: keys.userBudget(userId),
          UpdateExpression: `${write.UpdateExpression}, expiresAt = :expiresAt`,
          ExpressionAttributeValues: {
            ...write.ExpressionAttributeValues,
            ':expiresAt': toTtl(now + KEPT_MS),
          },
        });
      if (await drawn(first(ofUser, now, frames))) return true;
      return (await drawn(another(ofUser, now, frames))) !== undefined;
    },
  };
}
