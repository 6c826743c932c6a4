import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** One call to DynamoDB. Times by performance.now(). */
export interface Call {
  command: string;
  began: number;
  ended: number;
  readUnits: number;
  writeUnits: number;
}

const READS = new Set(['GetItemCommand', 'QueryCommand', 'ScanCommand']);

/**
 * Notes each call of a client, with the units that DynamoDB says it took.
 *
 * @returns the calls, to which each is added when it has ended
 */
export function meter(client: DynamoDBDocumentClient): Call[] {
  const calls: Call[] = [];
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const command = String(context.commandName);
      const began = performance.now();
      Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
      const note = (units: number) =>
        calls.push({
          command,
          began,
          ended: performance.now(),
          readUnits: READS.has(command) ? units : 0,
          writeUnits: READS.has(command) ? 0 : units,
        });
      try {
        const result = await next(args);
        const { ConsumedCapacity: used } = result.output as {
          ConsumedCapacity?: { CapacityUnits?: number };
        };
        note(used?.CapacityUnits ?? Number.NaN);
        return result;
      } catch (error) {
        // A condition that failed: the items here are below 1 KB.
        note(1);
        throw error;
      }
    },
    { step: 'initialize', priority: 'high' },
  );
  return calls;
}

/** How many of the calls that ended before a moment had to come one after the other. */
export function longestChain(calls: readonly Call[], before: number): number {
  const candidates = calls.filter(({ ended }) => ended <= before);
  let length = 0;
  let end = Number.NEGATIVE_INFINITY;
  for (const call of candidates.sort((a, b) => a.ended - b.ended)) {
    if (call.began < end) continue;
    length++;
    end = call.ended;
  }
  return length;
}
