import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { openTable } from '../../lambdas/aws/dynamo.ts';
import { openLeanTable } from '../../lambdas/aws/dynamodb/lean-table.ts';
import { cpuSince } from '../measure.ts';

/** Calls DynamoDB one call after the other, by one of two clients, and tells what a call took. */
const CALLS = 2_000;
const WARM_UP = 1_000;

const [, , variant = '', endpoint = ''] = process.argv;
const region = 'eu-central-1';
const credentials = {
  accessKeyId: 'AKID',
  secretAccessKey: 'secret',
  sessionToken: 'x'.repeat(800),
};

const way = { endpoint, region, credentials };
const { client, name } =
  variant === 'lean' ? openLeanTable('parlor', way) : openTable('parlor', way);

async function callsOf(count: number): Promise<void> {
  for (let n = 0; n < count; n += 2) {
    const Key = { pk: 'ROOM#lobby', sk: `EVENT#${n}` };
    await client.send(new GetCommand({ TableName: name, Key, ConsistentRead: true }));
    await client.send(
      new UpdateCommand({
        ...{ TableName: name, Key, ReturnValues: 'ALL_NEW' },
        UpdateExpression: 'SET content = :content, seen = :seen',
        ConditionExpression: 'attribute_not_exists(seen) OR seen < :seen',
        ExpressionAttributeValues: { ':content': 'x'.repeat(200), ':seen': n },
      }),
    );
  }
}

await callsOf(WARM_UP);
const began = performance.now();
const before = process.cpuUsage();
await callsOf(CALLS);
console.log(
  JSON.stringify({
    cpuUs: cpuSince(before) / CALLS,
    wallUs: (1_000 * (performance.now() - began)) / CALLS,
  }),
);
process.exit(0);
