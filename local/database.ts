import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import {
  CreateTableCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
  ResourceInUseException,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { TABLE } from '../lambdas/aws/table.ts';

/** The table's name wherever it is not deployed. */
export const LOCAL_TABLE = 'parlor';

export interface Database {
  /** http://127.0.0.1:NNNNN, speaking DynamoDB's protocol. */
  endpoint: string;
  close(): Promise<void>;
}

/**
 * Opens the embedded database. Its writes have reached the operating system when they are
 * answered: they survive a kill -9 of this process.
 *
 * @param folder where its files are; without one it is in memory
 */
export async function openDatabase(folder?: string): Promise<Database> {
  if (folder !== undefined) await mkdir(folder, { recursive: true });
  const server = dynalite({ createTableMs: 0, ...(folder !== undefined && { path: folder }) });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** How a client reaches a database that is not AWS's: any credentials will do. */
export function localDynamo(endpoint: string): DynamoDBClientConfig {
  return {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
}

/** Creates the table in the shape that lib/ deploys, unless it is there. */
export async function ensureTable(endpoint: string, name = LOCAL_TABLE): Promise<void> {
  const client = new DynamoDBClient(localDynamo(endpoint));
  const { partitionKey, sortKey, visits } = TABLE;
  const key = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' as const },
    { AttributeName: range, KeyType: 'RANGE' as const },
  ];
  try {
    await client.send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: partitionKey, AttributeType: 'S' },
          { AttributeName: sortKey, AttributeType: 'S' },
          { AttributeName: visits.partitionKey, AttributeType: 'S' },
          { AttributeName: visits.sortKey, AttributeType: 'N' },
        ],
        KeySchema: key(partitionKey, sortKey),
        GlobalSecondaryIndexes: [
          {
            IndexName: visits.name,
            KeySchema: key(visits.partitionKey, visits.sortKey),
            Projection: { ProjectionType: 'KEYS_ONLY' },
          },
        ],
      }),
    );
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  } finally {
    client.destroy();
  }
}
