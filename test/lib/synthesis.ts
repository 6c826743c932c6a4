import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { readConfig } from '../../lib/config.ts';
import { docsDirectory } from '../../lib/docs/docs-directory.ts';
import { addStage } from '../../lib/parlor-app.ts';
import type { ParlorStack } from '../../lib/parlor-stack.ts';

const ENTRIES = [
  ...['connect', 'send-message', 'room-action', 'disconnect', 'http', 'login', 'docs'],
  ...['fanout', 'audit', 'token-expiry', 'canary'],
];

/** What `cdk synth` is told by cdk.json, and then by `-c`. */
const settings: { context: Record<string, unknown> } = JSON.parse(
  readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'),
);

/** Every setting at once, each off its default; but `observability`, which would leave parts out. */
export const EVERY_OPTION: Readonly<Record<string, string>> = {
  stage: 'all',
  domain: 'chat.example.com',
  certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/0b1c2d3e-4f50',
  hostedZoneId: 'Z0123456789ABCDEFGHIJ',
  waf: 'true',
  edgeKeyVersion: '0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0',
  allowedOrigins: 'https://a.example,https://b.example:8443',
  encryptionKey: 'customer',
  retainData: 'false',
  tags: '{"team":"chat","cost-centre":"4711"}',
  release: 'canary',
  backup: 'eu-west-1',
  backupHours: '1',
  historyRetentionDays: '365',
  logRetentionDays: '90',
  logLevel: 'error',
  alarmEmail: 'ops@example.com',
  monthlyBudget: '100',
  canary: 'true',
  tracing: 'true',
  dynamoClient: 'sdk',
  issuers: JSON.stringify({
    corp: { issuer: 'https://login.example.com', audience: 'parlor' },
    django: {
      secret: { arn: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:django-a1B2c3' },
    },
  }),
  accessTokenMinutes: '15',
  refreshTokenDays: '30',
  rotateRefreshTokens: 'false',
  registration: 'closed',
  loginConcurrency: '20',
  docs: 'false',
  strictExpiry: 'true',
  roomPostsPerSecond: '1250',
  postClient: 'undici',
  frameBurst: '200',
  framesPerSecond: '20',
  socketRequestsPerSecond: '500',
  socketRequestBurst: '250',
  restRequestsPerSecond: '250',
  restRequestBurst: '125',
  apiGatewayLogRole: 'false',
};

/**
 * Hands over an app with the stack, over stand-ins for the bundles, so that nothing is bundled.
 * What is written for it goes afterwards. CloudFormation's rules take two seconds to try: only
 * where they are asked for.
 */
export function withStack<T>(
  context: Readonly<Record<string, string>>,
  use: (app: App, stack: ParlorStack) => T,
  { isValidated } = { isValidated: false },
): T {
  const folder = mkdtempSync(join(tmpdir(), 'parlor-synth-'));
  try {
    const pageDirectory = join(folder, 'page');
    for (const entry of ENTRIES) {
      mkdirSync(join(folder, entry));
      writeFileSync(join(folder, entry, 'index.js'), `// ${entry}`);
    }
    for (const built of [pageDirectory, docsDirectory(folder)]) {
      mkdirSync(built);
      writeFileSync(join(built, 'index.html'), 'built');
    }
    const app = new App({
      context: { ...settings.context, ...context },
      outdir: join(folder, 'cdk.out'),
      builtinCloudFormationValidation: isValidated,
    });
    const config = readConfig(app.node);
    const stack = addStage(app, { config, codeDirectory: folder, pageDirectory });
    return use(app, stack);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const templates = new Map<string, Template>();

/** Of the chat's stack. The same settings give the same template, which nobody may change. */
export function templateWith(context: Readonly<Record<string, string>> = {}): Template {
  const settings = JSON.stringify(context);
  const template =
    templates.get(settings) ?? withStack(context, (_, stack) => Template.fromStack(stack));
  templates.set(settings, template);
  return template;
}

/** The same for the stacks in us-east-1. */
export const webAclTemplateWith = besideTemplate('ParlorWebAcl');
export const globalAlarmsTemplateWith = besideTemplate('ParlorGlobalAlarms');

function besideTemplate(id: string) {
  return (context: Readonly<Record<string, string>>): Template =>
    withStack(context, (app) => Template.fromStack(app.node.findChild(id) as Stack));
}

export interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  DependsOn?: string[];
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
}

/** All resources of a template, by logical id. */
export function allResources(template: Template): Record<string, Resource> {
  return template.toJSON().Resources as Record<string, Resource>;
}

/** Resources of a type, by logical id. */
export function resources(template: Template, type: string): Record<string, Resource> {
  return template.findResources(type) as Record<string, Resource>;
}

export interface Statement {
  Action: string | string[];
  Resource: unknown;
  Condition?: unknown;
}

/**
 * What a function's role may do, over all its policies, by the function's name.
 *
 * @throws where there is no such function, which may do nothing for another reason
 */
export function policiesOf(template: Template, name: string): Statement[] {
  const role = new RegExp(`^${name}Role[0-9A-F]{8}$`);
  if (!Object.keys(resources(template, 'AWS::IAM::Role')).some((id) => role.test(id))) {
    throw new Error(`The template has no function ${name}.`);
  }
  return Object.values(resources(template, 'AWS::IAM::Policy'))
    .filter(({ Properties }) =>
      (Properties.Roles as { Ref: string }[]).some(({ Ref }) => role.test(Ref)),
    )
    .flatMap(
      ({ Properties }) => (Properties.PolicyDocument as { Statement: Statement[] }).Statement,
    );
}
