import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { templateWith } from '../synthesize.ts';
import { alarmOf, alarmsOf, sampleFor } from './alarms-of.ts';
import { metricsOf, stateOf } from './evaluate-alarm.ts';

let template: Template;
beforeAll(() => {
  template = templateWith({ edge: 'false' });
});

/** As AWS documents them: which dimensions they have, and what kind of resource each names. */
const OF_AWS: Record<string, Record<string, string>> = {
  'AWS/SQS ApproximateNumberOfMessagesVisible': { QueueName: 'AWS::SQS::Queue' },
  'AWS/Lambda IteratorAge': { FunctionName: 'AWS::Lambda::Function' },
  'AWS/Lambda AsyncEventsDropped': { FunctionName: 'AWS::Lambda::Function' },
  'AWS/Lambda Invocations': { FunctionName: 'AWS::Lambda::Function' },
  'AWS/Lambda Errors': { FunctionName: 'AWS::Lambda::Function' },
  'AWS/Lambda Throttles': { FunctionName: 'AWS::Lambda::Function' },
  'AWS/ApiGateway Count': { ApiId: 'AWS::ApiGatewayV2::Api' },
  'AWS/ApiGateway 5xx': { ApiId: 'AWS::ApiGatewayV2::Api' },
  'AWS/ApiGateway ExecutionError': { ApiId: 'AWS::ApiGatewayV2::Api', Stage: 'live' },
  'AWS/ApiGateway IntegrationError': { ApiId: 'AWS::ApiGatewayV2::Api', Stage: 'live' },
  'AWS/DynamoDB ReadThrottleEvents': { TableName: 'AWS::DynamoDB::Table' },
  'AWS/DynamoDB WriteThrottleEvents': { TableName: 'AWS::DynamoDB::Table' },
};

/** The resource that a value in the template refers to. */
function referred(value: unknown): string {
  const [id] = /[A-Z]\w+[0-9A-F]{8}/.exec(JSON.stringify(value)) ?? [''];
  return id;
}

describe('an alarm on what AWS counts', () => {
  test('is on metrics that AWS has, of resources that the stack has', () => {
    const types = template.toJSON().Resources as Record<string, { Type: string }>;
    const met = new Set<string>();
    for (const alarm of alarmsOf(template)) {
      for (const { on } of metricsOf(alarm).values()) {
        if (on.Namespace === 'Parlor') continue;
        const name = `${on.Namespace} ${on.MetricName}`;
        met.add(name);
        const dimensions = (on.Dimensions ?? []).map(({ Name, Value }) => [
          Name,
          typeof Value === 'string' ? Value : types[referred(Value)]?.Type,
        ]);
        expect([name, Object.fromEntries(dimensions)]).toEqual([name, OF_AWS[name]]);
      }
    }
    expect([...met].sort()).toEqual(Object.keys(OF_AWS).sort());
  });

  test.each([
    ['dead-letters', 'Audit', 1],
    ['audit-behind', 'Audit', 300_000],
    ['handovers-dropped', 'FanOut', 1],
  ])('%s goes off for %s at %d', (name, owner, value) => {
    const alarm = alarmOf(template, name);
    const metric = metricsOf(alarm).get('only');
    expect(referred(metric?.on.Dimensions?.[0]?.Value)).toMatch(new RegExp(`^${owner}`));
    expect(stateOf(alarm, [sampleFor(metric, value)])).toBe('ALARM');
    expect(stateOf(alarm, [sampleFor(metric, value - 1)])).toBe('OK');
  });

  test('rest-errors goes off for one answer in a hundred, of at least five', () => {
    const alarm = alarmOf(template, 'rest-errors');
    const { errors, requests } = Object.fromEntries(metricsOf(alarm));
    expect(referred(errors?.on.Dimensions?.[0]?.Value)).toMatch(/^Rest/);
    const state = (failed: number, of: number) =>
      stateOf(alarm, [sampleFor(errors, failed), sampleFor(requests, of)]);
    expect([state(5, 5), state(5, 500), state(5, 501), state(4, 4)]).toEqual([
      ...['ALARM', 'ALARM', 'OK', 'OK'],
    ]);
  });

  test('lambda-throttles goes off for any one of those that clients wait for', () => {
    const alarm = alarmOf(template, 'lambda-throttles');
    const metrics = [...metricsOf(alarm).values()];
    const names = metrics.map(({ on }) => referred(on.Dimensions?.[0]?.Value).slice(0, -8));
    expect(names.sort()).toEqual(['Connect', 'Http', 'Login', 'RoomAction', 'SendMessage']);
    for (const metric of metrics) {
      expect(stateOf(alarm, [sampleFor(metric, 1)])).toBe('ALARM');
    }
  });

  test.each(['reads', 'writes'])('table-throttles goes off for %s', (id) => {
    const alarm = alarmOf(template, 'table-throttles');
    expect(stateOf(alarm, [sampleFor(metricsOf(alarm).get(id), 1)])).toBe('ALARM');
  });

  test('sweeps-missing goes off when none came, or none succeeded, for ten minutes', () => {
    const alarm = alarmOf(template, 'sweeps-missing');
    const { invocations, errors } = Object.fromEntries(metricsOf(alarm));
    const came = [0, 1].map((ago) => sampleFor(invocations, 5, ago));
    const failed = [0, 1].map((ago) => sampleFor(errors, 5, ago));
    expect(stateOf(alarm, [])).toBe('ALARM');
    expect(stateOf(alarm, [...came, ...failed])).toBe('ALARM');
    expect(stateOf(alarm, [...came, ...failed.slice(1)])).toBe('OK');
  });

  test('canary-failing goes off when two runs of three failed or did not come', () => {
    const alarm = alarmOf(templateWith({ edge: 'false', canary: 'true' }), 'canary-failing');
    const { invocations, errors } = Object.fromEntries(metricsOf(alarm));
    expect(referred(invocations?.on.Dimensions?.[0]?.Value)).toMatch(/^Canary/);
    const came = [0, 1, 2].map((ago) => sampleFor(invocations, 1, ago));
    const failed = [0, 1, 2].map((ago) => sampleFor(errors, 1, ago));
    const state = (...samples: typeof came) => stateOf(alarm, samples);
    expect([state(), state(...came), state(...came, ...failed.slice(2))]).toEqual([
      ...['ALARM', 'OK', 'OK'],
    ]);
    expect(state(...came, ...failed.slice(1))).toBe('ALARM');
    expect(state(...came.slice(1))).toBe('OK');
    expect(state(...came.slice(2))).toBe('ALARM');
  });
});
