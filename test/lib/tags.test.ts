import { describe, expect, test } from '@jest/globals';
import { App, CfnResource, type Stack, TagManager } from 'aws-cdk-lib';
import { readConfig } from '../../lib/config.ts';
import { EVERY_OPTION, withStack } from './synthesize.ts';

const configOf = (context: Record<string, unknown>) => readConfig(new App({ context }).node);
const BOUNDARY = '@aws-cdk/core:permissionsBoundary';

const SETTINGS: readonly [string, Readonly<Record<string, string>>][] = [
  ['by default', {}],
  ['with every option on', EVERY_OPTION],
];

/** What each resource of the app's stacks is in its template, and whether it can have tags. */
function resourcesOf(app: App) {
  const { stacks } = app.synth();
  const templates = new Map(stacks.map(({ stackName, template }) => [stackName, template]));
  return app.node
    .findAll()
    .filter((each) => CfnResource.isCfnResource(each))
    .map((resource) => {
      const stack: Stack = resource.stack;
      const { Type, Properties = {} } =
        templates.get(stack.stackName)?.Resources[stack.resolve(resource.logicalId)] ?? {};
      return { Type, Properties, isTaggable: TagManager.of(resource) !== undefined };
    });
}

/** Tags stand in a list, or in a map; a plan for backups has them for what it makes. */
const tagsIn = (properties: Record<string, unknown>): unknown[] =>
  Object.entries(properties)
    .filter(([key]) => /Tags$/.test(key))
    .flatMap(([, tags]) =>
      Array.isArray(tags)
        ? tags.map(({ Key, Value }) => [Key, Value])
        : Object.entries(Object(tags)),
    );

describe('tags', () => {
  test.each(SETTINGS)('are on all that can have them, in every stack, %s', (_, context) => {
    const tags = '{"team":"chat","owner":"Ann Ö."}';
    const taggable = withStack({ ...context, tags }, resourcesOf).filter(
      ({ isTaggable }) => isTaggable,
    );
    expect(taggable.length).toBeGreaterThan(40);
    const without = taggable.filter(({ Properties }) => {
      const own = JSON.stringify(tagsIn(Properties));
      return !own.includes('["team","chat"]') || !own.includes('["owner","Ann Ö."]');
    });
    expect(without.map(({ Type }) => Type)).toEqual([]);
  });

  test('are on the stacks, from which CloudFormation gives them to the rest', () => {
    const stacks = withStack({ ...EVERY_OPTION, tags: '{"team":"chat"}' }, (app) =>
      app.synth().stacks.map(({ tags }) => tags),
    );
    expect(stacks).toEqual(Array(4).fill({ team: 'chat' }));
  });

  test('are read as the command line and as JSON have them', () => {
    expect(configOf({ tags: '{"team":"chat"}' }).tags).toEqual({ team: 'chat' });
    expect(configOf({ tags: { team: 'chat' } }).tags).toEqual({ team: 'chat' });
  });

  test.each([
    ['team=chat', 'is no object of JSON. Write {"team"'],
    [[{ Key: 'team', Value: 'chat' }], 'is no object of JSON. Write {"team"'],
    [{ 'aws:team': 'chat' }, "can't be a tag's key"],
    [{ team: 7 }, `7 can't be the value of "team"`],
    [{ team: 'a\nb' }, `can't be the value of "team"`],
  ])('that say nothing are refused: %j', (tags, problem) => {
    expect(() => configOf({ tags })).toThrow(problem);
  });
});

describe('a permissions boundary', () => {
  test.each(SETTINGS)('is on every role of every stack, %s', (_, context) => {
    const bounded = { ...context, [BOUNDARY]: { name: 'the-policy' } };
    const roles = withStack(bounded as never, resourcesOf).filter(
      ({ Type }) => Type === 'AWS::IAM::Role',
    );
    expect(roles.length).toBeGreaterThan(10);
    const without = roles.filter(
      ({ Properties }) => !JSON.stringify(Properties.PermissionsBoundary)?.includes('the-policy'),
    );
    expect(without).toEqual([]);
  });

  test.each([
    { [BOUNDARY]: '{"name":"the-policy"}' },
    { [BOUNDARY]: 'the-policy' },
    { [BOUNDARY]: { policy: 'the-policy' } },
    { permissionsBoundary: 'the-policy' },
    { permissionsBoundary: { name: 'the-policy' } },
  ])('that CDK would pass over is refused, with what to write: %j', (context) => {
    expect(() => configOf(context)).toThrow(`{"${BOUNDARY}": {"name": "the-policy"}}`);
  });
});
