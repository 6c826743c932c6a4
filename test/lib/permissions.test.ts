import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { resources, statementsOf, templateWith } from './synthesize.ts';

let template: Template;
beforeAll(() => {
  template = templateWith({ edge: 'false' });
});

const idOfOnly = (type: string): string => {
  const [id, ...more] = Object.keys(resources(template, type));
  if (id === undefined || more.length > 0) throw new Error(`Not exactly one ${type}`);
  return id;
};

const FUNCTIONS = ['Connect', 'SendMessage', 'RoomAction', 'Disconnect', 'Http', 'Docs'];

describe('least privilege', () => {
  test.each([
    ['Connect', ['DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem']],
    ['SendMessage', ['DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem']],
    ['RoomAction', ['DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem']],
    ['Disconnect', ['DeleteItem', 'GetItem']],
    ['Http', ['DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem']],
    ['Docs', []],
  ])('%s may do with the items of the table what it needs', (name, actions) => {
    const arn = { 'Fn::GetAtt': [idOfOnly('AWS::DynamoDB::Table'), 'Arn'] };
    const onTable = statementsOf(template, name).filter(
      ({ Resource }) => JSON.stringify(Resource) === JSON.stringify(arn),
    );
    expect(onTable.flatMap(({ Action }) => Action)).toEqual(actions.map((a) => `dynamodb:${a}`));
  });

  test('only Http may query the index, and nobody anything else of DynamoDB', () => {
    const index = { 'Fn::Join': ['', [expect.anything(), '/index/visits']] };
    for (const name of FUNCTIONS) {
      const elsewhere = statementsOf(template, name).filter(
        ({ Action, Resource }) =>
          JSON.stringify(Action).includes('dynamodb:') &&
          !Object.hasOwn(Object(Resource), 'Fn::GetAtt'),
      );
      expect(elsewhere).toEqual(
        name === 'Http' ? [{ Action: 'dynamodb:Query', Effect: 'Allow', Resource: index }] : [],
      );
    }
  });

  test.each([
    ['Connect', ['GET']],
    ['SendMessage', ['GET', 'POST']],
    ['RoomAction', []],
    ['Disconnect', []],
    ['Http', ['GET', 'POST']],
    ['Docs', []],
  ])('%s reaches connections of this API only, by %j', (name, methods) => {
    const reach = statementsOf(template, name).filter(({ Action }) =>
      JSON.stringify(Action).includes('execute-api:'),
    );
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

  test('only Connect and Http may read the secret, and no environment holds it', () => {
    const secret = idOfOnly('AWS::SecretsManager::Secret');
    for (const name of FUNCTIONS) {
      const reads = statementsOf(template, name).filter(({ Action }) =>
        JSON.stringify(Action).includes('secretsmanager:'),
      );
      const may = name === 'Connect' || name === 'Http';
      expect(reads).toEqual(
        may
          ? [
              {
                Action: 'secretsmanager:GetSecretValue',
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
