import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { PRICES } from '../../../bench/scale/prices.ts';
import { CANARY_MEASURES, COUNTS, MEASURES } from '../../../lambdas/chat/ports/meter.ts';
import { resources, templateWith } from '../synthesize.ts';
import { evaluateMath } from './metric-math.ts';
import { widgetsOf } from './widgets-of.ts';

const canaryNames = Object.keys(CANARY_MEASURES).map((name) => `Parlor ${name}`);

let template: Template;
beforeAll(() => {
  template = templateWith({ edge: 'false' });
});

describe('the dashboard', () => {
  const widgets = () => widgetsOf(template);
  const metricsIn = (title: string) =>
    widgets().find(({ properties }) => properties.title?.startsWith(title))?.properties.metrics ??
    [];

  test('shows every metric of ours, each alarm, and the throttles of the table', () => {
    const shown = widgets().flatMap(({ properties }) => properties.metrics ?? []);
    const names = new Set(shown.map(([namespace, name]) => `${namespace} ${name}`));
    for (const name of [...Object.keys(COUNTS), ...Object.keys(MEASURES)]) {
      expect(names).toContain(`Parlor ${name}`);
    }
    expect([...names].filter((name) => name.includes('Canary'))).toEqual([]);
    expect(names).toContain('AWS/DynamoDB WriteThrottleEvents');
    const alarmed = widgets().flatMap(({ properties }) => properties.alarms ?? []);
    const alarms = Object.keys(resources(template, 'AWS::CloudWatch::Alarm'));
    expect(alarmed).toHaveLength(alarms.length);
  });

  test('has a row of the canary, where there is one', () => {
    const row = widgetsOf(templateWith({ edge: 'false', canary: 'true' })).filter(
      ({ properties }) => properties.title?.startsWith('Canary'),
    );
    const shown = row.flatMap(({ properties }) => properties.metrics ?? []);
    const names = shown.map(([namespace, name]) => `${namespace} ${name}`);
    expect(names).toEqual(['AWS/Lambda Invocations', 'AWS/Lambda Errors', ...canaryNames]);
  });

  test('tells the cost so far today by what is counted, at list prices', () => {
    type Options = { id?: string; expression?: string; period?: number; visible?: boolean };
    const rows = metricsIn('Cost so far today').map((row) => ({
      names: row.filter((part) => typeof part === 'string'),
      options: row.find((part) => typeof part === 'object') as Options,
    }));
    const metrics = rows.filter(({ options }) => options.expression === undefined);
    expect(new Set(metrics.map(({ options }) => options.period))).toEqual(new Set([86_400]));

    const cost = (counts: Record<string, number>): number => {
      const values = new Map<string, number | undefined>();
      for (const { names, options } of metrics) {
        // A metric that nobody counted has no datapoint.
        values.set(options.id ?? '', counts[`${names[0]} ${names[1]}`]);
      }
      const expressions = rows.filter(({ options }) => options.expression !== undefined);
      // The whole stands before its parts.
      for (const { options } of expressions.toReversed()) {
        const value = evaluateMath(options.expression ?? '', values);
        if (options.id === undefined || options.visible !== false) return value ?? Number.NaN;
        values.set(options.id, value);
      }
      throw new Error('Nothing is shown.');
    };
    expect(cost({})).toBe(0);
    expect(cost({ 'AWS/ApiGateway Count': 1e6 })).toBeCloseTo(PRICES.httpRequests, 6);
    expect(cost({ 'AWS/ApiGateway MessageCount': 1e6 })).toBeCloseTo(PRICES.socketMessages, 6);
    expect(cost({ 'Parlor ConnectionMinutes': 1e6 })).toBeCloseTo(PRICES.connectionMinutes, 6);
    // Each of ten functions is called a million times.
    expect(cost({ 'AWS/Lambda Invocations': 1e6 })).toBeCloseTo(10 * PRICES.invocations, 6);
    // Seven have half a gigabyte, three a whole one.
    expect(cost({ 'AWS/Lambda Duration': 1e9 })).toBeCloseTo(6.5e6 * PRICES.gbSecond, 3);
    // The table's own units, and those of its index.
    const units = { 'AWS/DynamoDB ConsumedWriteCapacityUnits': 1e6 };
    expect(cost(units)).toBeCloseTo(2 * PRICES.writeUnits, 6);
    expect(cost({ 'AWS/Logs IncomingBytes': 1e9 })).toBeCloseTo(10 * PRICES.logs, 6);
  });
});
