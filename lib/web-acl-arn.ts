import { Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { callThere, parameterThere, US_EAST_1 } from './us-east-1.ts';

/** Where, in us-east-1, the ARN of a chat's web ACL is to be read. */
export const webAclParameter = (chat: string) => `/${chat}/web-acl-arn`;

/** The stack there that has the web ACL of a chat. */
export const webAclStack = (chat: string) => `${chat}-WebAcl`;

/**
 * The ARN of the web ACL, read from us-east-1 when the stack is deployed.
 *
 * Without `waf` an app knows nothing of the web ACL's stack any more, and would leave it there at $9 a
 * month: so who reads the ARN has that stack deleted when the edge has no use for it. The
 * distribution depends on this, so it has let go of the ACL by then.
 */
export class WebAclArn extends Construct {
  readonly value: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const { stackName } = Stack.of(this);
    const name = webAclParameter(stackName);
    const stack = Stack.of(this).formatArn({
      service: 'cloudformation',
      region: US_EAST_1,
      resource: 'stack',
      resourceName: `${webAclStack(stackName)}/*`,
    });
    const reader = callThere(this, 'Reader', {
      onUpdate: {
        service: 'SSM',
        action: 'getParameter',
        parameters: { Name: name },
        physicalResourceId: PhysicalResourceId.of(name),
        outputPaths: ['Parameter.Value'],
      },
      // By the role that it was deployed with, which may delete what is in it.
      onDelete: {
        service: 'CloudFormation',
        action: 'deleteStack',
        parameters: { StackName: webAclStack(stackName) },
      },
      statements: [
        new PolicyStatement({
          actions: ['ssm:GetParameter'],
          resources: [parameterThere(this, name)],
        }),
        new PolicyStatement({ actions: ['cloudformation:DeleteStack'], resources: [stack] }),
      ],
    });
    Validations.of(reader).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:cloudformation:${US_EAST_1}:<AWS::AccountId>:stack/${webAclStack(stackName)}/*]`,
      reason: "A stack's ARN ends in an id that it gets when it is made: this is one stack.",
    });
    this.value = reader.getResponseField('Parameter.Value');
  }
}
