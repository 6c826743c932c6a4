import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import { type BundleProps, ParlorFunction } from './parlor-function.ts';

/**
 * A sweep that does not come is made up for by the next, which looks back two minutes: repeating
 * it would only have two at work at once.
 */
const ONCE = { retryAttempts: 0, maxEventAge: Duration.seconds(60) };

/** Tells connections whose token is about to expire, and closes those whose token has. */
export class TokenExpiry extends ParlorFunction {
  constructor(scope: Construct, id: string, bundle: BundleProps) {
    super(scope, id, {
      ...bundle,
      entry: 'token-expiry',
      description: 'Closes connections whose token expired',
      timeoutSeconds: 60,
    });
    this.called.configureAsyncInvoke(ONCE);
    new Rule(this, 'EveryMinute', {
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(this.called, ONCE)],
    });
  }
}
