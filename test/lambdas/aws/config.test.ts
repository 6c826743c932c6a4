import { describe, expect, test } from '@jest/globals';
import { DEFAULT_SETTINGS, readConfig, readLocalConfig } from '../../../lambdas/aws/config.ts';

const ENVIRONMENT = {
  PARLOR_TABLE: 'parlor-prod',
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'AKID',
  AWS_SECRET_ACCESS_KEY: 'secret',
};

describe('a deployed function', () => {
  test('is told by its environment', () => {
    expect(
      readConfig({
        ...ENVIRONMENT,
        AWS_SESSION_TOKEN: 'session',
        PARLOR_TOKEN_SECRET_ARN: 'arn:aws:secretsmanager:x',
        PARLOR_CONNECTIONS_ENDPOINT: 'https://x.execute-api.eu-central-1.amazonaws.com/prod',
        PARLOR_LOG_LEVEL: 'error',
        PARLOR_ROTATE_REFRESH_TOKENS: 'false',
        PARLOR_REGISTRATION: 'closed',
        PARLOR_ALLOWED_ORIGINS: 'https://a.example, https://b.example',
        PARLOR_STRICT_EXPIRY: 'true',
        PARLOR_ROOM_POSTS_PER_SECOND: '2500',
        PARLOR_POST_CLIENT: 'undici',
        PARLOR_FRAME_BURST: '200',
        PARLOR_FRAMES_PER_SECOND: '20',
        PARLOR_HISTORY_RETENTION_DAYS: '30',
        PARLOR_FANOUT_FUNCTION: 'parlor-fanout',
        PARLOR_EDGE_KEY_ARN: 'arn:aws:secretsmanager:y',
        PARLOR_ACCESS_TOKEN_MINUTES: '15',
        PARLOR_REFRESH_TOKEN_DAYS: '30',
        PARLOR_DOCS: 'false',
      }),
    ).toEqual({
      table: 'parlor-prod',
      region: 'eu-central-1',
      credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'session' },
      tokenSecretArn: 'arn:aws:secretsmanager:x',
      edgeKeyArn: 'arn:aws:secretsmanager:y',
      endpoint: undefined,
      dynamoEndpoint: undefined,
      dynamoClient: 'lean',
      stage: 'Parlor',
      tracing: false,
      connectionsEndpoint: 'https://x.execute-api.eu-central-1.amazonaws.com/prod',
      fanOutFunction: 'parlor-fanout',
      postClient: 'undici',
      canary: undefined,
      observability: 'full',
      logLevel: 'error',
      settings: {
        issuers: DEFAULT_SETTINGS.issuers,
        tokenLifetimes: { access: 900, refresh: 2_592_000 },
        strictExpiry: true,
        roomPostsPerSecond: 2_500,
        frameRate: { burst: 200, perSecond: 20 },
        historyRetentionDays: 30,
        rotateRefreshTokens: false,
        registration: 'closed',
        docs: false,
        allowedOrigins: ['https://a.example', 'https://b.example'],
      },
    });
  });

  test('has defaults for what an operator may choose', () => {
    expect(readConfig(ENVIRONMENT)).toMatchObject({
      tokenSecretArn: undefined,
      connectionsEndpoint: undefined,
      fanOutFunction: undefined,
      logLevel: 'info',
      postClient: 'lean',
      settings: DEFAULT_SETTINGS,
    });
  });

  test('has the SDK call DynamoDB where the operator says so, or where only the SDK knows the address', () => {
    const clientOf = (env: Record<string, string>) =>
      readConfig({ ...ENVIRONMENT, ...env }).dynamoClient;
    expect(clientOf({})).toBe('lean');
    expect(clientOf({ AWS_REGION: 'us-gov-west-1' })).toBe('lean');
    expect(clientOf({ PARLOR_DYNAMODB_CLIENT: 'sdk' })).toBe('sdk');
    expect(clientOf({ AWS_REGION: 'cn-north-1', PARLOR_DYNAMODB_CLIENT: 'lean' })).toBe('sdk');
    expect(clientOf({ AWS_REGION: 'us-isob-east-1' })).toBe('sdk');
    expect(clientOf({ AWS_USE_FIPS_ENDPOINT: 'true' })).toBe('sdk');
    expect(clientOf({ AWS_USE_DUALSTACK_ENDPOINT: 'true' })).toBe('sdk');
    expect(() => clientOf({ PARLOR_DYNAMODB_CLIENT: 'fast' })).toThrow(
      'PARLOR_DYNAMODB_CLIENT is "fast". Set it to lean or sdk.',
    );
  });

  test('takes DynamoDB’s own address before the one of all services', () => {
    const [all, own] = ['http://127.0.0.1:4566', 'http://127.0.0.1:8000'];
    const of = (env: Record<string, string>) =>
      readConfig({ ...ENVIRONMENT, ...env }).dynamoEndpoint;
    expect(of({ AWS_ENDPOINT_URL: all })).toBe(all);
    expect(of({ AWS_ENDPOINT_URL: all, AWS_ENDPOINT_URL_DYNAMODB: own })).toBe(own);
  });

  test.each(['0', '-1', '1.5', '1e3', 'day'])('takes no "%s" for the life of a token', (given) => {
    for (const name of ['PARLOR_ACCESS_TOKEN_MINUTES', 'PARLOR_REFRESH_TOKEN_DAYS']) {
      expect(() => readConfig({ ...ENVIRONMENT, [name]: given })).toThrow(
        `${name} is "${given}". Set it to a whole number, like`,
      );
    }
  });

  test.each([
    ['PARLOR_FRAME_BURST', '19', 'Set it to a number from 20 to 10000.'],
    ['PARLOR_FRAME_BURST', 'all', 'Set it to a whole number, like 100.'],
    ['PARLOR_FRAMES_PER_SECOND', '1001', 'Set it to a number from 1 to 1000.'],
    ['PARLOR_FRAMES_PER_SECOND', '0', 'Set it to a whole number, like 10.'],
  ])('takes for %s no "%s"', (name, given, advice) => {
    const environment = { ...ENVIRONMENT, [name]: given };
    expect(() => readConfig(environment)).toThrow(`${name} is "${given}". ${advice}`);
  });

  test.each(Object.keys(ENVIRONMENT))('does not start without %s', (name) => {
    const message = `Set the environment variables ${name}.`;
    expect(() => readConfig({ ...ENVIRONMENT, [name]: undefined })).toThrow(message);
    expect(() => readConfig({ ...ENVIRONMENT, [name]: '' })).toThrow(message);
  });

  test('names everything that is missing at once', () => {
    expect(() => readConfig({})).toThrow(
      'Set the environment variables PARLOR_TABLE, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY.',
    );
  });

  test('finds itself where it is the fanout function', () => {
    const itself = { PARLOR_FANOUT_FUNCTION: 'itself', AWS_LAMBDA_FUNCTION_NAME: 'fanout-1A2B' };
    expect(readConfig({ ...ENVIRONMENT, ...itself }).fanOutFunction).toBe('fanout-1A2B');
  });

  test('finds everything on the one address of an emulator, where it is told one', () => {
    const connections = {
      PARLOR_CONNECTIONS_ENDPOINT: 'https://x1.execute-api.eu-central-1.amazonaws.com/live',
    };
    expect(readConfig({ ...ENVIRONMENT, ...connections, AWS_ENDPOINT_URL: '' })).toMatchObject({
      endpoint: undefined,
      connectionsEndpoint: connections.PARLOR_CONNECTIONS_ENDPOINT,
    });
    for (const AWS_ENDPOINT_URL of ['https://127.0.0.1:4566', 'https://127.0.0.1:4566/']) {
      expect(readConfig({ ...ENVIRONMENT, ...connections, AWS_ENDPOINT_URL })).toMatchObject({
        endpoint: AWS_ENDPOINT_URL,
        connectionsEndpoint: 'https://127.0.0.1:4566/_aws/execute-api/x1/live',
      });
    }
    expect(readConfig({ ...ENVIRONMENT, AWS_ENDPOINT_URL: 'http://x' })).toMatchObject({
      connectionsEndpoint: undefined,
    });
  });

  test('takes a variable that is empty for one that is not set', () => {
    const empty = {
      PARLOR_LOG_LEVEL: '',
      PARLOR_ROTATE_REFRESH_TOKENS: '',
      PARLOR_REGISTRATION: '',
      PARLOR_ALLOWED_ORIGINS: ' , ',
      PARLOR_STRICT_EXPIRY: '',
      PARLOR_ROOM_POSTS_PER_SECOND: '',
      PARLOR_HISTORY_RETENTION_DAYS: '',
    };
    expect(readConfig({ ...ENVIRONMENT, ...empty })).toMatchObject({
      logLevel: 'info',
      settings: DEFAULT_SETTINGS,
    });
  });

  test('does not guess whether people may register', () => {
    expect(() => readConfig({ ...ENVIRONMENT, PARLOR_REGISTRATION: 'false' })).toThrow(
      'PARLOR_REGISTRATION is "false". Set it to open or closed.',
    );
  });

  test.each(['PARLOR_STRICT_EXPIRY', 'PARLOR_ROTATE_REFRESH_TOKENS'])(
    'does not guess what is meant by %s',
    (name) => {
      for (const value of ['True', '1', 'no', 'false ']) {
        expect(() => readConfig({ ...ENVIRONMENT, [name]: value })).toThrow(
          `${name} is "${value}". Set it to true or false.`,
        );
      }
    },
  );

  test.each(['0', '-1', 'many', '100001', 'NaN', 'Infinity'])(
    'does not start with %s posts per second',
    (rate) => {
      const environment = { ...ENVIRONMENT, PARLOR_ROOM_POSTS_PER_SECOND: rate };
      expect(() => readConfig(environment)).toThrow(
        `PARLOR_ROOM_POSTS_PER_SECOND is "${rate}". Set it to a number from 1 to 100000.`,
      );
    },
  );

  test.each(['0', '-1', '1.5', '3651', '1e2', 'for ever', ' '])(
    'does not start with history kept for %j days',
    (days) => {
      for (const read of [readConfig, readLocalConfig]) {
        expect(() => read({ ...ENVIRONMENT, PARLOR_HISTORY_RETENTION_DAYS: days })).toThrow(
          `PARLOR_HISTORY_RETENTION_DAYS is "${days}". Set it to a number of days from 1 to 3650, or not at all to keep history for ever.`,
        );
      }
    },
  );

  test('does not start with a log level that there is not', () => {
    expect(() => readConfig({ ...ENVIRONMENT, PARLOR_LOG_LEVEL: 'debug' })).toThrow(
      'PARLOR_LOG_LEVEL is "debug". Set it to info or error.',
    );
    expect(() => readConfig({ ...ENVIRONMENT, PARLOR_POST_CLIENT: 'node' })).toThrow(
      'PARLOR_POST_CLIENT is "node". Set it to lean or undici.',
    );
  });
});

