import type { SourceBudget } from '../chat/ports/source-budget.ts';
import { type Table, toTtl, updateIf } from './dynamo.ts';
import { another, type FrameWrite, first } from './frame-rate.ts';
import { keys } from './keys.ts';

export function dynamoSourceBudget(table: Table): SourceBudget {
  return {
    async take(network, kind, budget, now) {
      const expiresAt = toTtl(now + (1_000 * budget.burst) / budget.perSecond);
      const isTaken = async (write: FrameWrite) =>
        (await updateIf(table, {
          Key: keys.source(network, kind),
          UpdateExpression: `${write.UpdateExpression}, expiresAt = :expires`,
          ConditionExpression: write.ConditionExpression,
          ExpressionAttributeValues: { ...write.ExpressionAttributeValues, ':expires': expiresAt },
        })) !== undefined;
      // The first fits an empty bucket: people's logins end there.
      const taken = (await isTaken(first(budget, now))) || (await isTaken(another(budget, now)));
      return taken ? 'taken' : 'spent';
    },
  };
}
