import { describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { canaryIssuer } from '../../lambdas/auth/canary-issuer.ts';
import { keys } from '../../lambdas/aws/keys.ts';
import { identityOf } from '../../lambdas/canary/way-in.ts';
import { policiesOf, resources, templateWith, withStack } from './synthesize.ts';

const DIRECT = { canary: 'true', edge: 'false' };
const CORP = { corp: { issuer: 'https://login.example.com', audience: 'parlor' } };
const WITHOUT_ACCOUNTS = {
  ...DIRECT,
  issuers: JSON.stringify({ accounts: false, ...CORP }),
};

const functionOf = (template: Template, name: string) => {
  const found = Object.entries(resources(template, 'AWS::Lambda::Function')).find(([id]) =>
    new RegExp(`^${name}[0-9A-F]{8}$`).test(id),
  );
  if (!found) throw new Error(`There is no function ${name}.`);
  const [id, { Properties }] = found;
  const { Variables } = Properties.Environment as { Variables: Record<string, unknown> };
  return { id, properties: Properties, variables: Variables };
};

/** A value of the template as text, each reference as the name of what it refers to. */
const asText = (value: unknown): string => {
  if (typeof value === 'string') return value;
  const { 'Fn::Join': join, 'Fn::GetAtt': attribute, Ref: ref } = value as Record<string, unknown>;
  if (Array.isArray(join)) return join[1].map(asText).join('');
  return `<${Array.isArray(attribute) ? attribute.join('.') : ref}>`;
};

const settingsOf = (template: Template) =>
  JSON.parse(asText(functionOf(template, 'Canary').variables.PARLOR_CANARY));

describe('the canary’s function', () => {
  test('is there only where it is asked for', () => {
    expect(() => functionOf(templateWith({ edge: 'false' }), 'Canary')).toThrow();
  });

  test('is called every five minutes, and never again for a call that failed', () => {
    const template = templateWith(DIRECT);
    const { id, properties } = functionOf(template, 'Canary');
    const rule = Object.values(resources(template, 'AWS::Events::Rule')).find(({ Properties }) =>
      JSON.stringify(Properties.Targets).includes(`"${id}"`),
    );
    expect(rule?.Properties).toMatchObject({ ScheduleExpression: 'rate(5 minutes)' });
    expect(rule?.Properties.Targets).toMatchObject([{ RetryPolicy: { MaximumRetryAttempts: 0 } }]);
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: id },
      MaximumRetryAttempts: 0,
    });
    // Five steps of ten seconds at most, and the end of two sockets and a login.
    expect(properties.Timeout).toBe(60);
  });

  test('talks where people do: at the edge, from its page', () => {
    const [distribution = ''] = Object.keys(
      resources(templateWith({ canary: 'true' }), 'AWS::CloudFront::Distribution'),
    );
    const host = `https://<${distribution}.DomainName>`;
    expect(settingsOf(templateWith({ canary: 'true' }))).toMatchObject({ url: host, origin: host });
    const named = { canary: 'true', domain: 'chat.example.com' };
    const certificateArn = 'arn:aws:acm:us-east-1:123456789012:certificate/0b1c2d3e-4f50';
    expect(settingsOf(templateWith({ ...named, certificateArn }))).toMatchObject({
      url: 'https://chat.example.com',
      origin: 'https://chat.example.com',
    });
  });

  test('talks to the APIs themselves where there is no edge, from an origin that is let in', () => {
    const settings = settingsOf(templateWith({ ...DIRECT, allowedOrigins: 'https://a.example' }));
    expect(settings.url).toMatch(/^<RestApi\w+\.ApiEndpoint>$/);
    expect(settings.socketUrl).toMatch(/^wss:\/\/<Socket.*\/live$/);
    expect(settings.origin).toBe('https://a.example');
    expect(settingsOf(templateWith(DIRECT))).not.toHaveProperty('origin');
  });

  test('may read its own secret and write its own account, and nothing else', () => {
    const template = templateWith(DIRECT);
    const beside = policiesOf(template, 'Canary').filter(
      ({ Action }) => !JSON.stringify(Action).includes('logs:'),
    );
    const [table] = Object.keys(resources(template, 'AWS::DynamoDB::Table'));
    expect(beside).toEqual([
      {
        Action: 'secretsmanager:GetSecretValue',
        Effect: 'Allow',
        Resource: { Ref: expect.stringMatching(/^CanarySecret/) },
      },
      {
        Action: ['dynamodb:GetItem', 'dynamodb:PutItem'],
        Effect: 'Allow',
        Resource: { 'Fn::GetAtt': [table, 'Arn'] },
        Condition: {
          'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['USER#canary-*'] },
          Null: { 'dynamodb:LeadingKeys': 'false' },
        },
      },
    ]);
    expect(keys.account(identityOf('its secret').username).pk).toMatch(/^USER#canary-\w+$/);
    // Its password opens its account to nobody else.
    for (const name of ['Connect', 'Http', 'Login', 'RoomAction']) {
      expect(JSON.stringify(policiesOf(template, name))).not.toContain('CanarySecret');
    }
  });

  test('is taken for an issuer of its own where there are no built-in accounts', () => {
    const template = templateWith(WITHOUT_ACCOUNTS);
    expect(settingsOf(template)).toMatchObject({ hasAccounts: false });
    const [secret = ''] = Object.keys(resources(template, 'AWS::SecretsManager::Secret')).filter(
      (id) => id.startsWith('CanarySecret'),
    );
    for (const name of ['Connect', 'Http', 'Login', 'RoomAction']) {
      const issuers = JSON.parse(asText(functionOf(template, name).variables.PARLOR_ISSUERS));
      expect(issuers.accounts).toBe(false);
      expect(issuers.outside.at(-1)).toEqual(
        JSON.parse(JSON.stringify(canaryIssuer(`<${secret}>`))),
      );
      expect(JSON.stringify(policiesOf(template, name))).toContain(secret);
    }
    expect(JSON.stringify(policiesOf(template, 'Canary'))).not.toContain('dynamodb');
  });

  test('does not share its name with another issuer', () => {
    const issuers = (name: string, accounts: boolean) =>
      JSON.stringify({ accounts, [name]: CORP.corp });
    const synthesize = (name: string, accounts: boolean) =>
      withStack({ ...DIRECT, issuers: issuers(name, accounts) }, () => undefined);
    expect(() => synthesize('canary', false)).toThrow("the canary's own name");
    expect(() => synthesize('canary', true)).not.toThrow();
  });
});
