import { Duration, Stack } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { dimensionsOf, NAMESPACE } from '../../lambdas/aws/metric-names.ts';
import type { Count, Measure } from '../../lambdas/chat/ports/meter.ts';
import type { ParlorFunction } from '../parlor-function.ts';

/** What alarms and graphs look at: five minutes at a time. */
export const PERIOD = Duration.minutes(5);

/** How often something happened in a stage, as its functions counted it. */
export const counted = (scope: Construct, metricName: Count, period = PERIOD): Metric =>
  own(scope, metricName, Stats.SUM, period);

/** @param statistic such as Stats.percentile(99) */
export const measured = (scope: Construct, metricName: Measure, statistic: string): Metric =>
  own(scope, metricName, statistic, PERIOD);

function own(scope: Construct, metricName: string, statistic: string, period: Duration): Metric {
  const dimensionsMap = dimensionsOf(Stack.of(scope).stackName);
  return new Metric({ namespace: NAMESPACE, metricName, dimensionsMap, statistic, period });
}

/** A metric that is sent only when there is something to tell counts as 0 meanwhile. */
export const orZero = (id: string) => `FILL(${id}, 0)`;

/** The sum of several metrics. */
export function sumOf(metrics: Record<string, IMetric>, label: string, period = PERIOD) {
  return new MathExpression({
    expression: Object.keys(metrics).map(orZero).join(' + '),
    usingMetrics: metrics,
    label,
    period,
  });
}

export interface Share {
  /** By id: what the part is made of. */
  part: Record<string, IMetric>;
  /** How, in metric math. Default: the one metric itself. */
  of?: string;
  /** The whole, as far as it was counted: what no function saw may be in the part alone. */
  requests: IMetric;
  /** Fewer than so many in a period are no share. Default: 5. */
  least?: number;
}

/** How much of the whole a part is, in percent; 0 while it is small in number. */
export function share(label: string, { part, of, requests, least = 5 }: Share) {
  const parts = `(${of ?? Object.keys(part).map(orZero).join(' + ')})`;
  const all = orZero('requests');
  const whole = `IF(${all} > ${parts}, ${all}, ${parts})`;
  return new MathExpression({
    expression: `IF(${parts} > ${least - 1}, 100 * ${parts} / ${whole}, 0)`,
    usingMetrics: { ...part, requests },
    label,
    period: PERIOD,
  });
}

/** One metric of each function, under ids such as `throttles3`. */
export function ofEach(
  functions: readonly ParlorFunction[],
  metricName: 'Throttles' | 'Errors' | 'Invocations' | 'Duration',
  period = PERIOD,
): Record<string, Metric> {
  return Object.fromEntries(
    functions.map((each, index) => [
      `${metricName.toLowerCase()}${index + 1}`,
      each.metric(metricName, { statistic: Stats.SUM, period, label: each.node.id }),
    ]),
  );
}

/** GB of memory. */
export function memoryOf(each: ParlorFunction): number {
  const { defaultChild } = each.node;
  if (!(defaultChild instanceof CfnFunction)) throw new Error(`${each.node.path} is no function.`);
  return (defaultChild.memorySize ?? 128) / 1_024;
}
