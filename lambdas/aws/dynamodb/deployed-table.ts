import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Config } from '../config.ts';
import type { Table } from '../dynamo.ts';
import { documentClient } from './document-client.ts';
import { openLeanTable } from './lean-table.ts';

export interface DeployedTable {
  table: Table;
  /** The SDK's client, where it is what serves the table: it takes middleware. */
  sdkClient: Promise<DynamoDBDocumentClient> | undefined;
}

type TableConfig = Pick<
  Config,
  'table' | 'region' | 'credentials' | 'dynamoEndpoint' | 'dynamoClient' | 'tracing'
>;

/**
 * The table of a deployed function. The SDK serves it where the operator says so, and where calls are
 * traced, which the tracer does by the SDK's middleware. It is read from a file of its own then.
 */
export function deployedTable(config: TableConfig): DeployedTable {
  const { table: name, region, credentials, dynamoEndpoint } = config;
  if (config.dynamoClient === 'lean' && !config.tracing) {
    const endpoint = dynamoEndpoint ?? `https://dynamodb.${region}.amazonaws.com`;
    return { table: openLeanTable(name, { endpoint, region, credentials }), sdkClient: undefined };
  }
  const loading = import('./sdk-client.ts').then(({ openSdk }) => openSdk({ region }));
  // Whoever sends is told; until then nobody waits.
  loading.catch(() => {});
  const client = documentClient(async (operation, input) => {
    const { send } = await loading;
    return await send(operation, input);
  });
  return { table: { name, client }, sdkClient: loading.then(({ client }) => client) };
}
