import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { openTable } from '../dynamo.ts';
import type { Input, Operation } from './operations.ts';

const COMMANDS = {
  GetItem: GetCommand,
  BatchGetItem: BatchGetCommand,
  PutItem: PutCommand,
  UpdateItem: UpdateCommand,
  DeleteItem: DeleteCommand,
  Query: QueryCommand,
  Scan: ScanCommand,
};

export interface Sdk {
  client: DynamoDBDocumentClient;
  send(operation: Operation, input: Input<Operation>): Promise<object>;
}

/** The SDK's client with commands of its own: a bundle has stand-ins for them. */
export function openSdk(config: DynamoDBClientConfig): Sdk {
  const { client } = openTable('', config);
  return {
    client,
    async send(operation, input) {
      const Command = COMMANDS[operation] as new (input: object) => GetCommand;
      return await client.send(new Command(input));
    },
  };
}
