import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import type { Construct } from 'constructs';

export interface SpendingBudgetProps {
  name: string;
  /** US dollars a month. */
  limit: number;
  /** Who is told. */
  email: string;
}

/**
 * AWS's own count of what the account spends, the only one with transfer, storage and whatever was
 * forgotten. It is of the whole account: a filter by tag shows nothing until somebody activates that
 * tag by hand, and leaves out what bears none. CloudFormation makes budgets in some regions only,
 * us-east-1 among them.
 */
export class SpendingBudget extends CfnBudget {
  constructor(scope: Construct, id: string, { name, limit, email }: SpendingBudgetProps) {
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
        budgetName: name,
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
