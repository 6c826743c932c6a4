import type { SourceBudget } from '../chat/ports/source-budget.ts';
import { fillBucket } from './bucket.ts';
import type { Table } from './dynamo.ts';
import { keys } from './keys.ts';

export function dynamoSourceBudget(table: Table): SourceBudget {
  return {
    async take(network, kind, budget, now) {
      const fits = await fillBucket(table, keys.source(network, kind), budget, now);
      return fits ? 'taken' : 'spent';
    },
  };
}
