import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  type DynamoDBClientConfig,
  ResourceInUseException,
  waitUntilTableExists,
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

/**
 * A database in this very process can't be out of reach, but it may be busy: to ask it again only
 * makes it busier.
 */
const PATIENT = {
  connectionTimeout: 20_000,
  requestTimeout: 20_000,
  throwOnRequestTimeout: true,
  httpAgent: { maxSockets: 200 },
};

/** How a client reaches a database that is not AWS's: any credentials will do. */
export function localDynamo(endpoint: string): DynamoDBClientConfig {
  return {
    endpoint,
    requestHandler: PATIENT,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
}

/** In seconds: an embedded database is quick. */
const UNTIL_IT_EXISTS = { maxWaitTime: 10, minDelay: 0.002, maxDelay: 0.1 };

/** Creates the table in the shape that lib/ deploys, unless it is there. It then takes requests. */
export async function ensureTable(endpoint: string, name = LOCAL_TABLE): Promise<void> {
  const client = new DynamoDBClient(localDynamo(endpoint));
  try {
    await client.send(new CreateTableCommand(shapeOf(name))).catch((error: unknown) => {
      if (!(error instanceof ResourceInUseException)) throw error;
    });
    await waitUntilTableExists({ client, ...UNTIL_IT_EXISTS }, { TableName: name });
  } finally {
    client.destroy();
  }
}

function shapeOf(name: string): CreateTableCommandInput {
  const { partitionKey, sortKey, visits } = TABLE;
  const key = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' as const },
    { AttributeName: range, KeyType: 'RANGE' as const },
  ];
  return {
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
  };
}
