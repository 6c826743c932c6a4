import { Stack } from 'aws-cdk-lib';
import { type IMetric, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { NAMESPACE } from '../../lambdas/aws/metric-names.ts';
import type { RestApi } from '../rest-api.ts';
import type { SocketApi } from '../socket-api.ts';
import { PERIOD } from './metrics.ts';

/** API Gateway's own 429s, by its throttles or the account's: no function was asked. */
const THROTTLED = '{ $.status = "429" && $.integrationStatus = "-" }';

/**
 * How often API Gateway itself answered 429, counted in the access logs: its metrics know 4xx only,
 * and functions answer 429 as well. It doesn't log each one when there are very many, so this is
 * the least that it was.
 */
export function throttledOf(scope: Construct, rest: RestApi, socket: SocketApi): IMetric {
  // A filter can't give a metric dimensions that don't stand in the line.
  const metricName = `${Stack.of(scope).stackName}-RequestsThrottled`;
  for (const { node, accessLog } of [rest, socket]) {
    new MetricFilter(scope, `${node.id}Throttled`, {
      logGroup: accessLog,
      filterPattern: FilterPattern.literal(THROTTLED),
      metricNamespace: NAMESPACE,
      metricName,
      metricValue: '1',
    });
  }
  return new Metric({ namespace: NAMESPACE, metricName, statistic: Stats.SUM, period: PERIOD });
}