describe('a local run', () => {
  test('needs to be told nothing', () => {
    expect(readLocalConfig({})).toEqual({
      port: 8000,
      dataFolder: '.parlor',
      dynamoEndpoint: undefined,
      logLevel: 'error',
      settings: DEFAULT_SETTINGS,
    });
  });

  test('is told by its environment', () => {
    expect(
      readLocalConfig({
        PORT: '0',
        PARLOR_DATA: '/data',
        PARLOR_DYNAMODB_ENDPOINT: 'http://127.0.0.1:8001',
        PARLOR_LOG_LEVEL: 'info',
        PARLOR_TRUST_PROXY: 'loopback',
      }),
    ).toMatchObject({
      trustProxy: 'loopback',
      port: 0,
      dataFolder: '/data',
      dynamoEndpoint: 'http://127.0.0.1:8001',
      logLevel: 'info',
    });
  });

  test('is told whose tokens to take, and does not start with what it does not understand', () => {
    const issuers = { corp: { issuer: 'http://localhost:8080/realms/corp', audience: 'chat' } };
    const told = readLocalConfig({ PARLOR_ISSUERS: JSON.stringify(issuers) }).settings.issuers;
    expect(told).toMatchObject({ accounts: true, outside: [{ name: 'corp', label: 'corp' }] });
    expect(() => readLocalConfig({ PARLOR_ISSUERS: '{"corp": {}}' })).toThrow(
      'PARLOR_ISSUERS: corp.issuer is missing. Give a text.',
    );
  });

  test.each(['http', '80.5', '-1', '65536', '1e9', 'NaN'])('does not start on port %s', (PORT) => {
    expect(() => readLocalConfig({ PORT })).toThrow(`PORT is "${PORT}". Give a number`);
  });
});
