import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { documentClient } from '../../lambdas/aws/dynamodb/document-client.ts';
import type { Input, Operation } from '../../local/dynamo/requests.ts';
import { type Instance, type Outcome, SimulatedFault } from './instance.ts';
import type { SimulatedTable } from './table.ts';
import { strikes, type World } from './world.ts';

/** As the adapters' client is set up: two seconds for an answer, three attempts in all. */
const TIMEOUT_MS = 2_000;
const ATTEMPTS = 3;

/** How a call can go wrong: `late` arrives after the client has given up on it. */
const FAULTS = ['throttled', 'lost', 'unanswered', 'unanswered', 'late'] as const;

/**
 * The document client of one instance. Its `send` behaves as the SDK does over an unreliable
 * network: a call whose answer is lost is tried again, and may then meet its own write.
 */
export function dynamoClient(
  world: World,
  table: SimulatedTable,
  instance: Instance,
): DynamoDBDocumentClient {
  return documentClient((operation, input) =>
    instance.call<object>((done) => attempt(world, table, instance, { operation, input }, 1, done)),
  );
}

/** A client to which nothing happens. */
export function directClient(table: SimulatedTable): DynamoDBDocumentClient {
  return documentClient(async (operation, input) => table.apply(operation, input, undefined));
}

interface Request {
  operation: Operation;
  input: Input<Operation>;
}

function attempt(
  world: World,
  table: SimulatedTable,
  instance: Instance,
  request: Request,
  number: number,
  done: (outcome: Outcome<object>) => void,
): void {
  const { random, timeline, profile } = world;
  const fault = strikes(world, profile.dynamoFault) ? random.pick(FAULTS) : undefined;
  if (fault) world.trace(instance.name, () => `${text(request)}: ${fault}, attempt ${number}`);
  const again = (afterMs: number, error: string) =>
    timeline.in(afterMs, () => {
      if (!instance.running) return;
      if (number < ATTEMPTS) attempt(world, table, instance, request, number + 1, done);
      else done({ error: new SimulatedFault(error) });
    });
  const apply = (afterMs: number, then: (outcome: Outcome<object>) => void) =>
    timeline.in(afterMs, () => {
      if (instance.reaches()) then(applied(world, table, instance, request));
    });

  if (fault === undefined) {
    apply(latency(world), (outcome) => timeline.in(latency(world), () => done(outcome)));
    return;
  }
  if (fault === 'throttled') again(random.between(30, 100), 'ThrottlingException');
  else again(TIMEOUT_MS, 'TimeoutError');
  if (fault === 'unanswered') apply(latency(world), () => undefined);
  if (fault === 'late') apply(random.between(TIMEOUT_MS, 3 * TIMEOUT_MS), () => undefined);
}

function applied(
  world: World,
  table: SimulatedTable,
  instance: Instance,
  request: Request,
): Outcome<object> {
  try {
    const value = table.apply(request.operation, request.input, instance);
    world.trace(instance.name, () => text(request));
    return { value };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    world.trace(instance.name, () => `${text(request)}: the condition fails`);
    return { error };
  }
}

/** One way. Mostly 1 to 3 ms, now and then much longer. */
function latency({ random }: World): number {
  return random.chance(0.03) ? random.between(10, 150) : random.between(1, 3);
}

function text({ operation, input }: Request): string {
  const parts: Parts = input;
  const { Key, Item: item, ExpressionAttributeValues, UpdateExpression = '' } = parts;
  if (parts.RequestItems) return `${operation} ${JSON.stringify(parts.RequestItems)}`;
  const { pk, sk } = Key ?? item ?? {};
  const where = pk === undefined ? JSON.stringify(ExpressionAttributeValues) : `${pk} ${sk}`;
  const how = String(pk).startsWith('ROOM#') ? UpdateExpression : '';
  const values = how && JSON.stringify(ExpressionAttributeValues);
  return `${operation.replace('Item', '')} ${where} ${how} ${values}`.trimEnd();
}

interface Parts {
  Key?: Record<string, unknown> | undefined;
  Item?: Record<string, unknown> | undefined;
  ExpressionAttributeValues?: Record<string, unknown> | undefined;
  UpdateExpression?: string | undefined;
  RequestItems?: object | undefined;
}
