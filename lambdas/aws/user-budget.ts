import { CONNECTIONS_AT_FULL_RATE } from '../../protocol/limits.ts';
import type { FrameRate } from '../chat/ports/connection-store.ts';
import type { UserBudget } from '../chat/ports/user-budget.ts';
import { fillBucket } from './bucket.ts';
import type { Table } from './dynamo.ts';
import { keys } from './keys.ts';

/** @param rate of one connection */
export function dynamoUserBudget(table: Table, rate: FrameRate): UserBudget {
  const ofUser: FrameRate = {
    burst: rate.burst * CONNECTIONS_AT_FULL_RATE,
    perSecond: rate.perSecond * CONNECTIONS_AT_FULL_RATE,
  };
  return {
    draw: (userId, frames, now) => fillBucket(table, keys.userBudget(userId), ofUser, now, frames),
  };
}
