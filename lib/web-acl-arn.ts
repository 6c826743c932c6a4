import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { callThere, deletionThere, parameterThere } from './us-east-1.ts';

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
    const deletion = deletionThere(this, webAclStack(stackName));
    const reader = callThere(this, 'Reader', {
      ...deletion,
      onUpdate: {
        service: 'SSM',
        action: 'getParameter',
        parameters: { Name: name },
        physicalResourceId: PhysicalResourceId.of(name),
        outputPaths: ['Parameter.Value'],
      },
      statements: [
        new PolicyStatement({
          actions: ['ssm:GetParameter'],
          resources: [parameterThere(this, name)],
        }),
        ...deletion.statements,
      ],
    });
    this.value = reader.getResponseField('Parameter.Value');
  }
}
