import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { readConfig } from '../../lambdas/aws/config.ts';
import { keys } from '../../lambdas/aws/keys.ts';
import { LONGEST_LEASE_MS } from '../../lambdas/chat/pump-budget.ts';
import { type Resource, resources, templateWith } from './synthesize.ts';

let template: Template;
beforeAll(() => {
  template = templateWith({ edge: 'false' });
});

const only = (type: string): [string, Resource['Properties']] => {
  const [found, ...more] = Object.entries(resources(template, type));
  if (!found || more.length > 0) throw new Error(`Not exactly one ${type}`);
  return [found[0], found[1].Properties];
};

const functions = () => resources(template, 'AWS::Lambda::Function');
const functionId = (name: string): string =>
  Object.keys(functions()).find((id) => new RegExp(`^${name}[0-9A-F]{8}$`).test(id)) ?? 'none';
const propertiesOf = (name: string) => functions()[functionId(name)]?.Properties ?? {};
const variablesOf = (name: string) =>
  (propertiesOf(name).Environment as { Variables: Record<string, unknown> } | undefined)
    ?.Variables ?? {};

/** How asynchronous calls of a function are tried. */
const triesOf = (name: string) =>
  Object.values(resources(template, 'AWS::Lambda::EventInvokeConfig'))
    .map(({ Properties }) => Properties)
    .find(({ FunctionName }) => JSON.stringify(FunctionName) === `{"Ref":"${functionId(name)}"}`);

describe('the fanout function', () => {
  test('has time for two of the longest rounds, a CPU for signing, no reserved share, and may call itself', () => {
    const properties = propertiesOf('FanOut');
    expect(properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Timeout: (2 * LONGEST_LEASE_MS) / 1_000,
      MemorySize: 1024,
      RecursiveLoop: 'Allow',
    });
    expect(properties).not.toHaveProperty('ReservedConcurrentExecutions');
  });

  test('is tried once more within a minute when it was handed a room', () => {
    expect(triesOf('FanOut')).toMatchObject({
      MaximumEventAgeInSeconds: 60,
      MaximumRetryAttempts: 1,
    });
  });

  test('is known by its name to who pumps, and finds out its own', () => {
    for (const name of ['SendMessage', 'Http', 'Audit']) {
      expect(variablesOf(name).PARLOR_FANOUT_FUNCTION).toEqual({ Ref: functionId('FanOut') });
    }
    for (const name of ['Connect', 'RoomAction', 'Disconnect', 'Login', 'Docs', 'TokenExpiry']) {
      expect(variablesOf(name)).not.toHaveProperty('PARLOR_FANOUT_FUNCTION');
    }
    const { fanOutFunction } = readConfig({
      PARLOR_TABLE: 'table',
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'id',
      AWS_SECRET_ACCESS_KEY: 'key',
      AWS_LAMBDA_FUNCTION_NAME: 'Parlor-FanOut',
      PARLOR_FANOUT_FUNCTION: String(variablesOf('FanOut').PARLOR_FANOUT_FUNCTION),
    });
    expect(fanOutFunction).toBe('Parlor-FanOut');
  });
});

describe('the audit', () => {
  const mapping = () => only('AWS::Lambda::EventSourceMapping')[1];

  test('follows the stream from its beginning, in batches, each record a bounded number of times', () => {
    const [table] = only('AWS::DynamoDB::Table');
    const [queue] = only('AWS::SQS::Queue');
    expect(mapping()).toEqual({
      FunctionName: { Ref: functionId('Audit') },
      EventSourceArn: { 'Fn::GetAtt': [table, 'StreamArn'] },
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 5,
      ParallelizationFactor: 4,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: 5,
      MaximumRecordAgeInSeconds: 3600,
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [queue, 'Arn'] } } },
      FilterCriteria: expect.anything(),
    });
    expect(propertiesOf('Audit').Timeout).toBe(60);
  });

  test('is called for new events and drafts, and for nothing else', () => {
    const { Filters } = mapping().FilterCriteria as { Filters: { Pattern: string }[] };
    const patterns = Filters.map(({ Pattern }) => JSON.parse(Pattern));
    expect(patterns).toEqual([
      {
        eventName: ['INSERT'],
        dynamodb: { Keys: { pk: { S: [{ prefix: expect.any(String) }, expect.anything()] } } },
      },
    ]);
    const prefixes: { prefix: string }[] = patterns[0].dynamodb.Keys.pk.S;
    const watched = (pk: string) => prefixes.some(({ prefix }) => pk.startsWith(prefix));
    const written = [
      ...[keys.log('größe'), keys.inbox('größe', 3), keys.lease('a').pk, keys.member('a', 'b').pk],
      ...[keys.presences('a', 0), keys.expiring(7), keys.connection('c').pk],
      ...[keys.userConnections('u'), keys.account('u').pk, keys.session('s').pk],
    ];
    for (const pk of written)
      expect([pk, watched(pk)]).toEqual([pk, keys.sighting(pk) !== undefined]);
    expect(written.filter(watched)).toHaveLength(2);
  });

  test('leaves what nobody could look after in an encrypted queue, over TLS only', () => {
    const [queue, properties] = only('AWS::SQS::Queue');
    expect(properties).toEqual({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600 });
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      Queues: [{ Ref: queue }],
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Deny',
            Action: 'sqs:*',
            Principal: { AWS: '*' },
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    });
  });
});

describe('the sweep of expiring tokens', () => {
  test('comes every minute, and one that fails is not repeated beside the next', () => {
    const [, rule] = only('AWS::Events::Rule');
    expect(rule).toMatchObject({
      ScheduleExpression: 'rate(1 minute)',
      State: 'ENABLED',
      Targets: [
        {
          Arn: { 'Fn::GetAtt': [functionId('TokenExpiry'), 'Arn'] },
          RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
        },
      ],
    });
    expect(triesOf('TokenExpiry')).toMatchObject({
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
    });
    template.hasResourceProperties('AWS::Lambda::Permission', {
      FunctionName: { 'Fn::GetAtt': [functionId('TokenExpiry'), 'Arn'] },
      Principal: 'events.amazonaws.com',
    });
  });
});
