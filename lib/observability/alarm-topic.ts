import { Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { EncryptionKey } from '../encryption-key.ts';

export interface AlarmTopicProps {
  /** Who is told; has to confirm it by the first e-mail. */
  email: string | undefined;
  /** How soon to look, for the subject of the e-mails. */
  urgency: 'now' | 'later';
  /** By which an alarm is encrypted on its way, in the key's own region. Default: it is not. */
  encryptionKey?: EncryptionKey | undefined;
}

/**
 * Where alarms of one urgency are told. Others than the e-mail address can subscribe too: a pager, a chat.
 */
export class AlarmTopic extends Topic {
  constructor(scope: Construct, id: string, { email, urgency, encryptionKey }: AlarmTopicProps) {
    // Not encrypted by AWS's own key, by which CloudWatch could not publish. An alarm's text is in the
    // repository, and tells of nobody.
    super(scope, id, {
      displayName: `${Stack.of(scope).stackName} alarms, ${urgency}`,
      enforceSSL: true,
      ...(encryptionKey && { masterKey: encryptionKey }),
    });
    this.grantPublish(
      new ServicePrincipal('cloudwatch.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
      }),
    );
    if (email !== undefined) this.addSubscription(new EmailSubscription(email));
  }
}
