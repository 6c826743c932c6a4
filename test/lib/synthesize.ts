import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { readConfig } from '../../lib/config.ts';
import { ParlorStack } from '../../lib/parlor-stack.ts';

const ENTRIES = [
  ...['connect', 'send-message', 'room-action', 'disconnect', 'http', 'docs'],
  ...['fanout', 'audit', 'token-expiry'],
];

/** What `cdk synth` is told by cdk.json, and then by `-c`. */
const settings: { context: Record<string, unknown> } = JSON.parse(
  readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'),
);

/**
 * Hands over an app with the stack, over stand-ins for the bundles, so that nothing is bundled.
 * What is written for it goes afterwards.
 */
export function withStack<T>(
  context: Record<string, string>,
  use: (app: App, stack: ParlorStack) => T,
): T {
  const folder = mkdtempSync(join(tmpdir(), 'parlor-synth-'));
  try {
    for (const entry of ENTRIES) {
      mkdirSync(join(folder, entry));
      writeFileSync(join(folder, entry, 'index.js'), `// ${entry}`);
    }
    const app = new App({
      context: { ...settings.context, ...context },
      outdir: join(folder, 'cdk.out'),
    });
    const pageDirectory = join(folder, 'docs');
    const config = readConfig(app.node);
    const stack = new ParlorStack(app, 'Parlor', { config, codeDirectory: folder, pageDirectory });
    return use(app, stack);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function templateWith(context: Record<string, string> = {}): Template {
  return withStack(context, (_, stack) => Template.fromStack(stack));
}

export interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  DependsOn?: string[];
  DeletionPolicy?: string;
}

/** Resources of a type, by logical id. */
export function resources(template: Template, type: string): Record<string, Resource> {
  return template.findResources(type) as Record<string, Resource>;
}

export interface Statement {
  Action: string | string[];
  Resource: unknown;
}

/** What a function's role may do, over all its policies, by the function's name. */
export function policiesOf(template: Template, name: string): Statement[] {
  const role = new RegExp(`^${name}Role[0-9A-F]{8}$`);
  return Object.values(resources(template, 'AWS::IAM::Policy'))
    .filter(({ Properties }) =>
      (Properties.Roles as { Ref: string }[]).some(({ Ref }) => role.test(Ref)),
    )
    .flatMap(
      ({ Properties }) => (Properties.PolicyDocument as { Statement: Statement[] }).Statement,
    );
}
