import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { type App, Validations } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { BlockPublicAccess, Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { EVERY_OPTION, withStack } from './synthesize.ts';

const VALIDATED = { isValidated: true };

/** The same with cdk-nag, as bin/parlor.ts has it. */
function findingsWithNag(app: App): string[] {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return findings(app);
}

/** Findings that nobody acknowledged; an empty list when synthesis succeeds. */
function findings(app: App): string[] {
  try {
    app.synth();
    return [];
  } catch (error) {
    const report = join(app.outdir, 'validation-report.json');
    if (!existsSync(report)) throw error;
    return [readFileSync(report, 'utf8')];
  }
}

describe("cdk-nag and CDK's own rules", () => {
  // CDK prints what it finds.
  beforeEach(() => {
    jest.spyOn(console, 'error').mockImplementation(() => undefined);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  test.each([
    ['by default', {}],
    ['without the edge', { edge: 'false' }],
    ['watched by little', { edge: 'false', observability: 'basic' }],
    ['with every option on', EVERY_OPTION],
  ])('find nothing that is not acknowledged, %s', (_, context) => {
    expect(withStack(context, findingsWithNag, VALIDATED)).toEqual([]);
  });

  test('find a bucket that somebody adds without thinking', () => {
    const found = withStack(
      { edge: 'false' },
      (app, stack) => {
        new Bucket(stack, 'Careless', {
          publicReadAccess: true,
          blockPublicAccess: BlockPublicAccess.BLOCK_ACLS_ONLY,
        });
        return findingsWithNag(app);
      },
      VALIDATED,
    );
    expect(found.join()).toContain('AwsSolutions-S1');
  });

  test('find a property that CloudFormation would refuse', () => {
    const found = withStack(
      { edge: 'false' },
      (app, stack) => {
        new CfnTable(stack, 'Careless', { keySchema: [], billingMode: 'CHEAP' });
        return findings(app);
      },
      VALIDATED,
    );
    expect(found.join()).toContain('CHEAP');
  });
});
