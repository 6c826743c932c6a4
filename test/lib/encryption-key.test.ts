import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { allResources, policiesOf, type Resource, resources, templateWith } from './synthesize.ts';

let template: Template;
beforeAll(() => {
  template = templateWith({ encryptionKey: 'customer' });
});

const KEY = { 'Fn::GetAtt': [expect.stringMatching(/^EncryptionKey[0-9A-F]{8}$/), 'Arn'] };

interface KeyStatement {
  Effect: string;
  Action: string | string[];
  Principal: { Service?: unknown; AWS?: unknown };
  Condition?: Record<string, Record<string, unknown>>;
}

function keyPolicy(): KeyStatement[] {
  return propertiesOf('AWS::KMS::Key').flatMap(
    ({ KeyPolicy }) => (KeyPolicy as { Statement: KeyStatement[] }).Statement,
  );
}

/** What the key's policy says of a service. */
const saidOf = (service: string) =>
  keyPolicy().filter(({ Principal }) => JSON.stringify(Principal.Service)?.includes(service));

const propertiesOf = (type: string): Resource['Properties'][] =>
  Object.values(resources(template, type)).map(({ Properties }) => Properties);

describe('the deployer’s own key', () => {
  test('is one, is rotated, is named after the stack, and stays for what is kept', () => {
    const [key, ...more] = Object.values(resources(template, 'AWS::KMS::Key'));
    expect(more).toEqual([]);
    expect(key).toMatchObject({
      Properties: { EnableKeyRotation: true },
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
    template.hasResourceProperties('AWS::KMS::Alias', { AliasName: 'alias/Parlor' });
    const throwAway = templateWith({ encryptionKey: 'customer', retainData: 'false' });
    for (const { DeletionPolicy } of Object.values(resources(throwAway, 'AWS::KMS::Key')))
      expect(DeletionPolicy).toBe('Delete');
  });

  test('encrypts the table, the secrets, the logs, the alarms and the page', () => {
    expect(propertiesOf('AWS::DynamoDB::Table').map((table) => table.SSESpecification)).toEqual([
      { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: KEY },
    ]);
    const byKey = (type: string, property: string) => {
      const found = propertiesOf(type).map((properties) => properties[property]);
      expect(found.length).toBeGreaterThan(0);
      expect(found).toEqual(found.map(() => KEY));
    };
    byKey('AWS::SecretsManager::Secret', 'KmsKeyId');
    byKey('AWS::Logs::LogGroup', 'KmsKeyId');
    byKey('AWS::SNS::Topic', 'KmsMasterKeyId');
    for (const { BucketEncryption } of propertiesOf('AWS::S3::Bucket')) {
      expect(BucketEncryption).toEqual({
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: { KMSMasterKeyID: KEY, SSEAlgorithm: 'aws:kms' },
          },
        ],
      });
    }
  });

  test('is lent to services for this stack, this account or its distributions only', () => {
    const services = keyPolicy().filter(({ Principal }) => Principal.Service !== undefined);
    expect(services.flatMap(({ Condition }) => Object.keys(Condition ?? {}))).toHaveLength(3);
    const [logs, cloudFront, alarms] = [
      saidOf('logs.'),
      saidOf('cloudfront.amazonaws.com'),
      saidOf('cloudwatch.amazonaws.com'),
    ];
    // CloudWatch Logs is another service in each region.
    expect(JSON.stringify(logs[0]?.Principal)).toContain('"logs.",{"Ref":"AWS::Region"}');
    const context = logs[0]?.Condition?.ArnLike?.['kms:EncryptionContext:aws:logs:arn'];
    expect(JSON.stringify(context)).toMatch(/"AWS::AccountId"\},":log-group:Parlor-\*"/);
    expect(cloudFront).toMatchObject([{ Effect: 'Allow', Action: 'kms:Decrypt' }]);
    expect(JSON.stringify(cloudFront[0]?.Condition)).toMatch(
      /"AWS::AccountId"\},":distribution\/\*"/,
    );
    expect(alarms).toMatchObject([
      {
        Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      },
    ]);
  });

  test.each([
    ['Connect', ['dynamodb', 'secretsmanager']],
    ['SendMessage', ['dynamodb']],
    ['RoomAction', ['dynamodb', 'secretsmanager']],
    ['Disconnect', ['dynamodb']],
    ['Http', ['dynamodb', 'secretsmanager']],
    ['Login', ['dynamodb', 'secretsmanager']],
    ['FanOut', ['dynamodb']],
    ['Audit', ['dynamodb']],
    ['TokenExpiry', ['dynamodb']],
  ])('%s uses it by %j only', (name, services) => {
    const uses = policiesOf(template, name).filter(({ Action }) =>
      JSON.stringify(Action).includes('"kms:'),
    );
    const via = (service: string) => ({
      Action: ['kms:Decrypt', 'kms:DescribeKey'],
      Effect: 'Allow',
      Resource: KEY,
      Condition: {
        StringEquals: {
          'kms:ViaService': {
            'Fn::Join': ['', [`${service}.`, { Ref: 'AWS::Region' }, '.amazonaws.com']],
          },
        },
      },
    });
    expect(uses).toEqual(services.map(via));
  });

  test('is used by what copies the page through S3 only', () => {
    const uses = policiesOf(template, 'EdgePageDeployment').filter(({ Action }) =>
      JSON.stringify(Action).includes('kms:'),
    );
    expect(uses).toContainEqual({
      Action: 'kms:*',
      Effect: 'Deny',
      Resource: KEY,
      Condition: {
        StringNotEquals: {
          'kms:ViaService': { 'Fn::Join': ['', ['s3.', { Ref: 'AWS::Region' }, '.amazonaws.com']] },
        },
      },
    });
  });

  test('is not there by default, and changes nothing but properties of what is there', () => {
    const without = allResources(templateWith());
    expect(Object.values(without).map(({ Type }) => Type)).not.toContain('AWS::KMS::Key');
    const added = Object.entries(allResources(template)).filter(([id]) => !(id in without));
    expect(added.map(([, { Type }]) => Type).sort()).toEqual(['AWS::KMS::Alias', 'AWS::KMS::Key']);
    expect(Object.keys(without).filter((id) => !(id in allResources(template)))).toEqual([]);
  });
});
