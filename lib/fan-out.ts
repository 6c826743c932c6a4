import { Duration } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ENV, ITSELF } from '../lambdas/aws/environment.ts';
import { type BundleProps, ParlorFunction } from './parlor-function.ts';

/**
 * Goes on with the pump of a room that is too large or too busy to be finished by who wrote to
 * it. It calls itself for the room's shards, and to hand the room on before its time is up.
 */
export class FanOut extends ParlorFunction {
  constructor(scope: Construct, id: string, bundle: BundleProps) {
    super(scope, id, {
      ...bundle,
      entry: 'fanout',
      description: 'Delivers in large and busy rooms',
      // Signing some thousand posts a second takes most of a CPU's core.
      memorySize: 1024,
      timeoutSeconds: 120,
      callsItself: true,
    });
    // What was handed on and not taken up in time is another's by then, or found by the audit.
    this.called.configureAsyncInvoke({ maxEventAge: Duration.seconds(60), retryAttempts: 1 });
    this.addEnvironment(ENV.fanOutFunction, this.qualified(ITSELF));
    // Apart from the role's own policy, for which the function waits: that would be a circle.
    new Policy(this, 'CallItself', { roles: [this.role], statements: [this.invocation] });
  }

  /** Lets a function hand a room over, and tells it to whom. */
  letHandOver(user: ParlorFunction): void {
    user.addEnvironment(ENV.fanOutFunction, this.qualified(this.functionName));
    user.addToRolePolicy(this.invocation);
  }

  private get invocation(): PolicyStatement {
    return new PolicyStatement({
      actions: ['lambda:InvokeFunction'],
      resources: [this.qualified(this.functionArn)],
    });
  }
}
