import { describe, expect, test } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { readConfig as readFunctionConfig } from '../../lambdas/aws/config.ts';
import { readConfig } from '../../lib/config.ts';
import { policiesOf, resources, templateWith } from './synthesize.ts';

const ARN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:django-AbCdEf';
const ISSUERS = {
  accounts: false,
  corp: { issuer: 'https://id.example.com/realms/corp', audience: 'chat' },
  django: { secret: { arn: ARN }, displayName: 'username' },
};
const CHECKERS = ['Connect', 'RoomAction', 'Http', 'Login'];
const OTHERS = ['SendMessage', 'Disconnect', 'Docs', 'FanOut', 'Audit', 'TokenExpiry'];

function environmentOf(template: Template, name: string): Record<string, unknown> {
  const functions = Object.entries(resources(template, 'AWS::Lambda::Function'));
  const [, found] = functions.find(([id]) => new RegExp(`^${name}[0-9A-F]{8}$`).test(id)) ?? [];
  const { Variables = {} } = (found?.Properties.Environment ?? {}) as {
    Variables?: Record<string, unknown>;
  };
  return Variables;
}

const secretsOf = (template: Template, name: string) =>
  policiesOf(template, name)
    .filter(({ Action }) => [Action].flat().includes('secretsmanager:GetSecretValue'))
    .flatMap(({ Resource }) => Resource);

const settingsOf = (issuers: unknown) => readConfig(new App({ context: { issuers } }).node);

describe('issuers', () => {
  test('are told to the functions that check tokens, who may read the secrets, and to no other', () => {
    const template = templateWith({ edge: 'false', issuers: JSON.stringify(ISSUERS) });
    for (const name of CHECKERS) {
      const told = String(environmentOf(template, name).PARLOR_ISSUERS);
      const aws = { AWS_REGION: 'r', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 's' };
      const { settings } = readFunctionConfig({ ...aws, PARLOR_TABLE: 't', PARLOR_ISSUERS: told });
      expect(settings.issuers).toEqual(settingsOf(ISSUERS).issuers);
      expect(settings.issuers).toMatchObject({
        accounts: false,
        outside: [{ name: 'corp' }, { name: 'django', key: { from: { arn: ARN } } }],
      });
      expect(secretsOf(template, name)).toContain(ARN);
      expect(secretsOf(template, name)).toHaveLength(2);
    }
    for (const name of OTHERS) {
      expect(environmentOf(template, name)).not.toHaveProperty('PARLOR_ISSUERS');
      expect(secretsOf(template, name)).toEqual([]);
    }
  });

  test('are not mentioned where there are the built-in accounts only', () => {
    const silent: Record<string, string>[] = [{}, { issuers: '{"accounts": true}' }];
    for (const context of silent) {
      const template = templateWith({ edge: 'false', ...context });
      for (const name of CHECKERS) {
        expect(environmentOf(template, name)).not.toHaveProperty('PARLOR_ISSUERS');
        expect(secretsOf(template, name)).toHaveLength(1);
      }
    }
  });

  test('that share no secret bring no permission', () => {
    const { corp } = ISSUERS;
    const template = templateWith({ edge: 'false', issuers: JSON.stringify({ corp }) });
    for (const name of CHECKERS) expect(secretsOf(template, name)).toHaveLength(1);
  });

  test('may stand in cdk.json as they are', () => {
    expect(settingsOf(ISSUERS).issuers).toEqual(settingsOf(JSON.stringify(ISSUERS)).issuers);
  });

  test('that are wrong, or too many for an environment, are refused', () => {
    expect(() => settingsOf({ corp: { issuer: 'https://x.example' } })).toThrow(
      '-c issuers: corp.audience is missing',
    );
    expect(() => settingsOf('corp')).toThrow('-c issuers is not a JSON object.');
    const many = Array.from({ length: 12 }, (_, n) => [
      `corp-${n}`,
      { issuer: `https://${n}.example`, audience: 'chat' },
    ]);
    expect(() => settingsOf(Object.fromEntries(many))).toThrow(/has room for 3000. Name fewer./);
  });
});
