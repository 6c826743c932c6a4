import { Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { ENV } from '../../lambdas/aws/environment.ts';
import type { ParlorFunction } from '../parlor-function.ts';

/** Has a function's invocations traced with X-Ray: by Lambda itself, and its calls from within. */
export function letTrace(traced: ParlorFunction): void {
  const { defaultChild } = traced.node;
  if (!(defaultChild instanceof CfnFunction))
    throw new Error(`${traced.node.path} is no function.`);
  defaultChild.tracingConfig = { mode: 'Active' };
  traced.addEnvironment(ENV.tracing, 'true');
  traced.addToRolePolicy(
    new PolicyStatement({
      actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
      resources: ['*'],
    }),
  );
  Validations.of(traced.role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: "X-Ray's traces are no resources: these two actions take no other.",
  });
}
