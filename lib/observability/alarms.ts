import { Stack } from 'aws-cdk-lib';
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  MathExpression,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { counted, measured, ofEach, orZero, PERIOD, sumOf } from './metrics.ts';
import type { Watched } from './watched.ts';

/** One thing that should wake a person. */
interface Watch extends Pick<AlarmProps, 'metric' | 'threshold'> {
  /** Also the name of its section in docs/operations.md. */
  name: string;
  /** One sentence, for the e-mail. */
  says: string;
  /** At least the threshold unless told. */
  below?: true;
  /** Periods that all must be so: 1 unless told. */
  periods?: number;
  /** Whether silence is a bad sign. */
  silenceIsBad?: true;
}

/** What should wake a person, each with a section in docs/operations.md that says what to do. */
export class Alarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, watched: Watched, topic: ITopic) {
    super(scope, id);
    const watches = [
      ...deliveryWatches(this, watched),
      ...errorWatches(this, watched),
      ...capacityWatches(this, watched),
    ];
    this.all = watches.map((watch) => this.alarm(watch, topic));
  }

  private alarm(watch: Watch, topic: ITopic): Alarm {
    const { name, says, metric, threshold, periods = 1 } = watch;
    const alarm = new Alarm(this, name, {
      alarmName: `${Stack.of(this).stackName}-${name}`,
      alarmDescription: `${says} What to look at and do: docs/operations.md#${name}`,
      metric,
      threshold,
      comparisonOperator: watch.below
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: periods,
      treatMissingData: watch.silenceIsBad
        ? TreatMissingData.BREACHING
        : TreatMissingData.NOT_BREACHING,
    });
    const action = new SnsAction(topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
    return alarm;
  }
}

/** That what is stored does not get to everyone, or late. */
function deliveryWatches(scope: Construct, { audit, fanOut, tokenExpiry }: Watched): Watch[] {
  const sum = { statistic: Stats.SUM, period: PERIOD };
  return [
    {
      name: 'audit-rescues',
      says: 'Messages were stored and nobody delivered them, until the audit did.',
      metric: counted(scope, 'AuditRescues'),
      threshold: 1,
    },
    {
      name: 'dead-letters',
      says: 'The audit gave up on a part of the stream: rooms may not have been delivered.',
      metric: audit.leftovers.metricApproximateNumberOfMessagesVisible({
        statistic: Stats.MAXIMUM,
        period: PERIOD,
      }),
      threshold: 1,
    },
    {
      name: 'audit-behind',
      says: 'The audit reads what was written more than five minutes ago.',
      metric: audit.metric('IteratorAge', { statistic: Stats.MAXIMUM, period: PERIOD }),
      threshold: 5 * 60_000,
    },
    {
      name: 'handovers-dropped',
      says: 'Rooms were handed to the fanout function, and Lambda gave up calling it.',
      metric: fanOut.metric('AsyncEventsDropped', sum),
      threshold: 1,
    },
    {
      name: 'sweeps-missing',
      says: 'For ten minutes no connection was closed whose token had expired.',
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
      metric: counted(scope, 'ExpiryFailures'),
      threshold: 5,
    },
  ];
}

/** That requests fail by our doing. */
function errorWatches(scope: Construct, { rest, socket }: Watched): Watch[] {
  const sum = { statistic: Stats.SUM, period: PERIOD };
  const [integration, refused] = ['integration', 'refused'].map(orZero);
  return [
    {
      name: 'failed-requests',
      says: 'Functions answered that something went wrong on our side.',
      metric: counted(scope, 'Errors'),
      threshold: 5,
    },
    {
      name: 'rest-errors',
      says: 'The REST API answered 5xx.',
      metric: rest.api.metricServerError(sum),
      threshold: 5,
    },
    {
      name: 'socket-errors',
      says: 'The WebSocket API could not get an answer from its functions.',
      // A refused handshake is an answer of 4xx, and may be counted as an integration's error.
      metric: new MathExpression({
        expression: `${orZero('execution')} + IF(${integration} > ${refused}, ${integration} - ${refused}, 0)`,
        usingMetrics: {
          execution: socket.stage.metric('ExecutionError', sum),
          integration: socket.stage.metric('IntegrationError', sum),
          refused: counted(scope, 'ConnectionsRefused'),
        },
        label: 'integration errors, but for refused handshakes',
        period: PERIOD,
      }),
      threshold: 5,
    },
  ];
}

/** That something is at its limit. */
function capacityWatches(scope: Construct, { functions, table }: Watched): Watch[] {
  const sum = { statistic: Stats.SUM, period: PERIOD };
  const posts = `${orZero('delivered')} + ${orZero('throttled')}`;
  return [
    {
      name: 'lambda-throttles',
      says: 'Lambda refused calls: the account is at its limit of concurrent executions.',
      metric: sumOf(ofEach(functions, 'Throttles'), 'calls refused'),
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
      metric: measured(scope, 'AppendLatency', Stats.percentile(99)),
      threshold: 1_000,
      periods: 3,
    },
  ];
}
