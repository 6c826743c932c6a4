import type { StackResource } from '@aws-sdk/client-cloudformation';
import { expect } from 'expect';
import type { Group } from '../../check.ts';
import { callAws } from '../call-aws.ts';
import { type Cdk, STACK } from '../cdk.ts';
import type { Emulator } from '../ministack.ts';

interface Tagged {
  ResourceTagMappingList: { ResourceARN: string }[];
}

/** All that is there, whoever knows of it, with the tag that CloudFormation gives. */
async function arnsOfStack(emulator: Emulator): Promise<string[]> {
  const target = 'ResourceGroupsTaggingAPI_20170126.GetResources';
  const found = await callAws(emulator, 'tagging', target, {
    TagFilters: [{ Key: 'aws:cloudformation:stack-name', Values: [STACK] }],
  });
  return (found as unknown as Tagged).ResourceTagMappingList.map(({ ResourceARN }) => ResourceARN);
}

/** What the chat is, and what belongs to the account and region. */
const KEPT = [
  'AWS::ApiGateway::Account',
  'AWS::DynamoDB::Table',
  'AWS::IAM::Role',
  'AWS::SecretsManager::Secret',
];

export const deletion = (emulator: Emulator, resources: readonly StackResource[]): Group<Cdk> => ({
  title: 'deleting',
  checks: [
    {
      name: 'the stack goes, and leaves what is to be kept, and nothing else',
      patienceMs: 180_000,
      async run(cdk) {
        const retained = new Set(await cdk.retained());
        const kept = resources.filter(({ LogicalResourceId: id = '' }) => retained.has(id));
        expect(kept.map(({ ResourceType }) => ResourceType).sort()).toEqual(KEPT);
        const before = await arnsOfStack(emulator);
        expect(before.length).toBeGreaterThan(kept.length);
        await cdk.destroy();
        const after = await arnsOfStack(emulator);
        const isKept = (arn: string) =>
          kept.some(({ PhysicalResourceId: id = '' }) => arn.includes(id));
        expect(after.filter((arn) => !isKept(arn))).toEqual([]);
        expect(after.filter(isKept)).toEqual(before.filter(isKept));
        expect(after.length).toBeGreaterThan(0);
      },
    },
  ],
});
