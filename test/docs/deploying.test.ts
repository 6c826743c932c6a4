import { describe, expect, test } from '@jest/globals';
import type { App } from 'aws-cdk-lib';
import { parse } from 'yaml';
import { EVERY_OPTION, withStack } from '../lib/synthesize.ts';
import { readPage } from './pages.ts';

interface PolicyStatement {
  Action: string | string[];
  Resource: string;
}

const EXAMPLES = 'docs/examples';
const readPolicy = (file: string): { Statement: PolicyStatement[] } =>
  JSON.parse(readPage(`${EXAMPLES}/${file}`));
const policy = readPolicy('cloudformation-policy.json');
const actions = policy.Statement.flatMap(({ Action }) => Action);

/** Where a service's actions are called otherwise than its resources. */
const PREFIXES: Readonly<Record<string, string>> = { ApiGatewayV2: 'apigateway' };

/** A resource that a function of the stack's makes: CloudFormation calls that function. */
const prefixOf = (type: string): string => {
  const [kind, service = ''] = type.split('::');
  if (kind === 'Custom') return 'lambda';
  return PREFIXES[service] ?? service.toLowerCase();
};

const typesIn = (app: App): string[] =>
  app
    .synth()
    .stacks.flatMap(({ template }) =>
      Object.values(template.Resources as Record<string, { Type: string }>).map(({ Type }) => Type),
    );

const used = new Set(
  [{}, { edge: 'false' }, EVERY_OPTION].flatMap((context: Readonly<Record<string, string>>) =>
    withStack(context, typesIn).map(prefixOf),
  ),
);

describe('the policy for CloudFormation', () => {
  test('has every service of which a stack has something', () => {
    expect(used.size).toBeGreaterThan(15);
    const allowed = new Set(actions.map((action) => action.split(':')[0]));
    expect([...used].filter((service) => !allowed.has(service))).toEqual([]);
  });

  test('has no service of which no stack has anything', () => {
    const whole = actions.filter((action) => action.endsWith(':*'));
    expect(whole.map((action) => action.slice(0, -2)).filter((name) => !used.has(name))).toEqual(
      [],
    );
  });

  test('of IAM only has roles, each by its action, and only those of the stacks', () => {
    const ofIam = policy.Statement.filter(({ Action }) =>
      [Action].flat().some((action) => action.startsWith('iam:')),
    );
    expect(ofIam.flatMap(({ Action }) => Action).filter((each) => !/Role/.test(each))).toEqual([]);
    expect(ofIam.map(({ Resource }) => Resource)).toEqual([
      'arn:aws:iam::*:role/Parlor*',
      'arn:aws:iam::*:role/aws-service-role/*',
    ]);
    expect(actions).not.toContain('*');
  });

  test('is short enough for IAM', () => {
    // Without white space, which IAM doesn't count.
    expect(JSON.stringify(policy).length).toBeLessThan(6_144);
  });
});

describe('the workflow', () => {
  const text = readPage(`${EXAMPLES}/deploy.yml`);
  const workflow = parse(text);
  const steps: { run?: string; uses?: string; with?: Record<string, unknown> }[] =
    workflow.jobs.deploy.steps;

  test('comes by a role of the environment that the role trusts, and holds no key', () => {
    expect(workflow.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
    const trust = readPage(`${EXAMPLES}/trust-policy.json`);
    expect(trust).toContain(`:environment:${workflow.jobs.deploy.environment}"`);
    expect(text).not.toMatch(/secrets\.|aws-access-key|AWS_SECRET/i);
  });

  test('runs scripts that there are, and lets nobody be asked', () => {
    const { scripts } = JSON.parse(readPage('package.json'));
    const called = steps.flatMap(({ run = '' }) => /^npm run ([\w:]+)/.exec(run)?.[1] ?? []);
    expect(called).toEqual(['check', 'deploy', 'smoke']);
    expect(called.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
    expect(steps.map(({ run }) => run)).toContain('npm run deploy -- --require-approval never');
  });

  test('takes the Node that the functions run on', () => {
    expect(steps.find(({ uses }) => uses?.includes('setup-node'))?.with).toMatchObject({
      'node-version': 24,
    });
  });

  test('may take the roles of the bootstrap that the page makes', () => {
    const page = readPage('docs/deploying.md');
    const qualifier = /--qualifier (\w+)/.exec(page)?.[1];
    expect(page).toContain(`"@aws-cdk/core:bootstrapQualifier": "${qualifier}"`);
    const [roles] = readPolicy('deploy-role-policy.json').Statement;
    expect(roles).toMatchObject({
      Action: 'sts:AssumeRole',
      Resource: `arn:aws:iam::ACCOUNT:role/cdk-${qualifier}-*`,
    });
  });
});
