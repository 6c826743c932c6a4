import { describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { allResources, EVERY_OPTION, type Resource, templateWith } from './synthesize.ts';

/** Logical ids that a resource waits for: those it names, and those it refers to. */
const waitsFor = (resource: Resource): string[] => {
  const text = JSON.stringify(resource);
  const referred = [...text.matchAll(/"(?:Ref|Fn::GetAtt)":\[?"(\w+)"/g)].map(([, id]) => id ?? '');
  return [...(resource.DependsOn ?? []), ...referred];
};

/** All that is there before CloudFormation touches a resource. */
function beforeIt(all: Record<string, Resource>, id: string, found = new Set<string>()) {
  for (const other of waitsFor(all[id] ?? { Type: '', Properties: {} })) {
    if (found.has(other) || !(other in all)) continue;
    found.add(other);
    beforeIt(all, other, found);
  }
  return found;
}

/** The parts of each API, by the logical id of the API. */
function partsOf(all: Record<string, Resource>): Map<string, string[]> {
  const parts = new Map<string, string[]>();
  for (const [id, { Type, Properties }] of Object.entries(all)) {
    if (!Type.startsWith('AWS::ApiGatewayV2::') || !Properties.ApiId) continue;
    const { Ref } = Properties.ApiId as { Ref: string };
    parts.set(Ref, [...(parts.get(Ref) ?? []), id]);
  }
  return parts;
}

/** Pairs of one API's parts that CloudFormation may change at the same moment. */
function atOnce(template: Template): string[] {
  const all = allResources(template);
  const before = new Map(Object.keys(all).map((id) => [id, beforeIt(all, id)]));
  return [...partsOf(all).values()].flatMap((parts) =>
    parts.flatMap((one, index) =>
      parts
        .slice(index + 1)
        .filter((other) => !before.get(one)?.has(other) && !before.get(other)?.has(one))
        .map((other) => `${one} and ${other}`),
    ),
  );
}

describe('the parts of an API', () => {
  test.each([
    ['by default', {}],
    ['without the edge', { edge: 'false' }],
    ['with every option on', EVERY_OPTION],
  ])('are changed one at a time, %s', (_, context) => {
    const template = templateWith(context);
    expect([...partsOf(allResources(template)).values()].map(({ length }) => length)).toEqual([
      // Ten routes with an integration each, seven responses, a stage.
      28,
      // Seven routes, two integrations, a stage; six routes more and an integration for the docs' function.
      'edge' in context ? 17 : 10,
    ]);
    expect(atOnce(template)).toEqual([]);
  });

  test('end with the stage, so that the first deployment has all of them', () => {
    const all = allResources(templateWith());
    for (const parts of partsOf(all).values()) {
      const stage = parts.find((id) => all[id]?.Type === 'AWS::ApiGatewayV2::Stage') ?? 'none';
      const before = beforeIt(all, stage);
      expect(parts.filter((id) => id !== stage && !before.has(id))).toEqual([]);
    }
  });
});
