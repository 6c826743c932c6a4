import { evaluateMath, type Value } from './metric-math.ts';
import type { Sample } from './samples.ts';

interface MetricReference {
  Namespace: string;
  MetricName: string;
  Dimensions?: { Name: string; Value: unknown }[];
}

/** AWS::CloudWatch::Alarm, as far as it is looked at here. */
export interface AlarmProperties extends Partial<MetricReference> {
  AlarmName: string;
  AlarmDescription: string;
  Statistic?: string;
  ExtendedStatistic?: string;
  Period?: number;
  Metrics?: {
    Id: string;
    Expression?: string;
    ReturnData?: boolean;
    MetricStat?: { Metric: MetricReference; Period: number; Stat: string };
  }[];
  Threshold: number;
  ComparisonOperator: string;
  EvaluationPeriods: number;
  DatapointsToAlarm?: number;
  TreatMissingData: string;
  AlarmActions: unknown[];
}

/** A metric that an alarm is on, and the statistic that it takes of it. */
export interface WatchedMetric {
  on: MetricReference;
  stat: string;
}

/** The metrics that an alarm is on, by id. */
export function metricsOf(alarm: AlarmProperties): Map<string, WatchedMetric> {
  const { Namespace, MetricName, Dimensions, Metrics } = alarm;
  if (Namespace !== undefined && MetricName !== undefined) {
    const stat = alarm.Statistic ?? alarm.ExtendedStatistic ?? '';
    return new Map([['only', { on: { Namespace, MetricName, Dimensions }, stat }]]);
  }
  return new Map(
    (Metrics ?? []).flatMap(({ Id, MetricStat }) =>
      MetricStat ? [[Id, { on: MetricStat.Metric, stat: MetricStat.Stat }]] : [],
    ),
  );
}

/** The state that an alarm is in, given all that CloudWatch was told. */
export function stateOf(alarm: AlarmProperties, samples: readonly Sample[]): 'ALARM' | 'OK' {
  const periods = Array.from({ length: alarm.EvaluationPeriods }, (_, ago) =>
    isBreaching(alarm, valueAt(alarm, samples, ago)),
  );
  const breaching = periods.filter(Boolean).length;
  return breaching >= (alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods) ? 'ALARM' : 'OK';
}

function isBreaching(alarm: AlarmProperties, value: Value): boolean {
  if (value === undefined) {
    if (alarm.TreatMissingData === 'breaching') return true;
    if (alarm.TreatMissingData === 'notBreaching') return false;
    throw new Error(`${alarm.AlarmName} says nothing of missing data.`);
  }
  switch (alarm.ComparisonOperator) {
    case 'GreaterThanOrEqualToThreshold':
      return value >= alarm.Threshold;
    case 'LessThanThreshold':
      return value < alarm.Threshold;
    default:
      throw new Error(`${alarm.ComparisonOperator} is not known here.`);
  }
}

function valueAt(alarm: AlarmProperties, samples: readonly Sample[], ago: number): Value {
  const values = new Map<string, Value>();
  for (const [id, { on, stat }] of metricsOf(alarm)) {
    const matching = samples.filter((sample) => sample.ago === ago && isOf(sample, on));
    values.set(
      id,
      statistic(
        stat,
        matching.map(({ value }) => value),
      ),
    );
  }
  // Where none of its metrics has a datapoint, there is no time at which to fill one in.
  if ([...values.values()].every((value) => value === undefined)) return undefined;
  const expressions = (alarm.Metrics ?? []).filter(({ Expression }) => Expression !== undefined);
  const [expression, ...more] = expressions;
  if (more.length > 0) throw new Error(`${alarm.AlarmName} has several expressions.`);
  return expression ? evaluateMath(expression.Expression ?? '', values) : values.get('only');
}

function isOf(
  sample: Sample,
  { Namespace, MetricName, Dimensions = [] }: MetricReference,
): boolean {
  const wanted = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]));
  return (
    sample.namespace === Namespace &&
    sample.name === MetricName &&
    canonical(sample.dimensions) === canonical(wanted)
  );
}

const canonical = (dimensions: Record<string, unknown>) =>
  JSON.stringify(Object.entries(dimensions).toSorted(([a], [b]) => (a < b ? -1 : 1)));

function statistic(name: string, values: number[]): Value {
  if (values.length === 0) return undefined;
  if (name === 'Sum') return values.reduce((sum, value) => sum + value, 0);
  if (name === 'Average') return values.reduce((sum, value) => sum + value, 0) / values.length;
  if (name === 'Maximum') return Math.max(...values);
  const percentile = /^p(\d+)$/.exec(name)?.[1];
  if (percentile === undefined) throw new Error(`${name} is not known here.`);
  const rank = Math.ceil((Number(percentile) / 100) * values.length);
  return values.toSorted((a, b) => a - b)[rank - 1];
}
