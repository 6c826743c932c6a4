import { describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import {
  allResources,
  EVERY_OPTION,
  type Resource,
  resources,
  templateWith,
  webAclTemplateWith,
} from './synthesize.ts';

/** Resources that stay when the stack goes. CloudFormation deletes what says nothing. */
const kept = (template: Template): string[] =>
  Object.values(allResources(template))
    .filter(({ DeletionPolicy = 'Delete' }) => DeletionPolicy !== 'Delete')
    .map(({ Type }) => Type)
    .sort();

/** The role is the account's setting, and other stacks' stages rely on it by then. */
const ACCOUNT = ['AWS::ApiGateway::Account', 'AWS::IAM::Role'];

describe('a first deployment that fails', () => {
  const policyOf = (type: string) =>
    Object.values(resources(templateWith(), type)).map(({ DeletionPolicy }) => DeletionPolicy);

  test('takes the token secret along, which is kept from then on', () => {
    expect(policyOf('AWS::SecretsManager::Secret').sort()).toEqual([
      'Delete',
      'RetainExceptOnCreate',
    ]);
  });

  test('deletes nothing that refuses to be deleted, so that it can be tried again', () => {
    for (const { Properties, DeletionPolicy } of Object.values(
      resources(templateWith(), 'AWS::DynamoDB::Table'),
    )) {
      expect(Properties.DeletionProtectionEnabled).toBe(true);
      expect(DeletionPolicy).toBe('Retain');
    }
    // Nothing undoes the account's setting, which would then name a role that is gone.
    expect(policyOf('AWS::ApiGateway::Account')).toEqual(['Retain']);
  });
});

describe('a stack that goes', () => {
  test('leaves the table and the token secret, and for the account its log role', () => {
    const template = templateWith();
    expect(kept(template)).toEqual(
      [...ACCOUNT, 'AWS::DynamoDB::Table', 'AWS::SecretsManager::Secret'].sort(),
    );
    for (const { UpdateReplacePolicy } of Object.values(
      resources(template, 'AWS::DynamoDB::Table'),
    ))
      expect(UpdateReplacePolicy).toBe('Retain');
  });

  test('of a throw-away stage leaves nothing', () => {
    const throwAway = { retainData: 'false', apiGatewayLogRole: 'false' };
    const template = templateWith(throwAway);
    expect(kept(template)).toEqual([]);
    template.hasResourceProperties('AWS::DynamoDB::Table', { DeletionProtectionEnabled: false });
    expect(kept(templateWith({ ...throwAway, edge: 'false' }))).toEqual([]);
    expect(kept(webAclTemplateWith(EVERY_OPTION))).toEqual([]);
  });

  test.each([
    ['by default', templateWith()],
    ['with every option on', templateWith(EVERY_OPTION)],
  ])('has for each function a log group that goes as well, %s', (_, template) => {
    // Lambda makes one by itself where none is named, and nobody would delete that.
    const groups = resources(template, 'AWS::Logs::LogGroup');
    const functions = Object.values(resources(template, 'AWS::Lambda::Function'));
    expect(functions.length).toBeGreaterThan(9);
    for (const { Properties } of functions) {
      const { LogGroup } = (Properties.LoggingConfig ?? {}) as { LogGroup?: { Ref?: string } };
      expect(Object.keys(groups)).toContain(LogGroup?.Ref);
    }
    const policies = Object.values(groups).map(({ DeletionPolicy }: Resource) => DeletionPolicy);
    expect(policies).toEqual(policies.map(() => 'Delete'));
  });

  test('can delete its bucket, for it empties it first', () => {
    const [copy] = Object.values(resources(templateWith(), 'Custom::CDKBucketDeployment'));
    expect(copy?.Properties.RetainOnDelete).toBe(false);
  });
});
