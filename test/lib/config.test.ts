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
    });
  });

  test('are read as the command line writes them, and as JSON does', () => {
    expect(
      configOf({
        edge: 'false',
        rotateRefreshTokens: false,
        apiGatewayLogRole: 'true',
        allowedOrigins: 'https://a.example, http://localhost:3000',
      }),
    ).toEqual({
      edge: false,
      rotateRefreshTokens: false,
      apiGatewayLogRole: true,
      allowedOrigins: ['https://a.example', 'http://localhost:3000'],
    });
  });

  test.each(['no', '', 0, 'False'])('do not take %j for a yes or a no', (edge) => {
    expect(() => configOf({ edge })).toThrow(/-c edge=.* is neither true nor false/);
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
