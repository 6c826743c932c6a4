import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Engine } from './engine.ts';
import { invalid } from './errors.ts';
import type { Input, Operation } from './requests.ts';

const OPERATIONS = [
  [GetCommand, 'GetItem'],
  [PutCommand, 'PutItem'],
  [UpdateCommand, 'UpdateItem'],
  [DeleteCommand, 'DeleteItem'],
  [QueryCommand, 'Query'],
  [ScanCommand, 'Scan'],
] as const;

/**
 * A document client of an engine in this process: the adapters' commands, without a way in between.
 * An answer comes when what it tells of would survive a kill -9. There is no middleware.
 */
export function engineClient(engine: Engine): DynamoDBDocumentClient {
  return documentClient(async (operation, input) => {
    let outcome: () => object;
    try {
      const output = engine.apply(operation, input);
      outcome = () => output;
    } catch (error) {
      // It tells of what may not be committed yet, too.
      outcome = () => {
        throw error;
      };
    }
    await engine.committed();
    return outcome();
  });
}

/** A document client that answers by a function. */
export function documentClient(
  answer: (operation: Operation, input: Input<Operation>) => Promise<object>,
): DynamoDBDocumentClient {
  // The SDK's paginators take an instance of its own class only.
  const client: DynamoDBDocumentClient = Object.create(DynamoDBDocumentClient.prototype);
  const send = (command: { input: Input<Operation> }) => {
    const known = OPERATIONS.find(([kind]) => command instanceof kind);
    if (known) return answer(known[1], command.input);
    return Promise.reject(invalid(`The embedded engine doesn't know ${command.constructor.name}`));
  };
  return Object.defineProperties(client, {
    send: { value: send, writable: true },
    destroy: { value: () => {} },
  });
}
