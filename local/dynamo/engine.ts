import { TABLE } from '../../lambdas/aws/table.ts';
import { batchGet } from './batch-get.ts';
import { readUnits, writeUnits } from './capacity.ts';
import { conditionFailed, invalid } from './errors.ts';
import { type Meanings, meaningsOf } from './expressions/of-request.ts';
import { type Item, type Key, keep, keyOf, type Stored } from './item.ts';
import { type PageEnd, query, type Reads, scan } from './listing.ts';
import { type Input, type Operation, type Output, refuseUnknown } from './requests.ts';
import type { Storage } from './storage.ts';

/** One write of one item. */
export interface Write {
  readonly key: Key;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

export interface EngineOptions {
  /** What requests call the table. */
  table: string;
  storage: Storage;
  /** What a read sees. Default: the storage as it is. A read that is not consistent may lag. */
  reads?: (consistent: boolean) => Reads & Pick<Storage, 'get'>;
  /** Where a page of a partition ends. Default: at 1 MB. */
  pageEnd?: (pk: string) => PageEnd;
}

const PAGE_END: PageEnd = { bytes: 1_048_576, items: Number.POSITIVE_INFINITY };

/** So many are deleted at once when their time has come, so that nobody waits for long meanwhile. */
const EXPIRED_AT_ONCE = 200;

type Handlers = { [Name in Operation]: (input: Input<Name>) => [Output<Name>, number] };

/**
 * DynamoDB with one table, as far as Parlor uses it: conditions, updates, pages of 1 MB, items of at
 * most 400 KB, the index of visits, time to live, consumed capacity. Each request is applied at one
 * moment, in the order in which they come. Whatever else a request asks for is refused aloud.
 *
 * Values are as the document client has them. What is written is copied; what is read can't be
 * changed, or is the reader's own.
 */
export class Engine {
  readonly #table: string;
  readonly #storage: Storage;
  readonly #reads: (consistent: boolean) => Reads & Pick<Storage, 'get'>;
  readonly #pageEnd: (pk: string) => PageEnd;
  readonly #watchers: ((write: Write) => void)[] = [];

  constructor({ table, storage, reads = () => storage, pageEnd = () => PAGE_END }: EngineOptions) {
    this.#table = table;
    this.#storage = storage;
    this.#reads = reads;
    this.#pageEnd = pageEnd;
  }

  /** @param watcher is told of each write as soon as it is applied, which may be before it is committed */
  watch(watcher: (write: Write) => void): void {
    this.#watchers.push(watcher);
  }

  /**
   * Applies a request now.
   *
   * @throws ConditionalCheckFailedException, ValidationException, ResourceNotFoundException: nothing
   * is changed then
   */
  apply<Name extends Operation>(operation: Name, input: Input<Name>): Output<Name> {
    refuseUnknown(operation, input, this.#table);
    const [output, units] = this.#handlers[operation](input);
    if (input.ReturnConsumedCapacity !== 'TOTAL') return output;
    const consumed = { TableName: this.#table, CapacityUnits: units };
    // Of a batch, a list: by the tables that it read.
    const ConsumedCapacity = operation === 'BatchGetItem' ? [consumed] : consumed;
    return { ...output, ConsumedCapacity };
  }

  /** Resolves once what was applied so far would survive a kill -9; rejects when it never will. */
  committed(): Promise<void> {
    return this.#storage.committed();
  }

  /**
   * Deletes what has expired, as DynamoDB's time to live does, some at a time.
   *
   * @param now milliseconds since 1970
   * @returns how many items went, once that is committed; ask again while it is not 0
   * @throws a fault of the storage
   */
  async expire(now: number): Promise<number> {
    const keys = this.#storage.expired(Math.floor(now / 1_000), EXPIRED_AT_ONCE);
    for (const key of keys) this.#write(key, this.#storage.get(key), undefined);
    await this.committed();
    return keys.length;
  }

  close(): void {
    this.#storage.close();
  }

  readonly #handlers: Handlers = {
    GetItem: (input) => {
      const meanings = meaningsOf(input);
      const consistent = input.ConsistentRead === true;
      const stored = this.#reads(consistent).get(keyOf(input.Key));
      const output = stored ? { Item: meanings.project(stored.item) } : {};
      return [output, readUnits(stored?.bytes ?? 0, consistent)];
    },

    BatchGetItem: (input) =>
      batchGet((consistent, key) => this.#reads(consistent).get(key), input, this.#table),

    PutItem: (input) => {
      const after = keep(input.Item ?? {});
      return this.#change(keyOf(after.item), input, () => after);
    },

    UpdateItem: (input) => {
      const key = keyOf(input.Key);
      return this.#change(key, input, (before, { change }) => {
        const item = before?.item ?? { ...key };
        const after = { ...item };
        change(item, after);
        if (after.pk !== key.pk || after.sk !== key.sk) {
          throw invalid('This attribute is part of the key, and cannot be updated');
        }
        return keep(after);
      });
    },

    DeleteItem: (input) => this.#change(keyOf(input.Key), input, () => undefined),

    Query: (input) => query(this.#reads(input.ConsistentRead === true), input, this.#pageEnd),

    Scan: (input) => scan(this.#reads(input.ConsistentRead === true), input, this.#pageEnd('')),
  };

  #change(
    key: Key,
    input: Input<'PutItem'> | Input<'UpdateItem'> | Input<'DeleteItem'>,
    next: (before: Stored | undefined, meanings: Meanings) => Stored | undefined,
  ): [{ Attributes?: Item }, number] {
    const meanings = meaningsOf(input);
    const before = this.#storage.get(key);
    if (!meanings.holds(before?.item)) throw conditionFailed();
    const after = next(before, meanings);
    if (after) refuseUnindexable(after.item);
    if (before || after) this.#write(key, before, after);
    const returned = { ALL_OLD: before, ALL_NEW: after }[String(input.ReturnValues)];
    return [returned ? { Attributes: returned.item } : {}, writeUnits(before, after)];
  }

  #write(key: Key, before: Stored | undefined, after: Stored | undefined): void {
    this.#storage.set(key, after);
    for (const watcher of this.#watchers)
      watcher({ key, before: before?.item, after: after?.item });
  }
}

/** As DynamoDB does, where an item has an index's keys of another type. */
function refuseUnindexable(item: Item): void {
  const { partitionKey, sortKey } = TABLE.visits;
  for (const [name, type] of [
    [partitionKey, 'string'],
    [sortKey, 'number'],
  ] as const) {
    const value = item[name];
    const fits = value === undefined || (typeof value === type && value !== '');
    if (!fits) throw invalid(`${name} is a key of an index, and must be a ${type}`);
  }
}
