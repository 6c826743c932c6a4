import { Stack } from 'aws-cdk-lib';
import { MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import type { Config } from './config.ts';
import { distributionParameter } from './edge/distribution-id.ts';
import { AlarmTopic } from './observability/alarm-topic.ts';
import { orZero, PERIOD } from './observability/metrics.ts';
import { raiseAlarm } from './observability/raise-alarm.ts';
import { SpendingBudget } from './observability/spending-budget.ts';
import type { Watch } from './observability/watch.ts';
import { US_EAST_1 } from './us-east-1.ts';

/** Fewer failures in five minutes wake nobody. */
const LEAST = 5;

export interface GlobalAlarmsProps {
  email: string;
  edge: boolean;
  /** US dollars. */
  monthlyBudget: number | undefined;
}

/** The stack in us-east-1 that watches what belongs to no region. */
export const globalAlarmsStack = (chat: string) => `${chat}-GlobalAlarms`;

/** What such a stack would watch; undefined where there is nothing, or nobody to be told. */
export function globallyWatched({
  alarmEmail: email,
  edge,
  monthlyBudget,
}: Pick<Config, 'alarmEmail' | 'edge' | 'monthlyBudget'>): GlobalAlarmsProps | undefined {
  if (email === undefined || !(edge || monthlyBudget !== undefined)) return undefined;
  return { email, edge, monthlyBudget };
}

/**
 * Watches CloudFront itself, whose metrics are in us-east-1, where alarms on them and their topics
 * have to be, too; and the account's budget. It is deployed after the chat's stack, for it finds the
 * distribution's id in a parameter that that one writes.
 */
export class GlobalAlarmsStack extends Stack {
  constructor(scope: Construct, id: string, chat: Stack, props: GlobalAlarmsProps) {
    super(scope, id, {
      stackName: globalAlarmsStack(chat.stackName),
      description: 'Parlor: alarms on the edge and on what is spent',
      env: { region: US_EAST_1 },
    });
    const { email, edge, monthlyBudget: limit } = props;
    if (edge) this.watchEdge(chat.stackName, email);
    if (limit !== undefined)
      new SpendingBudget(this, 'Budget', { name: chat.stackName, limit, email });
  }

  private watchEdge(chat: string, email: string): void {
    const name = distributionParameter(chat);
    const distribution = StringParameter.valueForStringParameter(this, name);
    const now = new AlarmTopic(this, 'Topic', { email, urgency: 'now' });
    raiseAlarm(this, chat, edgeWatch(distribution), { now, later: now });
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
