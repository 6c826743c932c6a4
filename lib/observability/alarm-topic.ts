import { Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';

export interface AlarmTopicProps {
  /** Who is told; has to confirm it by the first e-mail. */
  email: string | undefined;
  /** How soon to look, for the subject of the e-mails. */
  urgency: 'now' | 'later';
}

/**
 * Where alarms of one urgency are told. Others than the e-mail address can subscribe too: a pager, a chat.
 */
export class AlarmTopic extends Topic {
  constructor(scope: Construct, id: string, { email, urgency }: AlarmTopicProps) {
    // Not encrypted by AWS's own key, by which CloudWatch could not publish; a key of ours would
    // cost more than all alarms. An alarm's text is in the repository, and tells of nobody.
    super(scope, id, {
      displayName: `${Stack.of(scope).stackName} alarms, ${urgency}`,
      enforceSSL: true,
    });
    this.grantPublish(
      new ServicePrincipal('cloudwatch.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
      }),
    );
    if (email !== undefined) this.addSubscription(new EmailSubscription(email));
  }
}
