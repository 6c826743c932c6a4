import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  type DynamoDBClientConfig,
} from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';

/** The table and the way to it. */
export interface Table {
  client: DynamoDBDocumentClient;
  name: string;
}

/**
 * Opens the table. A call that DynamoDB doesn't answer within two seconds is tried again, three
 * times in all; a Lambda has 29 s.
 *
 * @param config region, endpoint and credentials, where they are not the environment's
 */
export function openTable(name: string, config: DynamoDBClientConfig = {}): Table {
  const client = new DynamoDBClient({
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: 1_000,
      requestTimeout: 2_000,
      // Without it the SDK only warns, and waits on.
      throwOnRequestTimeout: true,
      httpAgent: { maxSockets: 200 },
      httpsAgent: { maxSockets: 200 },
    },
    ...config,
  });
  return {
    name,
    client: DynamoDBDocumentClient.from(client, {
      marshallOptions: { removeUndefinedValues: true },
    }),
  };
}

/** Awaits a conditional write: whether its condition held. @throws every other failure */
export async function conditionHeld(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/**
 * One conditional update of one item.
 *
 * @returns the item as it is afterwards, undefined when the condition did not hold
 * @throws every other failure
 */
export async function updateIf<Item>(
  { client, name }: Table,
  update: Omit<UpdateCommandInput, 'TableName' | 'ReturnValues'> & { ConditionExpression: string },
): Promise<Item | undefined> {
  try {
    const { Attributes } = await client.send(
      new UpdateCommand({ ...update, TableName: name, ReturnValues: 'ALL_NEW' }),
    );
    return Attributes as Item;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}

/** DynamoDB's TTL counts in seconds. Rounded up, so that nothing ends before its time. */
export const toTtl = (ms: number): number => Math.ceil(ms / 1_000);
