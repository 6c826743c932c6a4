import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  type DynamoDBClientConfig,
  ResourceInUseException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { openTable, type Table } from '../lambdas/aws/dynamo.ts';
import { TABLE } from '../lambdas/aws/table.ts';
import { engineClient } from './dynamo/client.ts';
import { Engine } from './dynamo/engine.ts';
import { memoryStorage } from './dynamo/memory-storage.ts';
import { serveEngine } from './dynamo/server.ts';
import { sqliteStorage } from './dynamo/sqlite-storage.ts';
import { takeOver } from './dynamo/take-over.ts';

/** The table's name wherever it is not deployed. */
export const LOCAL_TABLE = 'parlor';

export interface Database {
  readonly table: Table;
  /**
   * The same for a function, which calls a remote database under its own name, by a client of its own:
   * deployed, it has a role of its own.
   */
  readonly tableFor: (caller: string) => Table;
  /** http://127.0.0.1:NNNNN, speaking DynamoDB's protocol: for other processes. */
  readonly endpoint: string;
  /** Deletes what has expired; a database that looks after that itself has none. */
  readonly expire?: () => Promise<void>;
  close(): Promise<void>;
}

/** The embedded table, in memory: for tests, one after the other within milliseconds. */
export function memoryTable(): Table {
  const engine = new Engine({ table: LOCAL_TABLE, storage: memoryStorage() });
  return { name: LOCAL_TABLE, client: engineClient(engine) };
}

/**
 * Opens the embedded database. What it has answered survives a kill -9 of this process. One process
 * opens a folder at a time: see running.ts.
 *
 * @param folder the chat's data folder; without one all is in memory
 */
export async function openDatabase(folder?: string): Promise<Database> {
  const storage = folder === undefined ? memoryStorage() : await storageIn(folder);
  const engine = new Engine({ table: LOCAL_TABLE, storage });
  const server = await serveEngine(engine, LOCAL_TABLE);
  const table = { name: LOCAL_TABLE, client: engineClient(engine) };
  return {
    table,
    tableFor: () => table,
    endpoint: server.endpoint,
    async expire() {
      while ((await engine.expire(Date.now())) > 0);
    },
    async close() {
      await server.close();
      engine.close();
    },
  };
}

async function storageIn(folder: string) {
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'chat.sqlite');
  const before = join(folder, 'database');
  const taken = await takeOver({ from: before, to: file, table: LOCAL_TABLE });
  if (taken !== undefined) {
    console.log(`Took ${taken} items over from ${before}, which is no longer used, to ${file}.`);
  }
  return sqliteStorage(file);
}

/** Opens a DynamoDB that is not AWS's, and makes the table there unless it has it. */
export async function openRemote(endpoint: string): Promise<Database> {
  await ensureTable(endpoint);
  const open: Table[] = [];
  const tableFor = (caller: string) => {
    const table = openTable(LOCAL_TABLE, localDynamo(endpoint, caller));
    open.push(table);
    return table;
  };
  return {
    table: tableFor('local'),
    tableFor,
    endpoint,
    async close() {
      for (const { client } of open) client.destroy();
    },
  };
}

/**
 * A database on this machine can't be out of reach, but it may be busy: to ask it again only makes
 * it busier.
 */
const PATIENT = {
  connectionTimeout: 20_000,
  requestTimeout: 20_000,
  throwOnRequestTimeout: true,
  httpAgent: { maxSockets: 200 },
};

/**
 * How a client reaches a database that is not AWS's: any credentials will do.
 *
 * @param caller as whom it calls; a deployed function has a role of its own
 */
export function localDynamo(endpoint: string, caller = 'local'): DynamoDBClientConfig {
  return {
    endpoint,
    requestHandler: PATIENT,
    region: 'us-east-1',
    credentials: { accessKeyId: caller, secretAccessKey: 'local' },
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
