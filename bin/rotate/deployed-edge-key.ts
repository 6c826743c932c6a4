import { randomUUID } from 'node:crypto';
import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { deploy } from './deploy.ts';
import type { EdgeKeys } from './edge-key.ts';
import { callSecretsManager, randomText, reachedBy } from './secrets-manager.ts';
import { readShownKey } from './shown-key.ts';

export interface DeployedStage {
  stack: string;
  region: string | undefined;
  /** `name=value`, as for a deployment. */
  settings: readonly string[];
}

/** @throws Error when there is no such stack, or its edge shows no key */
export async function deployedEdgeKeys({
  stack,
  region,
  settings,
}: DeployedStage): Promise<EdgeKeys> {
  const client = new CloudFormationClient(region === undefined ? {} : { region });
  const reached = await reachedBy(client);
  const SecretId = await keyArnOf(client, stack);
  const distribution = { id: await distributionOf(client, stack), ...reached };
  const call = (operation: string, request: object = {}) =>
    callSecretsManager(reached, operation, { SecretId, ...request });
  return {
    async versions() {
      const { Versions } = await call('ListSecretVersionIds', { IncludeDeprecated: true });
      return (Versions as { VersionId: string; VersionStages?: string[] }[]).map(
        ({ VersionId, VersionStages = [] }) => ({ id: VersionId, labels: VersionStages }),
      );
    },
    async valueOf(id) {
      const { SecretString } = await call('GetSecretValue', { VersionId: id });
      return String(SecretString);
    },
    async add() {
      const { VersionId } = await call('PutSecretValue', {
        ClientRequestToken: randomUUID(),
        SecretString: await randomText(reached, 43),
      });
      return String(VersionId);
    },
    async label(label, id, from) {
      await call('UpdateSecretVersionStage', {
        VersionStage: label,
        MoveToVersionId: id,
        ...(from !== undefined && { RemoveFromVersionId: from }),
      });
    },
    shown: () => readShownKey(distribution),
    deploy: (id) => deploy([...settings, `edgeKeyVersion=${id}`], reached.region),
  };
}

async function keyArnOf(client: CloudFormationClient, stack: string): Promise<string> {
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stack }));
  const output = Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'EdgeKeyArn');
  if (output?.OutputValue) return output.OutputValue;
  throw new Error(
    `The stack ${stack} has no output EdgeKeyArn: it has no edge, or its APIs answer everybody.`,
  );
}

async function distributionOf(client: CloudFormationClient, stack: string): Promise<string> {
  for await (const page of paginateListStackResources({ client }, { StackName: stack })) {
    const found = page.StackResourceSummaries?.find(
      ({ ResourceType }) => ResourceType === 'AWS::CloudFront::Distribution',
    );
    if (found?.PhysicalResourceId) return found.PhysicalResourceId;
  }
  throw new Error(`The stack ${stack} has no CloudFront distribution.`);
}
