import { isDeepStrictEqual } from 'node:util';
import {
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  type TableDescription,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { TABLE } from '../../lambdas/aws/table.ts';

const PATIENCE_SECONDS = 600;

/**
 * Gives a restored table what a restore leaves out, whatever it has of it already.
 *
 * @returns the ARN of its stream
 * @throws Error when it is no table of a chat's, or has a stream of another kind
 */
export async function adoptTable(client: DynamoDBClient, name: string): Promise<string> {
  await untilActive(client, name);
  const table = await describe(client, name);
  checkShape(name, table);
  const stream = table.StreamSpecification;
  if (stream?.StreamEnabled && stream.StreamViewType !== 'KEYS_ONLY') {
    throw new Error(
      `${name} has a stream of ${stream.StreamViewType}. The chat wants KEYS_ONLY: switch it off, and run this again.`,
    );
  }
  if (!stream?.StreamEnabled) {
    const StreamSpecification = { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' as const };
    await client.send(new UpdateTableCommand({ TableName: name, StreamSpecification }));
    await untilActive(client, name);
  }
  // One change at a time: a table that is being changed refuses the next.
  if (!table.DeletionProtectionEnabled) {
    await client.send(new UpdateTableCommand({ TableName: name, DeletionProtectionEnabled: true }));
    await untilActive(client, name);
  }
  await letExpire(client, name);
  await client.send(
    new UpdateContinuousBackupsCommand({
      TableName: name,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    }),
  );
  const { LatestStreamArn } = await describe(client, name);
  if (LatestStreamArn === undefined) throw new Error(`${name} has no stream yet. Run this again.`);
  return LatestStreamArn;
}

async function describe(client: DynamoDBClient, name: string): Promise<TableDescription> {
  const { Table = {} } = await client.send(new DescribeTableCommand({ TableName: name }));
  return Table;
}

const untilActive = (client: DynamoDBClient, TableName: string) =>
  waitUntilTableExists({ client, maxWaitTime: PATIENCE_SECONDS, minDelay: 1 }, { TableName });

/** @throws Error when the table has other keys, or lacks the index */
function checkShape(
  name: string,
  { KeySchema = [], GlobalSecondaryIndexes = [] }: TableDescription,
) {
  const keysOf = (schema: TableDescription['KeySchema'] = []) =>
    Object.fromEntries(schema.map(({ KeyType = '', AttributeName }) => [KeyType, AttributeName]));
  const index = GlobalSecondaryIndexes.find(({ IndexName }) => IndexName === TABLE.visits.name);
  const wanted = [
    { HASH: TABLE.partitionKey, RANGE: TABLE.sortKey },
    { HASH: TABLE.visits.partitionKey, RANGE: TABLE.visits.sortKey },
  ];
  if (isDeepStrictEqual([keysOf(KeySchema), keysOf(index?.KeySchema)], wanted)) return;
  throw new Error(
    `${name} is no table of a chat's, or lacks its index ${TABLE.visits.name}: restore it with its index.`,
  );
}

async function letExpire(client: DynamoDBClient, TableName: string): Promise<void> {
  const { TimeToLiveDescription: now } = await client.send(
    new DescribeTimeToLiveCommand({ TableName }),
  );
  // Switching on what is on is an error.
  if (now?.TimeToLiveStatus === 'ENABLED' || now?.TimeToLiveStatus === 'ENABLING') return;
  await client.send(
    new UpdateTimeToLiveCommand({
      TableName,
      TimeToLiveSpecification: { Enabled: true, AttributeName: TABLE.ttl },
    }),
  );
}
