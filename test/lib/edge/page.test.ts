import { describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { resources, templateWith } from '../synthesize.ts';

interface Deployment {
  Exclude: string[];
  Include?: string[];
  Prune: boolean;
  SystemMetadata: { 'cache-control': string };
  DistributionId?: unknown;
  WaitForDistributionInvalidation?: boolean;
}

const template = templateWith();
const found = Object.entries(resources(template, 'Custom::CDKBucketDeployment'));
const deployment = (name: string) => {
  const [id, resource] = found.find(([logicalId]) => logicalId.includes(name)) ?? [];
  return { id, DependsOn: resource?.DependsOn, ...(resource?.Properties as unknown as Deployment) };
};

describe('the files of the page', () => {
  const hashed = deployment('HashedFiles');
  const others = deployment('PageDeployment');

  test('are kept by browsers for ever where their names say what is in them', () => {
    expect(hashed).toMatchObject({
      Exclude: ['*'],
      Include: ['assets/*', 'api/docs/assets/*'],
      SystemMetadata: { 'cache-control': 'public, max-age=31536000, immutable' },
    });
  });

  test('are asked for each time where they have the same name after a deployment', () => {
    expect(others).toMatchObject({
      Exclude: ['assets/*', 'api/docs/assets/*'],
      SystemMetadata: { 'cache-control': 'public, max-age=0, s-maxage=86400' },
    });
    expect(others.Include).toBeUndefined();
    // The edge's copies are cleared, which may take longer than a deployment waits.
    expect(others.DistributionId).toBeDefined();
    expect(others.WaitForDistributionInvalidation).toBe(false);
  });

  test('come from two folders, the documentation’s among them unless it is switched off', () => {
    const sources = (template: Template) =>
      Object.values(resources(template, 'Custom::CDKBucketDeployment')).map(
        ({ Properties }) => (Properties.SourceObjectKeys as unknown[]).length,
      );
    expect(sources(template)).toEqual([2, 2]);
    expect(sources(templateWith({ docs: 'false' }))).toEqual([1, 1]);
  });

  test('that pages opened before may still ask for stay', () => {
    expect(hashed.Prune).toBe(false);
  });

  test('are there before the document that names them', () => {
    expect(JSON.stringify(others.DependsOn)).toContain(String(hashed.id));
  });
});
