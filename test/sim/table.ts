import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { type Bindings, condition, type Item, projection, update } from './expressions.ts';

/** One write of one item, for who watches. */
export interface Write {
  pk: string;
  sk: string;
  before: Item | undefined;
  after: Item | undefined;
  /** Who wrote. */
  by: unknown;
}

interface Cell {
  item: Item | undefined;
  /** Earlier states and until when each stood, newest last. */
  past: { item: Item | undefined; until: number }[];
}

interface Partition {
  keys: string[];
  cells: Map<string, Cell>;
}

export type Command = DeleteCommand | GetCommand | PutCommand | QueryCommand | UpdateCommand;

export interface TableOptions {
  now: () => number;
  /** How many items a page of a query holds, by the partition's key: 1 MB, scaled down. */
  pageItems: (pk: string) => number;
  /** How far an eventually consistent read may lag, in milliseconds. */
  lagMs: () => number;
}

const PAST = 6;

/** Who deletes what has expired. */
export const TIME_TO_LIVE = 'time to live';

/** DynamoDB's table: each command is applied at one moment. */
export class SimulatedTable {
  readonly #options: TableOptions;
  readonly #partitions = new Map<string, Partition>();
  #watchers: ((write: Write) => void)[] = [];

  constructor(options: TableOptions) {
    this.#options = options;
  }

  watch(watcher: (write: Write) => void): void {
    this.#watchers.push(watcher);
  }

  /** @throws ConditionalCheckFailedException; Error for what the simulator doesn't know */
  apply(command: Command, by: unknown): Item {
    if (command instanceof GetCommand) return this.#get(command);
    if (command instanceof QueryCommand) return this.#query(command);
    if (command instanceof PutCommand) return this.#put(command, by);
    if (command instanceof UpdateCommand) return this.#update(command, by);
    if (command instanceof DeleteCommand) return this.#delete(command, by);
    throw new Error("The simulator's DynamoDB does not know this command.");
  }

  /** What stands in the table now, for checks. */
  peek(pk: string, sk: string): Item | undefined {
    return this.#partitions.get(pk)?.cells.get(sk)?.item;
  }

  /** The items of a partition by sort key, for checks. */
  *items(pk: string): Generator<Item> {
    const partition = this.#partitions.get(pk);
    for (const sk of partition?.keys ?? []) {
      const item = partition?.cells.get(sk)?.item;
      if (item) yield item;
    }
  }

  /** Deletes an item whose time has come, in DynamoDB's name. */
  expire(pk: string, sk: string): void {
    const cell = this.#partitions.get(pk)?.cells.get(sk);
    const expiresAt = Number(cell?.item?.expiresAt ?? Number.POSITIVE_INFINITY);
    if (!cell || expiresAt * 1_000 > this.#options.now()) return;
    this.#write(cell, pk, sk, undefined, TIME_TO_LIVE);
  }

  /** Puts an item there as if it had always been there. */
  seed(item: Item): void {
    this.#cell(String(item.pk), String(item.sk)).item = item;
  }

  #get({ input }: GetCommand): Item {
    const { pk, sk } = keyOf(input.Key);
    const cell = this.#partitions.get(pk)?.cells.get(sk);
    return { Item: this.#seen(cell, input.ConsistentRead === true ? 0 : this.#options.lagMs()) };
  }

  #put({ input }: PutCommand, by: unknown): Item {
    const { pk, sk } = keyOf(input.Item);
    const cell = this.#cell(pk, sk);
    check(input.ConditionExpression, cell.item, bindingsOf(input));
    this.#write(cell, pk, sk, withoutUndefined({ ...input.Item }), by);
    return {};
  }

