import {
  BatchGetCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Input, Operation } from './operations.ts';

const OPERATIONS = [
  [GetCommand, 'GetItem'],
  [BatchGetCommand, 'BatchGetItem'],
  [PutCommand, 'PutItem'],
  [UpdateCommand, 'UpdateItem'],
  [DeleteCommand, 'DeleteItem'],
  [QueryCommand, 'Query'],
  [ScanCommand, 'Scan'],
] as const;

/**
 * A document client that answers by a function: it takes the SDK's commands, and has no middleware.
 *
 * @param answer is given each command's operation and its input, which it may not change
 * @param destroy ends what the client holds open
 */
export function documentClient(
  answer: (operation: Operation, input: Input<Operation>) => Promise<object>,
  destroy = () => {},
): DynamoDBDocumentClient {
  // The SDK's paginators take an instance of its own class only.
  const client: DynamoDBDocumentClient = Object.create(DynamoDBDocumentClient.prototype);
  const send = (command: { input: Input<Operation> }) => {
    const known = OPERATIONS.find(([kind]) => command instanceof kind);
    if (known) return answer(known[1], command.input);
    return Promise.reject(new TypeError(`${command.constructor.name} is not sent by this client.`));
  };
  return Object.defineProperties(client, {
    send: { value: send, writable: true },
    destroy: { value: destroy },
  });
}
