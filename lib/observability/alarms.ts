import { Stack } from 'aws-cdk-lib';
import { type Alarm, MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { ObservabilityLevel } from '../../lambdas/aws/environment.ts';
import { canaryWatches } from './canary-watch.ts';
import { errorWatches, refusalWatches, refusedWatch } from './error-watches.ts';
import { counted, measured, ofEach, orZero, PERIOD, sumOf } from './metrics.ts';
import { raiseAlarm } from './raise-alarm.ts';
import { spendingWatches } from './spending.ts';
import type { Topics, Watch } from './watch.ts';
import type { Watched } from './watched.ts';

export interface AlarmsProps {
  topics: Topics;
  level: ObservabilityLevel;
  /** US dollars. */
  monthlyBudget: number | undefined;
}

/** What should wake a person, each with a section in docs/operations.md that says what to do. */
export class Alarms extends Construct {
  readonly all: readonly Alarm[];
  readonly urgent: readonly Alarm[];

  constructor(
    scope: Construct,
    id: string,
    watched: Watched,
    { topics, level, monthlyBudget }: AlarmsProps,
  ) {
    super(scope, id);
    const outages = [...errorWatches(this, watched), refusedWatch(this)];
    const others = () => [
      ...deliveryWatches(this, watched),
      ...refusalWatches(this, watched),
      ...capacityWatches(this, watched),
    ];
    const watches = [
      ...outages,
      ...(level === 'full' ? others() : []),
      ...canaryWatches(watched.canary),
      ...spendingWatches(watched, monthlyBudget),
    ];
    const { stackName } = Stack.of(this);
    const alarms = watches.map((watch) => ({
      watch,
      alarm: raiseAlarm(this, stackName, watch, topics),
    }));
    this.all = alarms.map(({ alarm }) => alarm);
    this.urgent = alarms.filter(({ watch }) => !watch.canWait).map(({ alarm }) => alarm);
  }
}

/** That what is stored does not get to everyone, or late. */
function deliveryWatches(scope: Construct, { audit, fanOut, tokenExpiry }: Watched): Watch[] {
  const sum = { statistic: Stats.SUM, period: PERIOD };
  return [
    {
      name: 'audit-rescues',
      says: 'Messages were stored and nobody delivered them, until the audit did.',
      canWait: true,
      metric: counted(scope, 'AuditRescues'),
      threshold: 1,
    },
    {
      name: 'dead-letters',
      says: 'The audit gave up on a part of the stream: rooms may not have been delivered.',
      canWait: true,
      metric: audit.leftovers.metricApproximateNumberOfMessagesVisible({
        statistic: Stats.MAXIMUM,
        period: PERIOD,
      }),
      threshold: 1,
    },
    {
      name: 'audit-behind',
      says: 'The audit reads what was written more than five minutes ago.',
      canWait: true,
      metric: audit.metric('IteratorAge', { statistic: Stats.MAXIMUM, period: PERIOD }),
      threshold: 5 * 60_000,
    },
    {
      name: 'handovers-dropped',
      says: 'Rooms were handed to the fanout function, and Lambda gave up calling it.',
      canWait: true,
      metric: fanOut.metric('AsyncEventsDropped', sum),
      threshold: 1,
    },
    {
      name: 'sweeps-missing',
      says: 'For ten minutes no connection was closed whose token had expired.',
      canWait: true,
      metric: new MathExpression({
        expression: `${orZero('invocations')} - ${orZero('errors')}`,
        usingMetrics: {
          invocations: tokenExpiry.metricInvocations(sum),
          errors: tokenExpiry.metricErrors(sum),
        },
        label: 'sweeps that succeeded',
        period: PERIOD,
      }),
      threshold: 1,
      below: true,
      periods: 2,
      silenceIsBad: true,
    },
    {
      name: 'sweeps-failing',
      says: 'Connections could not be told that their token expires, or closed when it had.',
      canWait: true,
      metric: counted(scope, 'ExpiryFailures'),
      threshold: 5,
    },
  ];
}

/** That something is at its limit. */
function capacityWatches(scope: Construct, { awaited, table }: Watched): Watch[] {
  const sum = { statistic: Stats.SUM, period: PERIOD };
  const posts = `${orZero('delivered')} + ${orZero('throttled')}`;
  return [
    {
      name: 'lambda-throttles',
      says: 'Lambda refused calls: the account is at its limit of concurrent executions.',
      metric: sumOf(ofEach(awaited, 'Throttles'), 'calls refused'),
      threshold: 1,
    },
    {
      name: 'table-throttles',
      says: 'DynamoDB refused reads or writes.',
      metric: sumOf(
        {
          reads: table.metric('ReadThrottleEvents', sum),
          writes: table.metric('WriteThrottleEvents', sum),
        },
        'reads and writes refused',
      ),
      threshold: 1,
    },
    {
      name: 'posts-throttled',
      says: 'For a quarter of an hour more than 1 % of the posts to connections were throttled.',
      canWait: true,
      metric: new MathExpression({
        expression: `IF(${posts} > 0, 100 * ${orZero('throttled')} / (${posts}), 0)`,
        usingMetrics: {
          delivered: counted(scope, 'PostsDelivered'),
          throttled: counted(scope, 'PostsThrottled'),
        },
        label: '% of posts throttled',
        period: PERIOD,
      }),
      threshold: 1,
      periods: 3,
    },
    {
      name: 'slow-appends',
      says: 'For a quarter of an hour one message in a hundred took a second or more to be stored.',
      canWait: true,
      metric: measured(scope, 'AppendLatency', Stats.percentile(99)),
      threshold: 1_000,
      periods: 3,
    },
  ];
}
