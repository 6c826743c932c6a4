import { describe, expect, test } from '@jest/globals';
import { allResources, EVERY_OPTION, templateWith, webAclTemplateWith } from './synthesize.ts';

/** The longest that AWS takes, of those names that the stage's is a part of. */
const MOST: Readonly<Record<string, number>> = {
  'AWS::CloudFront::Function Name': 64,
  'AWS::CloudFront::ResponseHeadersPolicy Name': 128,
  'AWS::CloudFront::OriginAccessControl Name': 64,
  'AWS::ApiGatewayV2::Api Name': 128,
  'AWS::CloudWatch::Alarm AlarmName': 255,
  'AWS::CloudWatch::Alarm MetricName': 255,
  'AWS::Logs::MetricFilter MetricName': 255,
  'AWS::CloudWatch::Dashboard DashboardName': 255,
  'AWS::Logs::QueryDefinition Name': 255,
  'AWS::SNS::Topic DisplayName': 100,
  'AWS::SSM::Parameter Name': 1011,
  'AWS::CloudFront::Distribution Comment': 128,
  'AWS::WAFv2::WebACL MetricName': 128,
  'AWS::Backup::BackupVault BackupVaultName': 50,
  'AWS::Backup::BackupPlan BackupPlanName': 50,
  'AWS::Lambda::Permission StatementId': 100,
  'AWS::KMS::Alias AliasName': 256,
};

const LONGEST_STAGE = `a${'z'.repeat(27)}`;
/** No region that the stack is made for has a longer name. */
const LONGEST_REGION = 'ap-southeast-2';

/** What a name comes to in a deployment, where only the region is put in. */
function asDeployed(value: unknown): string {
  return JSON.stringify(value).includes('"Ref":"AWS::Region"')
    ? (value as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1]
        .map((part) => (typeof part === 'string' ? part : LONGEST_REGION))
        .join('')
    : String(value);
}

/** Names in which the stage's is found, each as `type key`, with what it comes to. */
function named(resource: unknown, type: string): [string, string][] {
  if (typeof resource !== 'object' || resource === null) return [];
  return Object.entries(resource).flatMap(([key, value]): [string, string][] =>
    /Name|Comment|Id$/.test(key) && JSON.stringify(value).includes(LONGEST_STAGE)
      ? [[`${type} ${key}`, asDeployed(value)]]
      : named(value, type),
  );
}

describe('the longest name of a stage', () => {
  test.each([
    ['by default', {}],
    ['with every option on', EVERY_OPTION],
  ])('gives no part of the stack a name that is too long for AWS, %s', (_, context) => {
    const settings: Record<string, string> = { ...context, stage: LONGEST_STAGE };
    const stacks = [
      templateWith(settings),
      ...('waf' in settings ? [webAclTemplateWith(settings)] : []),
    ];
    const names = stacks.flatMap((template) =>
      Object.values(allResources(template)).flatMap(({ Type, Properties }) =>
        named(Properties, Type),
      ),
    );
    expect(names.length).toBeGreaterThan(10);
    const tooLong = names.filter(([kind, name]) => name.length > (MOST[kind] ?? 0));
    expect(tooLong).toEqual([]);
  });
});
