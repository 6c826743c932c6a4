import { describe, expect, test } from '@jest/globals';
import { loadOf } from '../../../bench/scale/load.ts';
import { predict } from '../../../bench/scale/model.ts';
import { PRICES } from '../../../bench/scale/prices.ts';
import { readCostOptions } from '../../../bin/cost/options.ts';
import { globalAlarmsTemplateWith, resources, templateWith, withStack } from '../synthesize.ts';
import { alarmOf, alarmsOf, sampleFor } from './alarms-of.ts';
import { metricsOf, stateOf } from './evaluate-alarm.ts';

const BUDGET = { edge: 'false', alarmEmail: 'ops@example.com', monthlyBudget: '100' };

const alarm = () => alarmOf(templateWith(BUDGET), 'spending');

describe('an hour that is too dear', () => {
  test('sets off an alarm at a twentieth of the month’s budget', () => {
    const messages = [...metricsOf(alarm()).values()].find(
      ({ on }) => on.MetricName === 'MessageCount',
    );
    // $5 of messages.
    const flood = 5e6 / PRICES.socketMessages;
    expect(stateOf(alarm(), [sampleFor(messages, flood)])).toBe('ALARM');
    expect(stateOf(alarm(), [sampleFor(messages, flood - 1_000)])).toBe('OK');
    expect(stateOf(alarm(), [])).toBe('OK');
    for (const { MetricStat } of alarm().Metrics ?? []) {
      expect(MetricStat?.Period ?? 3_600).toBe(3_600);
    }
  });

  test('is told by requests, messages, minutes and units, each at its price', () => {
    const prices: Record<string, number> = {
      Count: PRICES.httpRequests,
      MessageCount: PRICES.socketMessages,
      ConnectionMinutes: PRICES.connectionMinutes,
      ConsumedWriteCapacityUnits: PRICES.writeUnits,
      ConsumedReadCapacityUnits: PRICES.readUnits,
    };
    const metrics = [...metricsOf(alarm()).values()];
    // An alarm takes ten at most.
    expect(metrics).toHaveLength(7);
    for (const metric of metrics) {
      const price = prices[metric.on.MetricName] ?? 0;
      expect(stateOf(alarm(), [sampleFor(metric, 5.001e6 / price)])).toBe('ALARM');
      expect(stateOf(alarm(), [sampleFor(metric, 4.999e6 / price)])).toBe('OK');
    }
  });

  test('is none in the busiest hour of a chat that spends its budget as it should', () => {
    const options = readCostOptions([]);
    if (options === 'help') throw new Error('No load was told.');
    const { peak, hoursPerDay } = loadOf(options.load);
    const share = peak / (30 * hoursPerDay);
    expect(share).toBeCloseTo(0.025);
    expect(alarm().Threshold).toBe(0.05 * 100);
    // What the alarm counts is most of what grows with use.
    const { bill } = predict(options.load);
    const counted = [
      'httpRequests',
      'socketMessages',
      'connectionMinutes',
      'writeUnits',
      'readUnits',
    ];
    const growing = bill.filter(
      ({ price }) => !['alarms', 'dashboards', 'metrics', 'secrets'].includes(price),
    );
    const sum = (lines: typeof bill) => lines.reduce((total, { usd }) => total + usd, 0);
    const watched = growing.filter(({ price }) => counted.includes(price));
    expect(sum(watched) / sum(growing)).toBeGreaterThan(0.8);
  });
});

describe('the month’s budget', () => {
  test('is of the whole account, before credits, and told at 80 % spent and 100 % forecast', () => {
    const [budget] = Object.values(
      resources(globalAlarmsTemplateWith(BUDGET), 'AWS::Budgets::Budget'),
    );
    expect(budget?.Properties.Budget).toEqual({
      BudgetName: 'Parlor',
      BudgetType: 'COST',
      TimeUnit: 'MONTHLY',
      BudgetLimit: { Amount: 100, Unit: 'USD' },
      CostTypes: { IncludeCredit: false, IncludeRefund: false },
    });
    const subscribers = [{ SubscriptionType: 'EMAIL', Address: 'ops@example.com' }];
    const told = (NotificationType: string, Threshold: number) => ({
      Notification: {
        ...{ NotificationType, Threshold, ThresholdType: 'PERCENTAGE' },
        ComparisonOperator: 'GREATER_THAN',
      },
      Subscribers: subscribers,
    });
    expect(budget?.Properties.NotificationsWithSubscribers).toEqual([
      told('ACTUAL', 80),
      told('FORECASTED', 100),
    ]);
  });

  test('is none by default, and wants somebody to be told', () => {
    const template = templateWith({ edge: 'false' });
    const unlimited = globalAlarmsTemplateWith({ alarmEmail: 'ops@example.com' });
    expect(resources(unlimited, 'AWS::Budgets::Budget')).toEqual({});
    expect(alarmsOf(template).filter(({ AlarmName }) => /spending/.test(AlarmName))).toEqual([]);
    expect(() => withStack({ monthlyBudget: '100' }, () => undefined)).toThrow('Say both.');
  });
});
