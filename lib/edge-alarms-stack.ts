import { Stack } from 'aws-cdk-lib';
import { MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { distributionParameter } from './edge/distribution-id.ts';
import { AlarmTopic } from './observability/alarm-topic.ts';
import { orZero, PERIOD } from './observability/metrics.ts';
import { raiseAlarm } from './observability/raise-alarm.ts';
import type { Watch } from './observability/watch.ts';
import { US_EAST_1 } from './us-east-1.ts';

/** Fewer failures in five minutes wake nobody. */
const LEAST = 5;

/**
 * Watches CloudFront itself, whose metrics are in us-east-1, where alarms on them and their topics
 * have to be, too: a stack of its own beside that of the chat, deployed after it, for it finds the
 * distribution's id in a parameter that the chat's writes.
 */
export class EdgeAlarmsStack extends Stack {
  constructor(scope: Construct, id: string, chat: Stack, email: string) {
    super(scope, id, {
      stackName: `${chat.stackName}-EdgeAlarms`,
      description: 'Parlor: the alarm on the edge',
      env: { region: US_EAST_1 },
    });
    const distribution = StringParameter.valueForStringParameter(
      this,
      distributionParameter(chat.stackName),
    );
    const now = new AlarmTopic(this, 'Topic', { email, urgency: 'now' });
    raiseAlarm(this, chat.stackName, edgeWatch(distribution), { now, later: now });
  }
}

function edgeWatch(DistributionId: string): Watch {
  const of = (metricName: string, statistic: string) =>
    new Metric({
      namespace: 'AWS/CloudFront',
      metricName,
      dimensionsMap: { DistributionId, Region: 'Global' },
      statistic,
      period: PERIOD,
    });
  const failed = `${orZero('requests')} * ${orZero('rate')} / 100`;
  return {
    name: 'edge-errors',
    says: 'CloudFront answered one request in twenty, or more, with 5xx.',
    metric: new MathExpression({
      expression: `IF(${failed} > ${LEAST - 1}, ${orZero('rate')}, 0)`,
      usingMetrics: {
        requests: of('Requests', Stats.SUM),
        rate: of('5xxErrorRate', Stats.AVERAGE),
      },
      label: '% of what CloudFront answers is 5xx',
      period: PERIOD,
    }),
    threshold: 5,
    periods: 3,
    enough: 2,
  };
}
