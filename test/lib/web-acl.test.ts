import { describe, expect, test } from '@jest/globals';
import {
  policiesOf,
  resources,
  templateWith,
  webAclTemplateWith,
  withStack,
} from './synthesize.ts';

const WAF = { waf: 'true' };

interface Rule {
  Name: string;
  Statement: Record<string, Record<string, unknown>>;
  Action?: unknown;
  OverrideAction?: unknown;
}

const rulesOf = (): Rule[] => {
  const [acl] = Object.values(resources(webAclTemplateWith(WAF), 'AWS::WAFv2::WebACL'));
  expect(acl?.Properties).toMatchObject({ Scope: 'CLOUDFRONT', DefaultAction: { Allow: {} } });
  return acl?.Properties.Rules as Rule[];
};

describe('the web ACL', () => {
  test('holds back an address that asks too often, with a status that clients wait after', () => {
    expect(rulesOf()[0]).toMatchObject({
      Statement: { RateBasedStatement: { AggregateKeyType: 'IP', Limit: 3_000 } },
      Action: { Block: { CustomResponse: { ResponseCode: 429 } } },
    });
  });

  test("has AWS's rules block, but none that would refuse what people may say", () => {
    const managed = rulesOf().slice(1);
    expect(managed.map(({ Name }) => Name)).toEqual([
      'AWSManagedRulesAmazonIpReputationList',
      'AWSManagedRulesCommonRuleSet',
      'AWSManagedRulesKnownBadInputsRuleSet',
    ]);
    for (const { OverrideAction } of managed) expect(OverrideAction).toEqual({ None: {} });
    const counted = managed
      .flatMap(({ Statement }) => Statement.ManagedRuleGroupStatement?.RuleActionOverrides)
      .map((override) => override as { Name: string; ActionToUse: unknown });
    expect(counted.map(({ Name }) => Name)).toEqual(
      expect.arrayContaining(['SizeRestrictions_BODY', 'CrossSiteScripting_BODY', 'Log4JRCE_BODY']),
    );
    for (const { ActionToUse } of counted) expect(ActionToUse).toEqual({ Count: {} });
  });

  test('stands in us-east-1 and is deployed first, wherever the chat is', () => {
    withStack(WAF, (app, stack) => {
      const [beside, ...others] = stack.dependencies;
      expect(others).toEqual([]);
      expect(beside?.region).toBe('us-east-1');
      expect(beside?.stackName).toBe('Parlor-WebAcl');
      expect(app.synth().stacks.map(({ stackName }) => stackName)).toEqual([
        'Parlor-WebAcl',
        'Parlor',
      ]);
    });
  });

  test('is found by the parameter in which its ARN stands, and that alone may be read', () => {
    const [parameter] = Object.values(resources(webAclTemplateWith(WAF), 'AWS::SSM::Parameter'));
    expect(parameter?.Properties).toMatchObject({
      Name: '/Parlor/web-acl-arn',
      Value: { 'Fn::GetAtt': ['WebAcl', 'Arn'] },
    });
    const template = templateWith(WAF);
    const [[id, reader] = []] = Object.entries(resources(template, 'Custom::AWS'));
    const read = JSON.stringify(reader?.Properties.Update);
    expect(read).toContain('\\"region\\":\\"us-east-1\\"');
    expect(read).toContain('\\"Name\\":\\"/Parlor/web-acl-arn\\"');
    template.hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: { WebACLId: { 'Fn::GetAtt': [id, 'Parameter.Value'] } },
    });
    const allowed = policiesOf(template, 'UsEast1').filter(
      ({ Action }) => Action === 'ssm:GetParameter',
    );
    expect(allowed).toHaveLength(1);
    expect(JSON.stringify(allowed)).toContain(':parameter/Parlor/web-acl-arn');
    expect(JSON.stringify(allowed)).toContain(':ssm:us-east-1:');
  });

  test('goes when the edge has no use for it, though no app knows its stack any more', () => {
    const template = templateWith(WAF);
    const [[id, reader] = []] = Object.entries(resources(template, 'Custom::AWS'));
    const deletion = JSON.parse(String(reader?.Properties.Delete));
    expect(deletion).toMatchObject({
      service: 'CloudFormation',
      action: 'deleteStack',
      region: 'us-east-1',
      parameters: { StackName: 'Parlor-WebAcl' },
    });
    const allowed = policiesOf(template, 'UsEast1').filter(
      ({ Action }) => Action === 'cloudformation:DeleteStack',
    );
    expect(JSON.stringify(allowed)).toContain(':cloudformation:us-east-1:');
    expect(JSON.stringify(allowed)).toContain(':stack/Parlor-WebAcl/*');
    // By then the distribution has let go of it: it refers to this, so it is changed, or deleted, before.
    const [distribution] = Object.values(resources(template, 'AWS::CloudFront::Distribution'));
    expect(JSON.stringify(distribution?.Properties)).toContain(`"Fn::GetAtt":["${id}"`);
    expect(reader?.DeletionPolicy).toBe('Delete');
  });

  test('is not there by default', () => {
    withStack({}, (app, stack) => {
      expect(stack.dependencies).toEqual([]);
      expect(app.node.tryFindChild('ParlorWebAcl')).toBeUndefined();
    });
    expect(JSON.stringify(templateWith().toJSON())).not.toContain('WebACLId');
  });
});
