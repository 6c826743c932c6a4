import { MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Canary } from '../canary.ts';
import { orZero, PERIOD } from './metrics.ts';
import type { Watch } from './watch.ts';

/** That the canary could not talk twice in a quarter of an hour, or did not try to. */
export function canaryWatches(canary: Canary | undefined): Watch[] {
  if (!canary) return [];
  const sum = { statistic: Stats.SUM, period: PERIOD };
  return [
    {
      name: 'canary-failing',
      says: 'Twice in a quarter of an hour the canary could not log in, talk, hear itself and read it.',
      // Lambda counts also what ran out of time, and for nothing.
      metric: new MathExpression({
        expression: `${orZero('invocations')} - ${orZero('errors')}`,
        usingMetrics: {
          invocations: canary.metricInvocations(sum),
          errors: canary.metricErrors(sum),
        },
        label: 'runs of the canary that succeeded',
        period: PERIOD,
      }),
      threshold: 1,
      below: true,
      periods: 3,
      enough: 2,
      silenceIsBad: true,
    },
  ];
}
