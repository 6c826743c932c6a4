import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { callEvery } from './call-every.ts';
import { type BundleProps, ParlorFunction } from './parlor-function.ts';

/** Tells connections whose token is about to expire, and closes those whose token has. */
export class TokenExpiry extends ParlorFunction {
  constructor(scope: Construct, id: string, bundle: BundleProps) {
    super(scope, id, {
      ...bundle,
      entry: 'token-expiry',
      description: 'Closes connections whose token expired',
      timeoutSeconds: 60,
    });
    // The next sweep looks back two minutes.
    callEvery(this, 'EveryMinute', Duration.minutes(1));
  }
}
