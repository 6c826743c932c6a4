import { Engine, type Write as EngineWrite } from '../../local/dynamo/engine.ts';
import { type Item, type Key, keep } from '../../local/dynamo/item.ts';
import type { Input, Operation, Output } from '../../local/dynamo/requests.ts';
import { AgedStorage } from './aged-storage.ts';

/** One write of one item, for who watches. */
export interface Write {
  pk: string;
  sk: string;
  before: Item | undefined;
  after: Item | undefined;
  /** Who wrote. */
  by: unknown;
}

export interface TableOptions {
  now: () => number;
  /** How many items a page of a query holds, by the partition's key: 1 MB, scaled down. */
  pageItems: (pk: string) => number;
  /** How far an eventually consistent read may lag, in milliseconds. */
  lagMs: () => number;
}

/** Who deletes what has expired. */
export const TIME_TO_LIVE = 'time to live';

/** What the adapters' requests call it. */
export const SIMULATED_TABLE = 'chat';

/** The engine that `npm start` runs on, with small pages, and reads that lag. */
export class SimulatedTable {
  readonly #options: TableOptions;
  readonly #storage: AgedStorage;
  readonly #engine: Engine;
  readonly #watchers: ((write: Write) => void)[] = [];
  #by: unknown;

  constructor(options: TableOptions) {
    this.#options = options;
    this.#storage = new AgedStorage(options.now);
    this.#engine = new Engine({
      table: SIMULATED_TABLE,
      storage: this.#storage,
      reads: (consistent) => this.#storage.asOf(consistent ? 0 : options.lagMs()),
      pageEnd: (pk) => ({ bytes: Number.POSITIVE_INFINITY, items: options.pageItems(pk) }),
    });
    this.#engine.watch((write) => this.#tell(write));
  }

  watch(watcher: (write: Write) => void): void {
    this.#watchers.push(watcher);
  }

  /** @throws ConditionalCheckFailedException; Error for what the engine doesn't know */
  apply<Name extends Operation>(operation: Name, input: Input<Name>, by: unknown): Output<Name> {
    this.#by = by;
    return this.#engine.apply(operation, input);
  }

  /** What stands in the table now, for checks. */
  peek(pk: string, sk: string): Item | undefined {
    return this.#storage.get({ pk, sk })?.item;
  }

  /** The items of a partition by sort key, for checks. */
  *items(pk: string): Generator<Item> {
    for (const { item } of this.#storage.range(pk, { descending: false })) yield item;
  }

  /** Deletes an item whose time has come, in DynamoDB's name. */
  expire(pk: string, sk: string): void {
    const before = this.peek(pk, sk);
    const expiresAt = Number(before?.expiresAt ?? Number.POSITIVE_INFINITY);
    if (expiresAt * 1_000 > this.#options.now()) return;
    this.#storage.set({ pk, sk }, undefined);
    this.#by = TIME_TO_LIVE;
    this.#tell({ key: { pk, sk }, before, after: undefined });
  }

  /** Puts an item there as if it had always been there. */
  seed(item: Key & Item): void {
    this.#storage.set(item, keep(item));
  }

  #tell({ key: { pk, sk }, before, after }: EngineWrite): void {
    for (const watcher of this.#watchers) watcher({ pk, sk, before, after, by: this.#by });
  }
}
