import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { EDGE_KEY_HEADER } from '../../../lambdas/auth/edge-key.ts';
import { policiesOf, resources, templateWith } from '../synthesize.ts';

let template: Template;
beforeAll(() => {
  template = templateWith();
});

const secretId = () =>
  Object.keys(resources(template, 'AWS::SecretsManager::Secret')).find((id) =>
    id.startsWith('EdgeKey'),
  );

interface Origin {
  OriginCustomHeaders?: { HeaderName: string; HeaderValue: unknown }[];
  CustomOriginConfig?: unknown;
}

/** What CloudFront adds for each of the two APIs. */
function shown(of: Template) {
  const [distribution] = Object.values(resources(of, 'AWS::CloudFront::Distribution'));
  const config = distribution?.Properties.DistributionConfig as { Origins: Origin[] } | undefined;
  return (config?.Origins ?? [])
    .filter(({ CustomOriginConfig }) => CustomOriginConfig)
    .map(({ OriginCustomHeaders }) => OriginCustomHeaders);
}

/** Functions, by the beginning of their ids, whose environment names the key. */
const demanding = (of: Template) =>
  Object.entries(resources(of, 'AWS::Lambda::Function'))
    .filter(([, { Properties }]) => JSON.stringify(Properties).includes('PARLOR_EDGE_KEY_ARN'))
    .map(([id]) => id.slice(0, -8));

describe("the edge's key", () => {
  test('is shown to both APIs, by a reference that CloudFormation follows', () => {
    const value = {
      'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: secretId() }, ':SecretString:::}}']],
    };
    const header = { HeaderName: EDGE_KEY_HEADER, HeaderValue: value };
    expect(shown(template)).toEqual([[header], [header]]);
  });

  test('is demanded, and may be read, where each client begins', () => {
    expect(demanding(template).sort()).toEqual(['Connect', 'Http', 'Login']);
    for (const name of ['Connect', 'Http', 'Login']) {
      const [[, demander] = []] = Object.entries(
        resources(template, 'AWS::Lambda::Function'),
      ).filter(([id]) => id.slice(0, -8) === name);
      expect(demander?.Properties.Environment).toMatchObject({
        Variables: { PARLOR_EDGE_KEY_ARN: { Ref: secretId() } },
      });
      const readable = policiesOf(template, name)
        .filter(({ Action }) => Action === 'secretsmanager:GetSecretValue')
        .flatMap(({ Resource }) => Resource);
      expect(readable).toContainEqual({ Ref: secretId() });
    }
  });

  test('goes with the stack: the next one makes another', () => {
    const secret = resources(template, 'AWS::SecretsManager::Secret')[String(secretId())];
    expect(secret?.DeletionPolicy).toBe('Delete');
  });

  test('is taken up in the version that is named', () => {
    const edgeKeyVersion = '0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0';
    const [headers] = shown(templateWith({ edgeKeyVersion }));
    expect(JSON.stringify(headers)).toContain(`:SecretString:::${edgeKeyVersion}}}`);
  });

  test.each(['directAccess=true', 'edge=false'])('is not there with %s', (setting) => {
    const [name = '', value = ''] = setting.split('=');
    const open = templateWith({ [name]: value });
    expect(demanding(open)).toEqual([]);
    expect(JSON.stringify(open.toJSON())).not.toContain('resolve:secretsmanager');
  });
});
