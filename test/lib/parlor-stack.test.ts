import { beforeAll, describe, expect, test } from '@jest/globals';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { EVERY_OPTION, type Resource, resources, templateWith } from './synthesize.ts';

let template: Template;
beforeAll(() => {
  template = templateWith();
});

const only = (type: string): [string, Resource] => {
  const [found, ...more] = Object.entries(resources(template, type));
  if (!found || more.length > 0) throw new Error(`Not exactly one ${type}`);
  return found;
};

/** The logical id of one of our functions. */
const functionId = (name: string): string =>
  Object.keys(resources(template, 'AWS::Lambda::Function')).find((id) =>
    new RegExp(`^${name}[0-9A-F]{8}$`).test(id),
  ) ?? 'none';

const variablesOf = (properties: Record<string, unknown>): Record<string, unknown> =>
  (properties.Environment as { Variables: Record<string, unknown> } | undefined)?.Variables ?? {};

const FUNCTIONS = ['Connect', 'SendMessage', 'RoomAction', 'Disconnect', 'Http', 'Login'];

describe('the table', () => {
  test('is on demand, encrypted, restorable, streams keys, expires items and is kept', () => {
    const [, table] = only('AWS::DynamoDB::Table');
    expect(table).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        // By a key that AWS owns: it always is.
        SSESpecification: { SSEEnabled: false },
        StreamSpecification: { StreamViewType: 'KEYS_ONLY' },
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
      },
    });
  });

  test('lists the rooms of a user by the time of the visit', () => {
    const [, table] = only('AWS::DynamoDB::Table');
    expect(table.Properties.GlobalSecondaryIndexes).toEqual([
      {
        IndexName: 'visits',
        KeySchema: [
          { AttributeName: 'visitor', KeyType: 'HASH' },
          { AttributeName: 'visitedAt', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ]);
    expect(table.Properties.AttributeDefinitions).toContainEqual({
      AttributeName: 'visitedAt',
      AttributeType: 'N',
    });
  });
});

describe('the functions', () => {
  test.each(FUNCTIONS)(
    '%s runs on Node 24, on arm64, and answers before API Gateway gives up',
    (name) => {
      const { Properties } = resources(template, 'AWS::Lambda::Function')[functionId(name)] ?? {};
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        MemorySize: ['Http', 'Login'].includes(name) ? 1024 : 512,
        Timeout: 29,
        LoggingConfig: { LogGroup: { Ref: expect.stringMatching(`^${name}Logs`) } },
      });
      expect(Properties).not.toHaveProperty('ReservedConcurrentExecutions');
    },
  );

  test('every log group forgets', () => {
    // Nine functions, two access logs, and CDK's copying function; the canary, and what calls us-east-1.
    const groups = Object.values(resources(template, 'AWS::Logs::LogGroup'));
    expect(groups.map(({ Properties }) => Properties.RetentionInDays)).toEqual(Array(12).fill(30));
    // With the canary's and that of the function that calls us-east-1.
    const told = Object.values(resources(templateWith(EVERY_OPTION), 'AWS::Logs::LogGroup'));
    expect(told.map(({ Properties }) => Properties.RetentionInDays)).toEqual(Array(14).fill(90));
  });
});

describe('the secret', () => {
  test('is made on deployment and kept', () => {
    const secrets = Object.entries(resources(template, 'AWS::SecretsManager::Secret'));
    const [, secret] = secrets.find(([id]) => id.startsWith('TokenSecret')) ?? [];
    // Not by the rollback of a first deployment that failed, which would leave it behind.
    expect(secret?.DeletionPolicy).toBe('RetainExceptOnCreate');
    expect(secret?.Properties.GenerateSecretString).toEqual({
      PasswordLength: 64,
      ExcludePunctuation: true,
    });
  });
});

