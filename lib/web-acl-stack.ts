import { Stack } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { US_EAST_1 } from './us-east-1.ts';
import { WebAcl } from './web-acl.ts';
import { webAclParameter, webAclStack } from './web-acl-arn.ts';

/**
 * What CloudFront wants to have in us-east-1, wherever the chat is: a stack of its own beside that
 * of the chat, which finds the ACL's ARN in a parameter.
 */
export class WebAclStack extends Stack {
  constructor(scope: Construct, id: string, chat: Stack) {
    super(scope, id, {
      stackName: webAclStack(chat.stackName),
      description: 'Parlor: the web ACL before the edge',
      env: { region: US_EAST_1 },
    });
    const acl = new WebAcl(this, 'WebAcl');
    new StringParameter(this, 'WebAclArn', {
      parameterName: webAclParameter(chat.stackName),
      stringValue: acl.attrArn,
      description: "The ARN of the web ACL before the chat's edge",
    });
  }
}
