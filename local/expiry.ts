import { DeleteCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import { conditionHeld, type Table } from '../lambdas/aws/dynamo.ts';
import { TABLE } from '../lambdas/aws/table.ts';

/**
 * Deletes what has expired, as DynamoDB's TTL does and the embedded database doesn't.
 *
 * @param now milliseconds since 1970
 * @returns how many items went
 */
export async function deleteExpired(table: Table, now: number): Promise<number> {
  const { partitionKey, sortKey, ttl } = TABLE;
  const nowInSeconds = Math.floor(now / 1_000);
  const names = { '#ttl': ttl };
  const values = { ':now': nowInSeconds };
  const pages = paginateScan(
    { client: table.client },
    {
      TableName: table.name,
      FilterExpression: '#ttl <= :now',
      ProjectionExpression: `${partitionKey}, ${sortKey}`,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: values,
    },
  );
  let deleted = 0;
  for await (const { Items = [] } of pages) {
    for (const Key of Items) {
      // On condition, for it may have been written anew since it was read.
      const gone = await conditionHeld(
        table.client.send(
          new DeleteCommand({
            TableName: table.name,
            Key,
            ConditionExpression: '#ttl <= :now',
            ExpressionAttributeNames: names,
            ExpressionAttributeValues: values,
          }),
        ),
      );
      if (gone) deleted++;
    }
  }
  return deleted;
}
