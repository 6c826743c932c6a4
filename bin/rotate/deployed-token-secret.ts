import { randomUUID } from 'node:crypto';
import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { callSecretsManager, randomText, reachedBy } from './secrets-manager.ts';
import type { TokenSecretVersions } from './token-secret.ts';

/** @throws Error when there is no such stack */
export async function deployedTokenSecret(
  stack: string,
  region: string | undefined,
): Promise<TokenSecretVersions> {
  const client = new CloudFormationClient(region === undefined ? {} : { region });
  const reached = await reachedBy(client);
  const SecretId = await tokenSecretArnOf(client, stack);
  const call = (operation: string, request: object = {}) =>
    callSecretsManager(reached, operation, { SecretId, ...request });
  return {
    async versions() {
      const { VersionIdsToStages } = await call('DescribeSecret');
      return Object.entries(VersionIdsToStages as Record<string, string[]>).map(([id, labels]) => ({
        id,
        labels,
      }));
    },
    async add(label) {
      const { VersionId } = await call('PutSecretValue', {
        ClientRequestToken: randomUUID(),
        SecretString: await randomText(reached, 64),
        VersionStages: [label],
      });
      return String(VersionId);
    },
    async label(label, { to, from }) {
      await call('UpdateSecretVersionStage', {
        VersionStage: label,
        ...(to !== undefined && { MoveToVersionId: to }),
        ...(from !== undefined && { RemoveFromVersionId: from }),
      });
    },
  };
}

async function tokenSecretArnOf(client: CloudFormationClient, stack: string): Promise<string> {
  for await (const page of paginateListStackResources({ client }, { StackName: stack })) {
    const found = page.StackResourceSummaries?.find(
      ({ ResourceType, LogicalResourceId }) =>
        ResourceType === 'AWS::SecretsManager::Secret' &&
        LogicalResourceId?.startsWith('TokenSecret'),
    );
    if (found?.PhysicalResourceId) return found.PhysicalResourceId;
  }
  throw new Error(`The stack ${stack} has no token secret: is it one of Parlor's?`);
}
