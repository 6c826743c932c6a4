import { Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  AwsCustomResource,
  AwsCustomResourcePolicy,
  type AwsSdkCall,
} from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';

/** Where CloudFront has its web ACLs and its metrics, wherever the chat is. */
export const US_EAST_1 = 'us-east-1';

export interface CallThere {
  /** When the stack is deployed. Default: nothing. */
  onUpdate?: Omit<AwsSdkCall, 'region'>;
  /** When this is not part of the stack any more, or the stack is deleted. */
  onDelete: Omit<AwsSdkCall, 'region'>;
  statements: PolicyStatement[];
}

/**
 * Has a deployment call AWS in us-east-1. CloudFormation has no references from one region to
 * another.
 */
export function callThere(scope: Construct, id: string, call: CallThere): AwsCustomResource {
  const { logGroup, role } = callerOf(Stack.of(scope));
  const resource = new AwsCustomResource(scope, id, {
    ...(call.onUpdate && { onUpdate: { ...call.onUpdate, region: US_EAST_1 } }),
    onDelete: { ...call.onDelete, region: US_EAST_1 },
    policy: AwsCustomResourcePolicy.fromStatements(call.statements),
    // The SDK that Lambda has knows these calls; fetching another would need the network.
    installLatestAwsSdk: false,
    logGroup,
    role,
  });
  acknowledgeStacks(resource, call.statements);
  return resource;
}

/** By which all calls of a stack are made: CDK has one function for them, with the first one's role. */
function callerOf(stack: Stack): Caller {
  const known = stack.node.tryFindChild('UsEast1');
  return known instanceof Caller ? known : new Caller(stack, 'UsEast1');
}

class Caller extends Construct {
  readonly logGroup: LogGroup;
  readonly role: Role;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.logGroup = new LogGroup(this, 'Logs');
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    this.logGroup.grantWrite(this.role);
  }
}

/** The ARN of a parameter there. */
export const parameterThere = (scope: Construct, name: string): string =>
  Stack.of(scope).formatArn({
    service: 'ssm',
    region: US_EAST_1,
    resource: 'parameter',
    resourceName: name.slice(1),
  });

/**
 * Deletes a stack there, by the role that it was deployed with: for an app knows nothing any more of
 * the stack of a setting that is switched off, and would leave it.
 */
export const deletionThere = (
  scope: Construct,
  stackName: string,
): Omit<CallThere, 'onUpdate'> => ({
  onDelete: {
    service: 'CloudFormation',
    action: 'deleteStack',
    parameters: { StackName: stackName },
  },
  statements: [
    new PolicyStatement({ actions: [DELETE], resources: [stackThere(scope, stackName)] }),
  ],
});

const DELETE = 'cloudformation:DeleteStack';

const stackThere = (scope: Construct, name: string): string =>
  Stack.of(scope).formatArn({
    service: 'cloudformation',
    region: US_EAST_1,
    resource: 'stack',
    resourceName: `${name}/*`,
  });

function acknowledgeStacks(caller: Construct, statements: readonly PolicyStatement[]): void {
  const stacks = statements.filter(({ actions }) => actions.includes(DELETE));
  for (const arn of stacks.flatMap(({ resources }) => resources)) {
    const [, name] = arn.split(':stack/');
    Validations.of(caller).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:cloudformation:${US_EAST_1}:<AWS::AccountId>:stack/${name}]`,
      reason: "A stack's ARN ends in an id that it gets when it is made: this is one stack.",
    });
  }
}
