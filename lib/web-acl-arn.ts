import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  AwsCustomResource,
  AwsCustomResourcePolicy,
  PhysicalResourceId,
} from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';

export const WEB_ACL_REGION = 'us-east-1';

/** Where, in us-east-1, the ARN of a chat's web ACL is to be read. */
export const webAclParameter = (chat: string) => `/${chat}/web-acl-arn`;

/**
 * The ARN of the web ACL, read from us-east-1 when the stack is deployed. CloudFormation has no
 * references from one region to another.
 */
export class WebAclArn extends Construct {
  readonly value: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const stack = Stack.of(this);
    const name = webAclParameter(stack.stackName);
    const logGroup = new LogGroup(this, 'Logs');
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    logGroup.grantWrite(role);
    const parameter = stack.formatArn({
      service: 'ssm',
      region: WEB_ACL_REGION,
      resource: 'parameter',
      resourceName: name.slice(1),
    });
    const reader = new AwsCustomResource(this, 'Reader', {
      onUpdate: {
        service: 'SSM',
        action: 'getParameter',
        parameters: { Name: name },
        region: WEB_ACL_REGION,
        physicalResourceId: PhysicalResourceId.of(name),
        outputPaths: ['Parameter.Value'],
      },
      policy: AwsCustomResourcePolicy.fromStatements([
        new PolicyStatement({ actions: ['ssm:GetParameter'], resources: [parameter] }),
      ]),
      // The SDK that Lambda has knows this call; fetching another would need the network.
      installLatestAwsSdk: false,
      logGroup,
      role,
    });
    this.value = reader.getResponseField('Parameter.Value');
  }
}
