import { describe, expect, test } from '@jest/globals';
import type { App } from 'aws-cdk-lib';
import { allResources, EVERY_OPTION, templateWith, withStack } from './synthesize.ts';

/** All that a deployment sends: each stack's template, and the assets by their hashes. */
function sent(app: App): Record<string, unknown> {
  const assembly = app.synth();
  return Object.fromEntries(
    assembly.stacks.map((stack) => [stack.stackName, [stack.template, stack.assets]]),
  );
}

/** Names that a template itself gives, by the logical id of who has it. */
function namesIn(context: Readonly<Record<string, string>>): string[] {
  return Object.entries(allResources(templateWith(context))).flatMap(([id, { Properties }]) =>
    namesOf(Properties).map((name) => `${id} ${name}`),
  );
}

function namesOf(properties: Record<string, unknown>): string[] {
  const configs = Object.entries(properties).filter(([key]) => key.endsWith('Config'));
  return [
    ...Object.entries(properties),
    ...configs.flatMap(([, config]) => Object.entries(config as object)),
  ]
    .filter(([key, name]) => /^\w*Name$/.test(key) && !PARTS.has(key) && isFixed(name))
    .map(([key, name]) => `${key}=${JSON.stringify(name)}`);
}

/** A name that is text alone, or text around the region, is the same in each deployment. */
const isFixed = (name: unknown): boolean =>
  typeof name === 'string' || (JSON.stringify(name) ?? '').includes('"AWS::Region"');

/** Names that count within a resource only, or are those of something else. */
const PARTS = new Set(['StageName', 'PolicyName', 'MetricName']);

describe('redeploying', () => {
  test.each([
    ['by default', {}],
    ['with every option on', EVERY_OPTION],
  ])('with no change changes nothing, %s', (_, context) => {
    const first = withStack(context, sent);
    expect(Object.keys(first)).toHaveLength(context === EVERY_OPTION ? 4 : 1);
    expect(withStack(context, sent)).toEqual(first);
  });
});

describe('stages in one account', () => {
  test('share no name', () => {
    const names = namesIn({ stage: 'one' });
    expect(names.length).toBeGreaterThan(5);
    const others = new Set(namesIn({ stage: 'two' }));
    expect(names.filter((name) => others.has(name))).toEqual([]);
  });
});
