import { setTimeout as sleep } from 'node:timers/promises';
import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import { mapParallel } from '../chat/parallel.ts';
import type { Table } from './dynamo.ts';
import type { Key } from './keys.ts';

/** DynamoDB takes no more keys at once. */
const KEYS_AT_ONCE = 100;
/** Each brings 16 MB at worst. */
const CALLS_AT_ONCE = 8;

/**
 * What a call leaves over is asked for again: its partition is busy, or the answer had 16 MB. Only
 * calls that bring nothing count, and are followed by pauses of up to 50, 100, 200, … ms.
 */
const FRUITLESS_CALLS = 5;
const FIRST_PAUSE_MS = 50;

/** Waits for a random part of some milliseconds. */
type Pause = (longestMs: number) => Promise<void>;

const pauseAtRandom: Pause = async (longestMs) => {
  await sleep(Math.random() * longestMs);
};

/**
 * Reads many items by their keys, a hundred in a call. Each takes the units that it would take alone.
 *
 * @param keys none twice
 * @param consistent whether what was written before must be seen; else it takes half the units
 * @returns the items in the order of the keys; undefined for each that is not there
 * @throws Error named ThrottlingException when DynamoDB goes on leaving keys over; every other fault of a call
 */
export async function batchGet<Item extends Key>(
  table: Table,
  keys: readonly Key[],
  consistent: boolean,
  pause = pauseAtRandom,
): Promise<(Item | undefined)[]> {
  const parts = Array.from({ length: Math.ceil(keys.length / KEYS_AT_ONCE) }, (_, part) =>
    keys.slice(part * KEYS_AT_ONCE, (part + 1) * KEYS_AT_ONCE),
  );
  const found = new Map<string, Item>();
  await mapParallel(parts, CALLS_AT_ONCE, async (part) => {
    const items = await readAll<Item>(table, part, consistent, pause);
    for (const item of items) found.set(textOf(item), item);
  });
  return keys.map((key) => found.get(textOf(key)));
}

async function readAll<Item>(
  { client, name }: Table,
  keys: readonly Key[],
  ConsistentRead: boolean,
  pause: Pause,
): Promise<Item[]> {
  const items: Item[] = [];
  let left: readonly Key[] = keys;
  for (let fruitless = 0; left.length > 0; ) {
    const { Responses = {}, UnprocessedKeys = {} } = await client.send(
      new BatchGetCommand({ RequestItems: { [name]: { Keys: [...left], ConsistentRead } } }),
    );
    const came = Responses[name] ?? [];
    items.push(...(came as Item[]));
    left = (UnprocessedKeys[name]?.Keys ?? []) as Key[];
    if (left.length === 0 || came.length > 0) continue;
    if (++fruitless === FRUITLESS_CALLS) throw throttled(left.length);
    await pause(FIRST_PAUSE_MS * 2 ** (fruitless - 1));
  }
  return items;
}

const textOf = ({ pk, sk }: Key) => `${pk}\0${sk}`;

const throttled = (keys: number): Error =>
  Object.assign(new Error(`DynamoDB left ${keys} keys of a batch unread, again and again.`), {
    name: 'ThrottlingException',
  });