  #update({ input }: UpdateCommand, by: unknown): Item {
    const { pk, sk } = keyOf(input.Key);
    const cell = this.#cell(pk, sk);
    const bindings = bindingsOf(input);
    check(input.ConditionExpression, cell.item, bindings);
    const before = cell.item ?? { pk, sk };
    const after = { ...before };
    update(input.UpdateExpression ?? '')(before, after, bindings);
    this.#write(cell, pk, sk, after, by);
    if (input.ReturnValues === 'ALL_OLD') return { Attributes: cell.past.at(-1)?.item };
    return { Attributes: after };
  }

  #delete({ input }: DeleteCommand, by: unknown): Item {
    const { pk, sk } = keyOf(input.Key);
    const cell = this.#partitions.get(pk)?.cells.get(sk);
    check(input.ConditionExpression, cell?.item, bindingsOf(input));
    const before = cell?.item;
    if (cell && before) this.#write(cell, pk, sk, undefined, by);
    return input.ReturnValues === 'ALL_OLD' ? { Attributes: before } : {};
  }

  #query({ input }: QueryCommand): Item {
    const matches = condition(input.KeyConditionExpression ?? '');
    const bindings = bindingsOf(input);
    // Every adapter names the partition first.
    const pk = String(Object.values(input.ExpressionAttributeValues ?? {})[0]);
    const partition = this.#partitions.get(pk);
    const lag = input.ConsistentRead === true ? 0 : this.#options.lagMs();
    const page = Math.min(input.Limit ?? Number.POSITIVE_INFINITY, this.#options.pageItems(pk));
    const descending = input.ScanIndexForward === false;
    const start: string | undefined = input.ExclusiveStartKey?.sk;
    const wanted = input.ProjectionExpression && projection(input.ProjectionExpression);

    const Items: Item[] = [];
    const keys = partition?.keys ?? [];
    for (let step = 0; step < keys.length; step++) {
      const sk = keys[descending ? keys.length - 1 - step : step] ?? '';
      if (start !== undefined && (descending ? sk >= start : sk <= start)) continue;
      const item = this.#seen(partition?.cells.get(sk), lag);
      if (!item || !matches(item, bindings)) continue;
      Items.push(
        wanted
          ? project(
              item,
              wanted.map((path) => path(bindings)[0] ?? ''),
            )
          : item,
      );
      // Like the real one: told to go on even where nothing follows.
      if (Items.length === page) return { Items, LastEvaluatedKey: { pk, sk } };
    }
    return { Items };
  }

  #seen(cell: Cell | undefined, lag: number): Item | undefined {
    if (!cell || lag === 0) return cell?.item;
    const then = this.#options.now() - lag;
    return (cell.past.find(({ until }) => until > then) ?? cell).item;
  }

  #cell(pk: string, sk: string): Cell {
    let partition = this.#partitions.get(pk);
    if (!partition) {
      partition = { keys: [], cells: new Map() };
      this.#partitions.set(pk, partition);
    }
    const known = partition.cells.get(sk);
    if (known) return known;
    const cell: Cell = { item: undefined, past: [] };
    partition.cells.set(sk, cell);
    insert(partition.keys, sk);
    return cell;
  }

  #write(cell: Cell, pk: string, sk: string, after: Item | undefined, by: unknown): void {
    const before = cell.item;
    cell.past.push({ item: before, until: this.#options.now() });
    if (cell.past.length > PAST) cell.past.shift();
    cell.item = after;
    for (const watcher of this.#watchers) watcher({ pk, sk, before, after, by });
  }
}

function check(text: string | undefined, item: Item | undefined, bindings: Bindings): void {
  if (text === undefined || condition(text)(item ?? {}, bindings)) return;
  throw new ConditionalCheckFailedException({ message: 'The condition failed.', $metadata: {} });
}

function keyOf(key: Item | undefined): { pk: string; sk: string } {
  const { pk, sk } = key ?? {};
  if (typeof pk === 'string' && typeof sk === 'string') return { pk, sk };
  throw new Error("The simulator's DynamoDB: a key lacks pk or sk.");
}

const bindingsOf = (input: {
  ExpressionAttributeNames?: Record<string, string> | undefined;
  ExpressionAttributeValues?: Record<string, unknown> | undefined;
}): Bindings => ({
  names: input.ExpressionAttributeNames,
  values: input.ExpressionAttributeValues,
});

function project(item: Item, names: readonly string[]): Item {
  return Object.fromEntries(names.filter((name) => name in item).map((name) => [name, item[name]]));
}

/** The document client is told to remove undefined values, at any depth. */
function withoutUndefined(value: Item): Item {
  const copy: Item = {};
  for (const [name, inner] of Object.entries(value)) {
    if (inner !== undefined) copy[name] = isMap(inner) ? withoutUndefined(inner) : inner;
  }
  return copy;
}

const isMap = (value: unknown): value is Item =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function insert(keys: string[], sk: string): void {
  let low = 0;
  for (let high = keys.length; low < high; ) {
    const middle = (low + high) >> 1;
    if ((keys[middle] ?? '') < sk) low = middle + 1;
    else high = middle;
  }
  keys.splice(low, 0, sk);
}
