import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { policiesOf, resources, templateWith } from './synthesize.ts';

let template: Template;
beforeAll(() => {
  template = templateWith({ edge: 'false' });
});

const idOfOnly = (type: string): string => {
  const [id, ...more] = Object.keys(resources(template, type));
  if (id === undefined || more.length > 0) throw new Error(`Not exactly one ${type}`);
  return id;
};

const FUNCTIONS = [
  ...['Connect', 'SendMessage', 'RoomAction', 'Disconnect', 'Http', 'Login', 'Docs'],
  ...['FanOut', 'Audit', 'TokenExpiry'],
];

/** What a role may do under a service's prefix, over all its policies. */
const allowed = (name: string, service: string) =>
  policiesOf(template, name).filter(({ Action }) =>
    JSON.stringify(Action).includes(`"${service}:`),
  );

const arnOf = (name: string) => ({
  'Fn::GetAtt': [expect.stringMatching(`^${name}[0-9A-F]{8}$`), 'Arn'],
});

describe('least privilege', () => {
  test.each([
    ['Connect', ['DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem']],
    ['SendMessage', ['DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem']],
    ['RoomAction', ['DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem']],
    ['Disconnect', ['DeleteItem', 'GetItem']],
    ['Http', ['DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem']],
    ['Login', ['DeleteItem', 'GetItem', 'PutItem', 'UpdateItem']],
    ['Docs', []],
    ['FanOut', ['DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem']],
    ['Audit', ['DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem']],
    ['TokenExpiry', ['DeleteItem', 'GetItem', 'Query']],
  ])('%s may do with the items of the table what it needs', (name, actions) => {
    const arn = { 'Fn::GetAtt': [idOfOnly('AWS::DynamoDB::Table'), 'Arn'] };
    const onTable = policiesOf(template, name).filter(
      ({ Resource }) => JSON.stringify(Resource) === JSON.stringify(arn),
    );
    expect(onTable.flatMap(({ Action }) => Action)).toEqual(actions.map((a) => `dynamodb:${a}`));
  });

  test('only Http may query the index, only Audit read the stream, and nobody more of DynamoDB', () => {
    const table = idOfOnly('AWS::DynamoDB::Table');
    const index = { 'Fn::Join': ['', [expect.anything(), '/index/visits']] };
    const stream = { 'Fn::GetAtt': [table, 'StreamArn'] };
    const streamActions = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'];
    const further: Record<string, unknown[]> = {
      Http: [{ Action: 'dynamodb:Query', Effect: 'Allow', Resource: index }],
      Audit: [
        {
          Action: streamActions.map((action) => `dynamodb:${action}`),
          Effect: 'Allow',
          Resource: stream,
        },
      ],
    };
    const items = JSON.stringify({ 'Fn::GetAtt': [table, 'Arn'] });
    for (const name of FUNCTIONS) {
      const elsewhere = allowed(name, 'dynamodb').filter(
        ({ Resource }) => JSON.stringify(Resource) !== items,
      );
      expect(elsewhere).toEqual(further[name] ?? []);
    }
  });

  test('who pumps may call FanOut, itself included, and nobody any other function', () => {
    const call = { Action: 'lambda:InvokeFunction', Effect: 'Allow', Resource: arnOf('FanOut') };
    for (const name of FUNCTIONS) {
      const pumps = ['SendMessage', 'Http', 'FanOut', 'Audit'].includes(name);
      expect(allowed(name, 'lambda')).toEqual(pumps ? [call] : []);
    }
  });

  test('only Audit may put something in its queue', () => {
    for (const name of FUNCTIONS) {
      expect(allowed(name, 'sqs').map(({ Resource }) => Resource)).toEqual(
        name === 'Audit' ? [{ 'Fn::GetAtt': [idOfOnly('AWS::SQS::Queue'), 'Arn'] }] : [],
      );
    }
  });

  test.each([
    ['Connect', ['GET']],
    ['SendMessage', ['DELETE', 'GET', 'POST']],
    ['RoomAction', ['DELETE']],
    ['Disconnect', []],
    ['Http', ['DELETE', 'GET', 'POST']],
    ['Login', []],
    ['Docs', []],
    ['FanOut', ['GET', 'POST']],
    ['Audit', ['GET', 'POST']],
    ['TokenExpiry', ['DELETE', 'POST']],
  ])('%s reaches connections of this API only, by %j', (name, methods) => {
    const reach = allowed(name, 'execute-api');
    const socketApi = Object.entries(resources(template, 'AWS::ApiGatewayV2::Api')).find(
      ([, api]) => api.Properties.ProtocolType === 'WEBSOCKET',
    )?.[0];
    const [region, account] = [{ Ref: 'AWS::Region' }, { Ref: 'AWS::AccountId' }];
    expect(reach.flatMap(({ Action }) => Action)).toEqual(
      methods.length > 0 ? ['execute-api:ManageConnections'] : [],
    );
    expect(reach.flatMap(({ Resource }) => Resource)).toEqual(
      methods.map((method) => ({
        'Fn::Join': [
          '',
          [
            'arn:',
            { Ref: 'AWS::Partition' },
            ':execute-api:',
            region,
            ':',
            account,
            ':',
            { Ref: socketApi },
            `/live/${method}/@connections/*`,
          ],
        ],
      })),
    );
  });

  test('only who checks tokens may read the secret, and no environment holds it', () => {
    const secret = idOfOnly('AWS::SecretsManager::Secret');
    for (const name of FUNCTIONS) {
      const may = ['Connect', 'RoomAction', 'Http', 'Login'].includes(name);
      expect(allowed(name, 'secretsmanager')).toEqual(
        may
          ? [
              {
                Action: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'],
                Effect: 'Allow',
                Resource: { Ref: secret },
              },
            ]
          : [],
      );
    }
    expect(JSON.stringify(template.toJSON())).not.toContain('{{resolve:secretsmanager');
  });
});
