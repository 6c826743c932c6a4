import { describe, expect, test } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { readConfig } from '../../lib/config.ts';

const configOf = (context: Record<string, unknown>) => readConfig(new App({ context }).node);

describe('the settings of a deployment', () => {
  test('have defaults', () => {
    expect(configOf({})).toEqual({
      edge: true,
      rotateRefreshTokens: true,
      allowedOrigins: [],
      apiGatewayLogRole: true,
      strictExpiry: false,
      roomPostsPerSecond: 5000,
    });
  });

  test('are read as the command line writes them, and as JSON does', () => {
    expect(
      configOf({
        edge: 'false',
        rotateRefreshTokens: false,
        apiGatewayLogRole: 'true',
        strictExpiry: 'true',
        roomPostsPerSecond: '1250',
        allowedOrigins: 'https://a.example, http://localhost:3000',
      }),
    ).toEqual({
      edge: false,
      rotateRefreshTokens: false,
      apiGatewayLogRole: true,
      strictExpiry: true,
      roomPostsPerSecond: 1250,
      allowedOrigins: ['https://a.example', 'http://localhost:3000'],
    });
  });

  test.each(['no', '', 0, 'False'])('do not take %j for a yes or a no', (edge) => {
    expect(() => configOf({ edge })).toThrow(/-c edge=.* is neither true nor false/);
  });

  test.each(['0', '-1', '1.5', '1e3', '100001', 'many', '', true])(
    'do not take %j for a rate',
    (roomPostsPerSecond) => {
      expect(() => configOf({ roomPostsPerSecond })).toThrow(
        /-c roomPostsPerSecond=.* is not a whole number from 1 to 100000. Write -c roomPostsPerSecond=5000/,
      );
    },
  );

  test('take a rate as JSON has it', () => {
    expect(configOf({ roomPostsPerSecond: 100_000 }).roomPostsPerSecond).toBe(100_000);
  });

  test.each([
    'a.example',
    'https://a.example/',
    'https://A.example',
    'https://a.example:443',
    'https://a.example/chat',
    'https://u:p@a.example',
    'ftp://a.example',
    '*',
    'null',
    '',
    'https://a.example,',
  ])('do not take "%s" for origins, for no browser sends that', (allowedOrigins) => {
    expect(() => configOf({ allowedOrigins })).toThrow(/allowedOrigins: ".*" is not an origin/);
  });

  test('take origins as text only', () => {
    expect(() => configOf({ allowedOrigins: ['https://a.example'] })).toThrow(
      'allowedOrigins is a text of origins separated by commas, not object.',
    );
  });
});
