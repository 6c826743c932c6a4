import type { Input, Operation } from '../../lambdas/aws/dynamodb/operations.ts';
import { fault, invalid } from './errors.ts';

export type { Input, Operation, Output } from '../../lambdas/aws/dynamodb/operations.ts';

const EVERYWHERE = ['TableName', 'ReturnConsumedCapacity', 'ExpressionAttributeNames'];
const CONDITIONAL = ['ConditionExpression', 'ExpressionAttributeValues', 'ReturnValues'];
const LISTING = [
  ...['FilterExpression', 'ProjectionExpression', 'ExpressionAttributeValues'],
  ...['ExclusiveStartKey', 'Limit', 'ConsistentRead'],
];
const KNOWN: Record<Operation, readonly string[]> = {
  GetItem: ['Key', 'ConsistentRead', 'ProjectionExpression'],
  BatchGetItem: ['RequestItems'],
  PutItem: ['Item', ...CONDITIONAL],
  UpdateItem: ['Key', 'UpdateExpression', ...CONDITIONAL],
  DeleteItem: ['Key', ...CONDITIONAL],
  Query: ['KeyConditionExpression', 'IndexName', 'ScanIndexForward', ...LISTING],
  Scan: LISTING,
};
/** All that the engine does. */
export const OPERATIONS = Object.keys(KNOWN) as readonly Operation[];

const RETURNED: Partial<Record<Operation, readonly string[]>> = {
  PutItem: ['ALL_OLD'],
  UpdateItem: ['ALL_OLD', 'ALL_NEW'],
  DeleteItem: ['ALL_OLD'],
};

/**
 * Refuses what the engine would have to ignore.
 *
 * @throws ValidationException; ResourceNotFoundException for another table
 */
export function refuseUnknown(operation: Operation, input: Input<Operation>, table: string): void {
  // A batch names its tables one level deeper: see batch-get.ts.
  if (!('RequestItems' in input)) refuseOtherTable(input.TableName, table);
  const { ReturnValues, ReturnConsumedCapacity, Limit, ...rest } = input as Partial<
    Input<'UpdateItem'> & Input<'Query'>
  >;
  for (const [name, value] of Object.entries(rest)) {
    if (value === undefined || EVERYWHERE.includes(name)) continue;
    if (!KNOWN[operation].includes(name)) refuse(operation, name);
  }
  const returned = RETURNED[operation] ?? [];
  if (ReturnValues !== undefined && !['NONE', ...returned].includes(ReturnValues)) {
    refuse(operation, `ReturnValues ${ReturnValues}`);
  }
  if (!['NONE', 'TOTAL'].includes(ReturnConsumedCapacity ?? 'NONE')) {
    refuse(operation, `ReturnConsumedCapacity ${ReturnConsumedCapacity}`);
  }
  if (Limit !== undefined && !(Number.isInteger(Limit) && Limit > 0)) {
    throw invalid(`Limit must be a whole number of at least 1, and is ${Limit}`);
  }
}

/** @throws ResourceNotFoundException */
export function refuseOtherTable(name: string | undefined, table: string): void {
  if (name === table) return;
  throw fault('ResourceNotFoundException', `Requested resource not found: ${name}`);
}

function refuse(operation: Operation, what: string): never {
  throw invalid(`${operation} with ${what}: the embedded engine takes what Parlor uses`);
}
