import { Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';

/**
 * Where alarms are told. Others than the e-mail address can subscribe too: a pager, a chat.
 *
 * @param email who is told; has to confirm it by the first e-mail
 */
export class AlarmTopic extends Topic {
  constructor(scope: Construct, id: string, { email }: { email: string | undefined }) {
    // Not encrypted by AWS's own key, by which CloudWatch could not publish; a key of ours would
    // cost more than all alarms. An alarm's text is in the repository, and tells of nobody.
    super(scope, id, { displayName: `${Stack.of(scope).stackName} alarms`, enforceSSL: true });
    this.grantPublish(
      new ServicePrincipal('cloudwatch.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
      }),
    );
    if (email !== undefined) this.addSubscription(new EmailSubscription(email));
  }
}
