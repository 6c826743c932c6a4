import { setTimeout as sleep } from 'node:timers/promises';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { sum } from '../measure.ts';

/** One call to DynamoDB. Times by performance.now(). */
export interface Call {
  command: string;
  began: number;
  ended: number;
  readUnits: number;
  writeUnits: number;
}

const WAY_MS = 2;
const READS = new Set(['GetCommand', 'BatchGetCommand', 'QueryCommand', 'ScanCommand']);

/**
 * Notes each call of a client, with the units that the engine says it takes.
 *
 * @param wayMs how long each is on its way, as from a function to its table: only so it shows which
 *   calls wait for which
 * @returns the calls, to which each is added when it has ended
 */
export function meter(client: DynamoDBDocumentClient, wayMs = WAY_MS): Call[] {
  const calls: Call[] = [];
  const send = client.send.bind(client) as (command: Command) => Promise<Answer>;
  const metered = async (command: Command): Promise<Answer> => {
    const began = performance.now();
    if (wayMs > 0) await sleep(wayMs);
    Object.assign(command.input, { ReturnConsumedCapacity: 'TOTAL' });
    const note = (units: number) => {
      const { name } = command.constructor;
      const isRead = READS.has(name);
      const [readUnits, writeUnits] = isRead ? [units, 0] : [0, units];
      calls.push({ command: name, began, ended: performance.now(), readUnits, writeUnits });
    };
    try {
      const answer = await send(command);
      note(unitsIn(answer));
      return answer;
    } catch (error) {
      // A condition that failed: the items here are below 1 KB.
      note(1);
      throw error;
    }
  };
  Object.assign(client, { send: metered });
  return calls;
}

type Command = { input: object };
type Consumed = { CapacityUnits?: number };
/** A batch tells of each table. */
type Answer = { ConsumedCapacity?: Consumed | Consumed[] };

const unitsIn = ({ ConsumedCapacity }: Answer): number =>
  sum([ConsumedCapacity].flat().map((consumed) => consumed?.CapacityUnits ?? Number.NaN));

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