describe('the settings', () => {
  test('reach the functions that heed them, the edge own page among the origins', () => {
    const set = templateWith({
      rotateRefreshTokens: 'false',
      allowedOrigins: 'https://a.example,https://b.example:8443',
    });
    set.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ PARLOR_ROTATE_REFRESH_TOKENS: 'false' }) },
    });
    const origins = [
      '',
      [
        'https://a.example,https://b.example:8443,https://',
        { 'Fn::GetAtt': [Match.stringLikeRegexp('^EdgeDistribution'), 'DomainName'] },
      ],
    ];
    set.hasResourceProperties('AWS::Lambda::Function', {
      Description: 'Admits a socket and records it',
      Environment: {
        Variables: Match.objectLike({ PARLOR_ALLOWED_ORIGINS: { 'Fn::Join': origins } }),
      },
    });
  });

  test('of logins reach who hashes passwords, and nobody else', () => {
    const set = templateWith({ edge: 'false', registration: 'closed', loginConcurrency: '20' });
    for (const [id, { Properties }] of Object.entries(resources(set, 'AWS::Lambda::Function'))) {
      const isLogin = id.startsWith('Login');
      expect(variablesOf(Properties).PARLOR_REGISTRATION).toBe(isLogin ? 'closed' : undefined);
      expect(Properties.ReservedConcurrentExecutions).toBe(isLogin ? 20 : undefined);
    }
  });

  test('of delivery reach who pumps, and of expiry who admits', () => {
    const set = templateWith({
      edge: 'false',
      roomPostsPerSecond: '1250',
      postClient: 'undici',
      frameBurst: '200',
      historyRetentionDays: '30',
      strictExpiry: 'true',
      accessTokenMinutes: '15',
      refreshTokenDays: '30',
      logLevel: 'error',
      dynamoClient: 'sdk',
    });
    const told = (variable: string, value: string) =>
      Object.entries(resources(set, 'AWS::Lambda::Function'))
        .filter(([, { Properties }]) => variablesOf(Properties)[variable] === value)
        .map(([id]) => id.slice(0, -8));
    expect(told('PARLOR_ROOM_POSTS_PER_SECOND', '1250').sort()).toEqual([
      ...['Audit', 'FanOut', 'Http', 'SendMessage'],
    ]);
    expect(told('PARLOR_POST_CLIENT', 'undici').sort()).toEqual([
      ...['Audit', 'FanOut', 'Http', 'SendMessage'],
    ]);
    // Whoever puts in the log says until when it is kept, drafts of others included.
    expect(told('PARLOR_HISTORY_RETENTION_DAYS', '30').sort()).toEqual([
      ...['Audit', 'FanOut', 'Http', 'SendMessage'],
    ]);
    // Who takes frames counts them.
    expect(told('PARLOR_FRAME_BURST', '200').sort()).toEqual(['RoomAction', 'SendMessage']);
    expect(told('PARLOR_FRAMES_PER_SECOND', '10').sort()).toEqual(['RoomAction', 'SendMessage']);
    expect(told('PARLOR_STRICT_EXPIRY', 'true')).toEqual(['Connect']);
    // Who signs tokens and who checks them have to agree.
    for (const [variable, value] of [
      ['PARLOR_ACCESS_TOKEN_MINUTES', '15'],
      ['PARLOR_REFRESH_TOKEN_DAYS', '30'],
    ] as const) {
      expect(told(variable, value).sort()).toEqual(['Connect', 'Http', 'Login', 'RoomAction']);
    }
    expect(told('PARLOR_LOG_LEVEL', 'error')).toHaveLength(9);
    // Whoever calls DynamoDB: all but the docs.
    expect(told('PARLOR_DYNAMODB_CLIENT', 'sdk')).toHaveLength(9);
    const { Properties = {} } =
      resources(template, 'AWS::Lambda::Function')[functionId('Connect')] ?? {};
    expect(variablesOf(Properties).PARLOR_STRICT_EXPIRY).toBe('false');
  });

  test('allow every origin by default', () => {
    expect(JSON.stringify(template.toJSON())).not.toContain('PARLOR_ALLOWED_ORIGINS');
  });

  test('keep history for ever by default', () => {
    expect(JSON.stringify(template.toJSON())).not.toContain('PARLOR_HISTORY_RETENTION_DAYS');
  });
});

describe('the outputs', () => {
  const host = { 'Fn::GetAtt': [expect.stringMatching('^EdgeDistribution'), 'DomainName'] };
  const TableName = { Value: { Ref: expect.stringMatching('^Table') } };

  test('name the edge, and the key by which it is known', () => {
    expect(template.toJSON().Outputs).toEqual({
      ChatUrl: { Value: { 'Fn::Join': ['', ['https://', host]] } },
      SocketUrl: { Value: { 'Fn::Join': ['', ['wss://', host, '/ws/chat/']] } },
      EdgeKeyArn: { Value: { Ref: expect.stringMatching('^EdgeKey') } },
      TableName,
    });
  });

  test('name the direct addresses where they may be used', () => {
    const { Outputs } = templateWith({ directAccess: 'true' }).toJSON();
    expect(Outputs).toEqual({
      ChatUrl: { Value: { 'Fn::Join': ['', ['https://', host]] } },
      SocketUrl: { Value: { 'Fn::Join': ['', ['wss://', host, '/ws/chat/']] } },
      DirectSocketUrl: {
        Value: {
          'Fn::Join': [
            '',
            [
              'wss://',
              expect.anything(),
              '.execute-api.',
              { Ref: 'AWS::Region' },
              '.',
              { Ref: 'AWS::URLSuffix' },
              '/live',
            ],
          ],
        },
      },
      RestUrl: { Value: { 'Fn::GetAtt': [expect.stringMatching('^RestApi'), 'ApiEndpoint'] } },
      TableName,
    });
  });

  test('name the chat by its own domain, and where that has to lead if nobody enters it', () => {
    const domain = {
      domain: 'chat.example.com',
      certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/0b1c2d3e-4f50',
    };
    const { Outputs } = templateWith(domain).toJSON();
    expect(Outputs).toMatchObject({
      ChatUrl: { Value: 'https://chat.example.com' },
      SocketUrl: { Value: 'wss://chat.example.com/ws/chat/' },
      DomainTarget: { Value: host },
    });
    const entered = templateWith({ ...domain, hostedZoneId: 'Z0123456789ABCDEFGHIJ' });
    expect(entered.toJSON().Outputs).not.toHaveProperty('DomainTarget');
  });
});

describe('without the edge', () => {
  test('there is no CloudFront and no bucket, and the outputs name the APIs', () => {
    const bare = templateWith({ edge: 'false' });
    const types = Object.values(bare.toJSON().Resources as Record<string, Resource>).map(
      ({ Type }) => Type,
    );
    expect(types.filter((type) => /CloudFront|S3|Custom::/.test(type))).toEqual([]);
    expect(types.filter((type) => type === 'AWS::Lambda::Function')).toHaveLength(10);
    const { Outputs } = bare.toJSON();
    expect(Object.keys(Outputs).sort()).toEqual(['ChatUrl', 'RestUrl', 'SocketUrl', 'TableName']);
    expect(Outputs.ChatUrl).toEqual(Outputs.RestUrl);
    expect(JSON.stringify(Outputs.SocketUrl)).toMatch(/wss:.*\/live/);
  });
});
