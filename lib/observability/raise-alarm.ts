import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Construct } from 'constructs';
import type { Topics, Watch } from './watch.ts';

/** Makes an alarm that tells the topic of its urgency when it begins and when it ends. */
export function raiseAlarm(scope: Construct, stage: string, watch: Watch, topics: Topics): Alarm {
  const { name, says, metric, threshold, periods = 1, enough = periods } = watch;
  const alarm = new Alarm(scope, name, {
    alarmName: `${stage}-${name}`,
    alarmDescription: `${says} What to look at and do: docs/operations.md#${name}`,
    metric,
    threshold,
    comparisonOperator: watch.below
      ? ComparisonOperator.LESS_THAN_THRESHOLD
      : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: periods,
    ...(enough < periods && { datapointsToAlarm: enough }),
    treatMissingData: watch.silenceIsBad
      ? TreatMissingData.BREACHING
      : TreatMissingData.NOT_BREACHING,
  });
  const action = new SnsAction(watch.canWait ? topics.later : topics.now);
  alarm.addAlarmAction(action);
  alarm.addOkAction(action);
  return alarm;
}
