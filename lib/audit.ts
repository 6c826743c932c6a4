import { Duration, Validations } from 'aws-cdk-lib';
import {
  EventSourceMapping,
  FilterCriteria,
  FilterRule,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { SIGHTED_PREFIXES } from '../lambdas/aws/keys.ts';
import { type BundleProps, ParlorFunction } from './parlor-function.ts';
import type { ChatTable } from './table.ts';

/** Reads what was written to the table, and pumps any room that was left behind. */
export class Audit extends ParlorFunction {
  /** Which part of the stream nobody could look after, for the operator: keys' places, no content. */
  readonly leftovers: Queue;

  constructor(scope: Construct, id: string, bundle: BundleProps) {
    super(scope, id, {
      ...bundle,
      entry: 'audit',
      description: 'Delivers what was left behind',
      // It watches a room for 20 s, and may then have to pump it.
      timeoutSeconds: 60,
    });
    this.leftovers = deadLetters(this);
  }

  follow(table: ChatTable): void {
    new EventSourceMapping(this, 'Writes', {
      target: this.called,
      eventSourceArn: table.letFollow(this),
      // LATEST would miss what is written while the mapping is being made.
      startingPosition: StartingPosition.TRIM_HORIZON,
      filters: [
        FilterCriteria.filter({
          eventName: FilterRule.isEqual('INSERT'),
          dynamodb: { Keys: { pk: { S: SIGHTED_PREFIXES.map((prefix) => ({ prefix })) } } },
        }),
      ],
      batchSize: 100,
      // By then a pump has nearly always been there, and many writes to a room are one look.
      maxBatchingWindow: Duration.seconds(5),
      // A room that has to be watched until its lease runs out holds up a quarter of a shard.
      parallelizationFactor: 4,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      // The longest lease runs out within three attempts. What then still fails does so for another
      // reason, and would hold up all that was written after it.
      retryAttempts: 5,
      maxRecordAge: Duration.hours(1),
      onFailure: new SqsDlq(this.leftovers),
    });
  }
}

function deadLetters(audit: Audit): Queue {
  const queue = new Queue(audit, 'Leftovers', {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
  Validations.of(queue).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason: 'It is a dead-letter queue, of an event source mapping.',
  });
  return queue;
}
