import { describe, expect, test } from '@jest/globals';
import type { Stack } from 'aws-cdk-lib';
import { alarmsOf, sampleFor } from './observability/alarms-of.ts';
import { metricsOf, stateOf } from './observability/evaluate-alarm.ts';
import {
  globalAlarmsTemplateWith,
  policiesOf,
  resources,
  templateWith,
  withStack,
} from './synthesize.ts';

const TOLD = { alarmEmail: 'ops@example.com' };

describe('the alarm on CloudFront', () => {
  test('stands in us-east-1, after the chat, wherever that is', () => {
    withStack(TOLD, (app, stack) => {
      const beside = app.node.findChild('ParlorGlobalAlarms') as Stack;
      expect(beside.region).toBe('us-east-1');
      expect(beside.dependencies).toEqual([stack]);
      expect(app.synth().stacks.map(({ stackName }) => stackName)).toEqual([
        'Parlor',
        'Parlor-GlobalAlarms',
      ]);
    });
  });

  test('is on the distribution, whose id the chat’s stack writes to the parameter that it reads', () => {
    const template = templateWith(TOLD);
    const [distribution] = Object.keys(resources(template, 'AWS::CloudFront::Distribution'));
    const writer = Object.values(resources(template, 'Custom::AWS')).find(({ Properties }) =>
      JSON.stringify(Properties.Update).includes('putParameter'),
    );
    const written = JSON.stringify(writer?.Properties.Update);
    expect(written).toContain('\\"region\\":\\"us-east-1\\"');
    expect(written).toContain('\\"Name\\":\\"/Parlor/distribution-id\\"');
    expect(written).toContain(`{"Ref":"${distribution}"}`);
    expect(JSON.stringify(writer?.Properties.Delete)).toContain('deleteParameter');
    const allowed = policiesOf(template, 'UsEast1').filter(({ Action }) =>
      JSON.stringify(Action).includes('ssm:'),
    );
    expect(allowed).toHaveLength(1);
    expect(JSON.stringify(allowed)).toContain(':parameter/Parlor/distribution-id');

    const beside = globalAlarmsTemplateWith(TOLD);
    const [[parameter, { Default }] = ['none', {}]] = Object.entries(
      beside.toJSON().Parameters as Record<string, { Default?: string }>,
    ).filter(([id]) => id !== 'BootstrapVersion');
    expect(Default).toBe('/Parlor/distribution-id');
    const [alarm] = alarmsOf(beside);
    if (!alarm) throw new Error('There is no alarm.');
    for (const { on } of metricsOf(alarm).values()) {
      expect(on.Namespace).toBe('AWS/CloudFront');
      expect(on.Dimensions).toEqual([
        { Name: 'DistributionId', Value: { Ref: parameter } },
        { Name: 'Region', Value: 'Global' },
      ]);
    }
  });

  test('goes off for one answer in twenty, of at least five, twice in a quarter of an hour', () => {
    const [alarm] = alarmsOf(globalAlarmsTemplateWith(TOLD));
    if (!alarm) throw new Error('There is no alarm.');
    const { requests, rate } = Object.fromEntries(metricsOf(alarm));
    const of = (count: number, percent: number, ...when: number[]) =>
      when.flatMap((ago) => [sampleFor(requests, count, ago), sampleFor(rate, percent, ago)]);
    expect(stateOf(alarm, of(100, 5, 0, 2))).toBe('ALARM');
    expect(stateOf(alarm, of(100, 5, 0))).toBe('OK');
    expect(stateOf(alarm, of(100, 4.9, 0, 1, 2))).toBe('OK');
    expect(stateOf(alarm, of(5, 80, 0, 1, 2))).toBe('OK');
    expect(stateOf(alarm, of(5, 100, 0, 1, 2))).toBe('ALARM');
    expect(stateOf(alarm, [])).toBe('OK');
  });

  test('tells the e-mail address, by a topic of its region', () => {
    const template = globalAlarmsTemplateWith(TOLD);
    const [topic] = Object.keys(resources(template, 'AWS::SNS::Topic'));
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'ops@example.com',
      TopicArn: { Ref: topic },
    });
    expect(alarmsOf(template)[0]?.AlarmActions).toEqual([{ Ref: topic }]);
    expect(alarmsOf(template)[0]?.AlarmName).toBe('Parlor-edge-errors');
  });

  test.each([
    ['nobody is to be told', {}],
    ['there is no edge', { ...TOLD, edge: 'false' }],
  ])('is not there where %s', (_, context) => {
    withStack(context, (app) => {
      expect(app.node.tryFindChild('ParlorGlobalAlarms')).toBeUndefined();
    });
    expect(JSON.stringify(templateWith(context).toJSON())).not.toContain('distribution-id');
  });
});

describe('the stack that watches what belongs to no region', () => {
  test('goes when nobody is to be told any more, though no app knows it then', () => {
    const deletions = (context: Record<string, string>) =>
      Object.values(resources(templateWith(context), 'Custom::AWS'))
        .map(({ Properties }) => Properties)
        .filter(({ Delete }) => JSON.stringify(Delete).includes('deleteStack'));
    const [deletion, ...more] = deletions(TOLD);
    expect(more).toEqual([]);
    expect(JSON.parse(String(deletion?.Delete))).toMatchObject({
      service: 'CloudFormation',
      region: 'us-east-1',
      parameters: { StackName: 'Parlor-GlobalAlarms' },
    });
    // Nothing but that: it does not delete the stack when something changes.
    expect(deletion).not.toHaveProperty('Update');
    const allowed = policiesOf(templateWith(TOLD), 'UsEast1').filter(
      ({ Action }) => Action === 'cloudformation:DeleteStack',
    );
    expect(JSON.stringify(allowed)).toContain(':stack/Parlor-GlobalAlarms/*');
    expect(deletions({})).toEqual([]);
  });

  test('has the budget, also without an edge, for not every region can make one', () => {
    const context = { ...TOLD, edge: 'false', monthlyBudget: '100' };
    const beside = globalAlarmsTemplateWith(context);
    expect(Object.values(beside.toJSON().Resources)).toMatchObject([
      { Type: 'AWS::Budgets::Budget' },
    ]);
    expect(resources(templateWith(context), 'AWS::Budgets::Budget')).toEqual({});
  });
});
