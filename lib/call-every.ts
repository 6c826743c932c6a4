import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { ParlorFunction } from './parlor-function.ts';

/**
 * A call that does not come is made up for by the next: repeating it would only have two at work
 * at once.
 */
const ONCE = { retryAttempts: 0, maxEventAge: Duration.seconds(60) };

/** Has a function called again and again. @param id the rule's, within the function */
export function callEvery(user: ParlorFunction, id: string, rate: Duration): void {
  const { called } = user;
  called.configureAsyncInvoke(ONCE);
  new Rule(user, id, {
    schedule: Schedule.rate(rate),
    targets: [new LambdaFunction(called, ONCE)],
  });
}
