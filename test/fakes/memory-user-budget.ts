import type { FrameRate } from '../../lambdas/chat/ports/connection-store.ts';
import type { UserBudget } from '../../lambdas/chat/ports/user-budget.ts';
import { CONNECTIONS_AT_FULL_RATE } from '../../protocol/limits.ts';

/** Budgets in memory: buckets, and when each was looked at last. */
export function memoryUserBudget(rate: FrameRate): UserBudget {
  const burst = rate.burst * CONNECTIONS_AT_FULL_RATE;
  const perSecond = rate.perSecond * CONNECTIONS_AT_FULL_RATE;
  const buckets = new Map<string, { count: number; at: number }>();
  return {
    async draw(userId, frames, now) {
      const { count, at } = buckets.get(userId) ?? { count: 0, at: now };
      const filled = Math.max(0, count - ((now - at) * perSecond) / 1_000) + frames;
      if (filled > burst) return false;
      buckets.set(userId, { count: filled, at: now });
      return true;
    },
  };
}
