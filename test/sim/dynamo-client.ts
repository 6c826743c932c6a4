import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Item } from './expressions.ts';
import { type Instance, type Outcome, SimulatedFault } from './instance.ts';
import type { Command, SimulatedTable } from './table.ts';
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
  return clientOf((command) =>
    instance.call<Item>((done) => attempt(world, table, instance, command, 1, done)),
  );
}

/** A client to which nothing happens. */
export function directClient(table: SimulatedTable): DynamoDBDocumentClient {
  return clientOf(async (command) => table.apply(command, undefined));
}

function clientOf(send: (command: Command) => Promise<Item>): DynamoDBDocumentClient {
  // The SDK's paginators take an instance of its own class only.
  const client: DynamoDBDocumentClient = Object.create(DynamoDBDocumentClient.prototype);
  Object.defineProperty(client, 'send', { value: send });
  return client;
}

function attempt(
  world: World,
  table: SimulatedTable,
  instance: Instance,
  command: Command,
  number: number,
  done: (outcome: Outcome<Item>) => void,
): void {
  const { random, timeline, profile } = world;
  const fault = strikes(world, profile.dynamoFault) ? random.pick(FAULTS) : undefined;
  if (fault) world.trace(instance.name, () => `${text(command)}: ${fault}, attempt ${number}`);
  const again = (afterMs: number, error: string) =>
    timeline.in(afterMs, () => {
      if (!instance.running) return;
      if (number < ATTEMPTS) attempt(world, table, instance, command, number + 1, done);
      else done({ error: new SimulatedFault(error) });
    });
  const apply = (afterMs: number, then: (outcome: Outcome<Item>) => void) =>
    timeline.in(afterMs, () => {
      if (instance.reaches()) then(applied(world, table, instance, command));
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
  command: Command,
): Outcome<Item> {
  try {
    const value = table.apply(command, instance);
    world.trace(instance.name, () => text(command));
    return { value };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    world.trace(instance.name, () => `${text(command)}: the condition fails`);
    return { error };
  }
}

/** One way. Mostly 1 to 3 ms, now and then much longer. */
function latency({ random }: World): number {
  return random.chance(0.03) ? random.between(10, 150) : random.between(1, 3);
}

function text(command: Command): string {
  const parts: Parts = command.input;
  const { Key, Item: item, ExpressionAttributeValues, UpdateExpression = '' } = parts;
  const { pk, sk } = Key ?? item ?? {};
  const where = pk === undefined ? JSON.stringify(ExpressionAttributeValues) : `${pk} ${sk}`;
  const how = String(pk).startsWith('ROOM#') ? UpdateExpression : '';
  const values = how && JSON.stringify(ExpressionAttributeValues);
  return `${command.constructor.name.replace('Command', '')} ${where} ${how} ${values}`.trimEnd();
}

interface Parts {
  Key?: Item | undefined;
  Item?: Item | undefined;
  ExpressionAttributeValues?: Item | undefined;
  UpdateExpression?: string | undefined;
}
