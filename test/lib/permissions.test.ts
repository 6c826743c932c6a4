import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { type ItemKind, PARTITIONS } from '../../lambdas/aws/keys.ts';
import { accessOf, statementsOf, type TableUser } from '../../lib/table-access.ts';
import { EVERY_OPTION, policiesOf, resources, templateWith } from './synthesize.ts';

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

const TABLE_USERS = FUNCTIONS.filter((name) => name !== 'Docs');

interface Allowed {
  action: string;
  /** The keys that it is about, as patterns of IAM's. */
  keys: string[];
  conditions: Record<string, Record<string, string | string[]>>;
}

/** What changes nothing. */
const READS = new Set(['GetItem', 'BatchGetItem', 'Query'].map((action) => `dynamodb:${action}`));

const ISSUERS = { issuers: EVERY_OPTION.issuers ?? '' };

/** What a role may do with the table's items, one action after the other. */
function onItems(name: string, outsiders: boolean): Allowed[] {
  const stack = templateWith({ edge: 'false', ...(outsiders && ISSUERS) });
  const [table] = Object.keys(resources(stack, 'AWS::DynamoDB::Table'));
  const arn = JSON.stringify({ 'Fn::GetAtt': [table, 'Arn'] });
  return policiesOf(stack, name)
    .filter(({ Resource }) => JSON.stringify(Resource) === arn)
    .flatMap(({ Action, Condition }) => {
      const conditions = Condition as Allowed['conditions'];
      const keys = [conditions['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'] ?? []].flat();
      return [Action].flat().map((action) => ({ action, keys, conditions: inLists(conditions) }));
    });
}

/** IAM's JSON has one value where a list has one. */
const inLists = (conditions: Allowed['conditions']): Allowed['conditions'] =>
  Object.fromEntries(
    Object.entries(conditions).map(([operator, keys]) => [
      operator,
      Object.fromEntries(
        Object.entries(keys).map(([key, value]) => [
          key,
          operator.startsWith('ForAllValues') ? [value].flat() : value,
        ]),
      ),
    ]),
  );

describe('least privilege', () => {
  test.each(TABLE_USERS)('%s may do with the items of the table what it does', (name) => {
    const user = (name.charAt(0).toLowerCase() + name.slice(1)) as TableUser;
    for (const outsiders of [false, true]) {
      const wanted = statementsOf(accessOf(user, outsiders)).flatMap(({ actions, conditions }) =>
        actions.map((action) => ({ action, conditions })),
      );
      expect(onItems(name, outsiders)).toEqual(
        expect.arrayContaining(wanted.map((each) => expect.objectContaining(each))),
      );
      expect(onItems(name, outsiders)).toHaveLength(wanted.length);
    }
  });

  test('every kind of item is somebody’s to write', () => {
    const written = TABLE_USERS.flatMap((name) => onItems(name, true))
      .filter(({ action }) => !READS.has(action))
      .flatMap(({ keys }) => keys);
    for (const start of Object.values(PARTITIONS)) {
      expect(written.some((pattern) => pattern.startsWith(start))).toBe(true);
    }
  });

  test('accounts, logins and what counts attempts are written by who looks after them only', () => {
    const writers = (kind: ItemKind, outsiders: boolean) =>
      TABLE_USERS.filter((name) =>
        onItems(name, outsiders).some(
          ({ action, keys }) =>
            !READS.has(action) && keys.some((key) => key.startsWith(PARTITIONS[kind])),
        ),
      );
    for (const outsiders of [false, true]) {
      expect(writers('session', outsiders)).toEqual(['Http', 'Login']);
      expect(writers('attempts', outsiders)).toEqual(['Login']);
      expect(writers('source', outsiders)).toEqual(['Login']);
      expect(writers('superusers', outsiders)).toEqual(['Http']);
      expect(writers('ticket', outsiders)).toEqual(['Connect', 'Http']);
    }
    expect(writers('account', false)).toEqual(['Http', 'Login']);
    // Whom another issuer vouches for is met with his first token, and never a built-in account.
    expect(writers('account', true)).toEqual(['Connect', 'RoomAction', 'Http', 'Login']);
    for (const name of ['Connect', 'RoomAction']) {
      const ids = onItems(name, true)
        .filter(({ action }) => action === 'dynamodb:UpdateItem')
        .flatMap(({ keys }) => keys)
        .filter((key) => key.startsWith(PARTITIONS.account));
      expect(ids).toEqual(['USER#*:*']);
    }
  });

  test('only Login writes passwords’ hashes', () => {
    for (const name of TABLE_USERS) {
      const changes = onItems(name, true).filter(
        ({ action, keys }) =>
          !READS.has(action) && keys.some((key) => key.startsWith(PARTITIONS.account)),
      );
      const anything = changes.filter(
        ({ conditions }) => !('ForAllValues:StringEquals' in conditions),
      );
      expect(anything.length > 0).toBe(name === 'Login');
      expect(JSON.stringify(changes)).not.toContain('passwordHash');
    }
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
