import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { readConfig } from '../../lambdas/aws/config.ts';
import { policiesOf, type Resource, resources, templateWith } from './synthesize.ts';

const FUNCTIONS = [
  ...['Connect', 'SendMessage', 'RoomAction', 'Disconnect', 'Http', 'Login', 'Docs'],
  ...['FanOut', 'Audit', 'TokenExpiry'],
];
const CONTEXT = { edge: 'false', release: 'canary' };

let template: Template;
beforeAll(() => {
  template = templateWith(CONTEXT);
});

const idOf = (type: string, name: string): string =>
  Object.keys(resources(template, type)).find((id) =>
    new RegExp(`^${name}[0-9A-F]{8}$`).test(id),
  ) ?? 'none';
const aliasOf = (name: string) => idOf('AWS::Lambda::Alias', `${name}Live`);
const functionOf = (name: string) => idOf('AWS::Lambda::Function', name);

/** Every place in a value where something is referred to. */
function referred(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { Ref, 'Fn::GetAtt': attribute } = value as Record<string, unknown>;
  if (typeof Ref === 'string') return [Ref];
  if (Array.isArray(attribute)) return [String(attribute[0])];
  return Object.values(value).flatMap(referred);
}

const all = (type: string) => Object.values(resources(template, type));
const by = (part: (resource: Resource) => unknown, type: string) =>
  all(type).flatMap((resource) => referred(part(resource)));

describe('a release by steps', () => {
  test('is none unless it is asked for', () => {
    expect(JSON.stringify(templateWith({ edge: 'false' }).toJSON())).not.toMatch(
      /AWS::CodeDeploy|AWS::Lambda::(Alias|Version)/,
    );
  });

  test('has every function called by its alias, whoever calls', () => {
    const aliases = new Set(FUNCTIONS.map(aliasOf));
    expect(aliases.size).toBe(10);
    const callers = [
      ...by(({ Properties }) => Properties.IntegrationUri, 'AWS::ApiGatewayV2::Integration'),
      ...by(({ Properties }) => Properties.FunctionName, 'AWS::Lambda::Permission'),
      ...by(({ Properties }) => Properties.FunctionName, 'AWS::Lambda::EventSourceMapping'),
      ...by(({ Properties }) => Properties.Targets, 'AWS::Events::Rule'),
    ].filter((id) => !id.startsWith('AWS::'));
    expect(callers.length).toBeGreaterThan(20);
    expect(callers.filter((id) => !aliases.has(id))).toEqual([]);
    // But FanOut, which is called by others’ hands.
    expect([...aliases].filter((id) => !callers.includes(id))).toEqual([aliasOf('FanOut')]);
  });

  test('keeps to how asynchronous calls are tried, at the alias', () => {
    const tries = all('AWS::Lambda::EventInvokeConfig').map(({ Properties }) => Properties);
    expect(tries.map(({ Qualifier }) => referred(Qualifier))).toEqual([
      [aliasOf('FanOut')],
      [aliasOf('TokenExpiry')],
    ]);
  });

  test('has rooms handed to the alias, by itself as well, and nobody may call anything else', () => {
    const named = { 'Fn::Join': ['', [{ Ref: functionOf('FanOut') }, ':live']] };
    const called = { 'Fn::Join': ['', [{ 'Fn::GetAtt': [functionOf('FanOut'), 'Arn'] }, ':live']] };
    const functions = resources(template, 'AWS::Lambda::Function');
    const variableOf = (name: string) => {
      const { Environment } = functions[functionOf(name)]?.Properties ?? {};
      return (Environment as { Variables?: Record<string, unknown> } | undefined)?.Variables
        ?.PARLOR_FANOUT_FUNCTION;
    };
    for (const name of ['SendMessage', 'Http', 'Audit']) expect(variableOf(name)).toEqual(named);
    for (const name of FUNCTIONS) {
      const calls = policiesOf(template, name).filter(({ Action }) =>
        String(Action).startsWith('lambda:'),
      );
      const mayCall = ['SendMessage', 'Http', 'FanOut', 'Audit'].includes(name);
      expect(calls.map(({ Resource }) => Resource)).toEqual(mayCall ? [called] : []);
    }
    const { fanOutFunction } = readConfig({
      PARLOR_TABLE: 'table',
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'id',
      AWS_SECRET_ACCESS_KEY: 'key',
      AWS_LAMBDA_FUNCTION_NAME: 'Parlor-FanOut',
      PARLOR_FANOUT_FUNCTION: String(variableOf('FanOut')),
    });
    expect(fanOutFunction).toBe('Parlor-FanOut:live');
  });

  test.each([
    ['canary', 'CodeDeployDefault.LambdaCanary10Percent15Minutes', true],
    ['linear', 'CodeDeployDefault.LambdaLinear10PercentEvery3Minutes', true],
    ['all-at-once', 'CodeDeployDefault.LambdaAllAtOnce', false],
  ])('goes on as %s says, and back when an urgent alarm goes off', (release, steps, guarded) => {
    const released = templateWith({ ...CONTEXT, release });
    const groups = Object.values(resources(released, 'AWS::CodeDeploy::DeploymentGroup'));
    expect(groups).toHaveLength(10);
    const alarms = Object.entries(resources(released, 'AWS::CloudWatch::Alarm'));
    const urgent = alarms.filter(([, { Properties }]) =>
      JSON.stringify(Properties.AlarmActions).includes('AlarmTopic'),
    );
    expect(urgent.length).toBeGreaterThan(3);
    expect(urgent.length).toBeLessThan(alarms.length);
    for (const { Properties } of groups) {
      expect(Properties.DeploymentConfigName).toBe(steps);
      const watched = referred(Properties.AlarmConfiguration).sort();
      expect(watched).toEqual(guarded ? urgent.map(([id]) => id).sort() : []);
      const { Events } = Properties.AutoRollbackConfiguration as { Events: string[] };
      expect(Events.includes('DEPLOYMENT_STOP_ON_ALARM')).toBe(guarded);
    }
    for (const alias of Object.values(resources(released, 'AWS::Lambda::Alias'))) {
      const { UpdatePolicy } = alias as Resource & { UpdatePolicy?: object };
      expect(UpdatePolicy).toHaveProperty('CodeDeployLambdaAliasUpdate');
    }
  });

  test('can be turned on and off: what both have keeps its id', () => {
    const ids = (context: Readonly<Record<string, string>>) =>
      Object.keys(templateWith(context).toJSON().Resources);
    const released = new Set(ids(CONTEXT));
    // Permissions and settings of the function are the alias's instead.
    const lost = ids({ edge: 'false' }).filter(
      (id) => !released.has(id) && !/Permission|RestApi|EventInvokeConfig|AllowEventRule/.test(id),
    );
    expect(lost).toEqual([]);
  });

  test('makes a version for each change of a function, and none for anything else', () => {
    const versions = (context: Readonly<Record<string, string>>) =>
      Object.keys(resources(templateWith(context), 'AWS::Lambda::Version')).sort();
    expect(versions({ ...CONTEXT, logRetentionDays: '90' })).toEqual(versions(CONTEXT));
    const quieter = versions({ ...CONTEXT, logLevel: 'error' });
    const kept = versions(CONTEXT).filter((id) => quieter.includes(id));
    // Who has no level to heed.
    expect(kept).toEqual([expect.stringMatching(/^DocsCurrentVersion/)]);
  });
});
