import type { StackResource } from '@aws-sdk/client-cloudformation';
import { openTable, type Table } from '../../lambdas/aws/dynamo.ts';
import { readSecret } from '../../lambdas/aws/token-secret.ts';
import { outputsOf, resourcesOf } from '../stack-outputs.ts';
import { Target } from '../target.ts';
import { STACK } from './cdk.ts';
import { MINISTACK_DIFFERENCES } from './differences.ts';
import { type Emulator, REGION } from './ministack.ts';

/** The stack, deployed to an emulator. */
export interface Deployed {
  target: Target;
  table: Table;
  tokenSecret: Uint8Array;
  resources: readonly StackResource[];
}

export async function findDeployed({ endpoint, credentials }: Emulator): Promise<Deployed> {
  const { addresses, tableName } = await outputsOf(STACK);
  const resources = await resourcesOf(STACK);
  const secret = resources.find(({ LogicalResourceId }) =>
    LogicalResourceId?.startsWith('TokenSecret'),
  );
  const tokenSecret = await readSecret({
    arn: secret?.PhysicalResourceId ?? '',
    endpoint,
    region: REGION,
    credentials,
  });
  const at = (address: string, scheme: string, stage: string) =>
    `${endpoint.replace('https', scheme)}/_aws/execute-api/${idOf(address)}/${stage}`;
  const target = new Target({
    url: at(addresses.url, 'https', '$default'),
    socketUrl: at(addresses.socketUrl ?? '', 'wss', 'live'),
    differences: MINISTACK_DIFFERENCES,
  });
  return { target, table: openTable(tableName, {}), tokenSecret, resources };
}

/** An API's id is the first part of its host. */
const idOf = (address: string) => new URL(address).hostname.split('.')[0];
