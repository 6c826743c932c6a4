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
        PARLOR_ALLOWED_ORIGINS: 'https://a.example, https://b.example',
        PARLOR_STRICT_EXPIRY: 'true',
        PARLOR_ROOM_POSTS_PER_SECOND: '2500',
        PARLOR_FANOUT_FUNCTION: 'parlor-fanout',
      }),
    ).toEqual({
      table: 'parlor-prod',
      region: 'eu-central-1',
      credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'session' },
      tokenSecretArn: 'arn:aws:secretsmanager:x',
      connectionsEndpoint: 'https://x.execute-api.eu-central-1.amazonaws.com/prod',
      fanOutFunction: 'parlor-fanout',
      logLevel: 'error',
      settings: {
        strictExpiry: true,
        roomPostsPerSecond: 2_500,
        rotateRefreshTokens: false,
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
      settings: DEFAULT_SETTINGS,
    });
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

  test('takes a variable that is empty for one that is not set', () => {
    const empty = {
      PARLOR_LOG_LEVEL: '',
      PARLOR_ROTATE_REFRESH_TOKENS: '',
      PARLOR_ALLOWED_ORIGINS: ' , ',
      PARLOR_STRICT_EXPIRY: '',
      PARLOR_ROOM_POSTS_PER_SECOND: '',
    };
    expect(readConfig({ ...ENVIRONMENT, ...empty })).toMatchObject({
      logLevel: 'info',
      settings: DEFAULT_SETTINGS,
    });
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

  test('does not start with a log level that there is not', () => {
    expect(() => readConfig({ ...ENVIRONMENT, PARLOR_LOG_LEVEL: 'debug' })).toThrow(
      'PARLOR_LOG_LEVEL is "debug". Set it to info or error.',
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
      }),
    ).toMatchObject({
      port: 0,
      dataFolder: '/data',
      dynamoEndpoint: 'http://127.0.0.1:8001',
      logLevel: 'info',
    });
  });

  test.each(['http', '80.5', '-1', '65536', '1e9', 'NaN'])('does not start on port %s', (PORT) => {
    expect(() => readLocalConfig({ PORT })).toThrow(`PORT is "${PORT}". Give a number`);
  });
});
