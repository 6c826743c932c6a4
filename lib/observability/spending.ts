import { Duration } from 'aws-cdk-lib';
import { priced, requestLines, unitLines } from './cost-today.ts';
import type { Watch } from './watch.ts';
import type { Watched } from './watched.ts';

/**
 * Of the month's budget, in one hour. The busiest hour of a chat that spends all of it evenly, four
 * hours a day with a peak of three times the average, takes 2.5 %.
 */
const PERCENT_OF_AN_HOUR = 5;

/**
 * That a flood is being paid for: an hour at list prices. AWS's own bill comes with hours of delay,
 * so a budget alone tells of it the day after.
 *
 * @param monthlyBudget US dollars; undefined watches nothing
 */
export function spendingWatches(watched: Watched, monthlyBudget: number | undefined): Watch[] {
  if (monthlyBudget === undefined) return [];
  const hour = Duration.hours(1);
  const lines = [...requestLines(watched, hour), ...unitLines(watched, hour)];
  return [
    {
      name: 'spending',
      says: `Requests, messages and table units of one hour cost ${PERCENT_OF_AN_HOUR} % of the month's budget, or more.`,
      canWait: true,
      metric: priced('US$ in an hour, estimate', lines, hour),
      threshold: (monthlyBudget * PERCENT_OF_AN_HOUR) / 100,
    },
  ];
}
