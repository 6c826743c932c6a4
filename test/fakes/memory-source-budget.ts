import type { SourceBudget } from '../../lambdas/chat/ports/source-budget.ts';

/** What networks have done, in memory. */
export function memorySourceBudget(): SourceBudget {
  const drainedAt = new Map<string, number>();
  return {
    async take(network, kind, { burst, perSecond }, now) {
      const key = JSON.stringify([network, kind]);
      const drop = 1_000 / perSecond;
      const drained = Math.max(drainedAt.get(key) ?? 0, now);
      if (drained > now + (burst - 1) * drop) return 'spent';
      drainedAt.set(key, drained + drop);
      return 'taken';
    },
  };
}
