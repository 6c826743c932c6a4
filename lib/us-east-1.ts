import { Stack } from 'aws-cdk-lib';
import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  AwsCustomResource,
  AwsCustomResourcePolicy,
  type AwsSdkCall,
} from 'aws-cdk-lib/custom-resources';
import type { Construct } from 'constructs';

/** Where CloudFront has its web ACLs and its metrics, wherever the chat is. */
export const US_EAST_1 = 'us-east-1';

export interface CallThere {
  /** When the stack is deployed. */
  onUpdate: Omit<AwsSdkCall, 'region'>;
  /** When this is not part of the stack any more, or the stack is deleted. */
  onDelete: Omit<AwsSdkCall, 'region'>;
  statements: PolicyStatement[];
}

/**
 * Has a deployment call AWS in us-east-1. CloudFormation has no references from one region to
 * another.
 */
export function callThere(scope: Construct, id: string, call: CallThere): AwsCustomResource {
  const logGroup = new LogGroup(scope, 'Logs');
  const role = new Role(scope, 'Role', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
  });
  logGroup.grantWrite(role);
  return new AwsCustomResource(scope, id, {
    onUpdate: { ...call.onUpdate, region: US_EAST_1 },
    onDelete: { ...call.onDelete, region: US_EAST_1 },
    policy: AwsCustomResourcePolicy.fromStatements(call.statements),
    // The SDK that Lambda has knows these calls; fetching another would need the network.
    installLatestAwsSdk: false,
    logGroup,
    role,
  });
}

/** The ARN of a parameter there. */
export const parameterThere = (scope: Construct, name: string): string =>
  Stack.of(scope).formatArn({
    service: 'ssm',
    region: US_EAST_1,
    resource: 'parameter',
    resourceName: name.slice(1),
  });
