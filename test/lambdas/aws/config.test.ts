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
      }),
    ).toEqual({
      table: 'parlor-prod',
      region: 'eu-central-1',
      credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'session' },
      tokenSecretArn: 'arn:aws:secretsmanager:x',
      connectionsEndpoint: 'https://x.execute-api.eu-central-1.amazonaws.com/prod',
      logLevel: 'error',
      settings: {
        rotateRefreshTokens: false,
        allowedOrigins: ['https://a.example', 'https://b.example'],
      },
    });
  });

  test('has defaults for what an operator may choose', () => {
    expect(readConfig(ENVIRONMENT)).toMatchObject({
      tokenSecretArn: undefined,
      connectionsEndpoint: undefined,
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
