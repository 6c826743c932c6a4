import { Duration, Stack } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import type { Construct } from 'constructs';
import { priced, requestLines, unitLines } from './cost-today.ts';
import type { Watch } from './watch.ts';
import type { Watched } from './watched.ts';

/**
 * Of the month's budget, in one hour. The busiest hour of a chat that spends all of it evenly, four
 * hours a day with a peak of three times the average, takes 2.5 %.
 */
const PERCENT_OF_AN_HOUR = 5;

/**
 * That a flood is being paid for: an hour at list prices. AWS's own bill comes with hours of delay,
 * so a budget alone tells of it the day after.
 *
 * @param monthlyBudget US dollars; undefined watches nothing
 */
export function spendingWatches(watched: Watched, monthlyBudget: number | undefined): Watch[] {
  if (monthlyBudget === undefined) return [];
  const hour = Duration.hours(1);
  const lines = [...requestLines(watched, hour), ...unitLines(watched, hour)];
  return [
    {
      name: 'spending',
      says: `Requests, messages and table units of one hour cost ${PERCENT_OF_AN_HOUR} % of the month's budget, or more.`,
      canWait: true,
      metric: priced('US$ in an hour, estimate', lines, hour),
      threshold: (monthlyBudget * PERCENT_OF_AN_HOUR) / 100,
    },
  ];
}

export interface SpendingBudgetProps {
  /** US dollars a month. */
  limit: number;
  /** Who is told. */
  email: string;
}

/**
 * AWS's own count of what the account spends, the only one with transfer, storage and whatever was
 * forgotten. It is of the whole account: a filter by tag shows nothing until somebody activates that
 * tag by hand, and leaves out what bears none.
 */
export class SpendingBudget extends CfnBudget {
  constructor(scope: Construct, id: string, { limit, email }: SpendingBudgetProps) {
    const notification = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
      notification: {
        comparisonOperator: 'GREATER_THAN',
        notificationType,
        threshold,
        thresholdType: 'PERCENTAGE',
      },
      subscribers: [{ subscriptionType: 'EMAIL', address: email }],
    });
    super(scope, id, {
      budget: {
        budgetName: Stack.of(scope).stackName,
        budgetType: 'COST',
        timeUnit: 'MONTHLY',
        budgetLimit: { amount: limit, unit: 'USD' },
        // Credits would hide a flood until they are used up.
        costTypes: { includeCredit: false, includeRefund: false },
      },
      notificationsWithSubscribers: [notification('ACTUAL', 80), notification('FORECASTED', 100)],
    });
  }
}
