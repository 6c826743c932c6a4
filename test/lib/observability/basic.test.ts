import { describe, expect, test } from '@jest/globals';
import { BASIC_COUNTS } from '../../../lambdas/chat/ports/meter.ts';
import { resources, templateWith } from '../synthesize.ts';
import { alarmOf, alarmsOf, sampleFor } from './alarms-of.ts';
import { metricsOf, stateOf } from './evaluate-alarm.ts';

const template = () => templateWith({ edge: 'false', observability: 'basic' });

describe('a stage that is watched as far as it costs nothing', () => {
  test('has alarms on ten metrics, the free tier’s, all of what keeps people out', () => {
    const alarms = alarmsOf(template());
    expect(alarms.map(({ AlarmName }) => AlarmName).sort()).toEqual([
      ...['Parlor-failed-requests', 'Parlor-requests-refused'],
      ...['Parlor-rest-errors', 'Parlor-socket-errors'],
    ]);
    const metrics = alarms.flatMap((alarm) => [...metricsOf(alarm).values()]);
    expect(metrics).toHaveLength(10);
    for (const { AlarmActions } of alarms) {
      expect(JSON.stringify(AlarmActions)).toContain('ObservabilityAlarmTopic');
    }
  });

  test('writes the metrics that its alarms look at, and no others', () => {
    const ours = alarmsOf(template())
      .flatMap((alarm) => [...metricsOf(alarm).values()])
      .filter(({ on }) => on.Namespace === 'Parlor')
      .map(({ on }) => on.MetricName);
    expect([...new Set(ours)].sort()).toEqual([...BASIC_COUNTS].sort());
    for (const { Properties } of Object.values(resources(template(), 'AWS::Lambda::Function'))) {
      const { Variables } = Properties.Environment as { Variables: Record<string, string> };
      expect(Variables.PARLOR_OBSERVABILITY).toBe('basic');
    }
    expect(resources(template(), 'AWS::Logs::MetricFilter')).toEqual({});
    expect(resources(template(), 'AWS::CloudWatch::Dashboard')).toEqual({});
  });

  test('rings when everybody is refused for a wrong key of the edge', () => {
    const alarm = alarmOf(template(), 'requests-refused');
    const { refused, requests } = Object.fromEntries(metricsOf(alarm));
    const all = [0, 1, 2].flatMap((ago) => [
      sampleFor(refused, 20, ago),
      sampleFor(requests, 20, ago),
    ]);
    expect(stateOf(alarm, all)).toBe('ALARM');
  });

  test('keeps its questions to the log, and what was asked for besides', () => {
    const questions = (context: Record<string, string>) =>
      Object.keys(resources(templateWith(context), 'AWS::Logs::QueryDefinition'));
    const basic = { edge: 'false', observability: 'basic' };
    expect(questions(basic)).toEqual(questions({ edge: 'false' }));
    const more = { alarmEmail: 'ops@example.com', monthlyBudget: '20', canary: 'true' };
    const names = alarmsOf(templateWith({ ...basic, ...more })).map(({ AlarmName }) => AlarmName);
    expect(names).toEqual(expect.arrayContaining(['Parlor-canary-failing', 'Parlor-spending']));
  });
});
