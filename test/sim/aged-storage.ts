import type { Key, Stored } from '../../local/dynamo/item.ts';
import type { Reads } from '../../local/dynamo/listing.ts';
import { memoryStorage } from '../../local/dynamo/memory-storage.ts';
import type { Range, Storage } from '../../local/dynamo/storage.ts';

/** An item's state that has passed, and until when it stood. */
interface Passed {
  stored: Stored | undefined;
  until: number;
}

/** So many states of an item are remembered. */
const PAST = 6;

/** Items in memory, with what they were: a read that need not be consistent may see that. */
export class AgedStorage implements Storage {
  readonly #now: () => number;
  readonly #current = memoryStorage();
  /** By partition and sort key, the newest last. */
  readonly #past = new Map<string, Map<string, Passed[]>>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The items as they stood some milliseconds ago; the index of visits as it is. */
  asOf(lagMs: number): Reads & Pick<Storage, 'get'> {
    if (lagMs === 0) return this;
    const then = this.#now() - lagMs;
    return {
      get: (key) => this.#stateAt(then, key),
      range: (pk, range) => this.#rangeAt(then, pk, range),
      visits: (visitor, range) => this.visits(visitor, range),
      all: (after) => this.all(after),
    };
  }

  set(key: Key, stored: Stored | undefined): void {
    let partition = this.#past.get(key.pk);
    if (!partition) {
      partition = new Map();
      this.#past.set(key.pk, partition);
    }
    const passed = partition.get(key.sk) ?? [];
    partition.set(key.sk, passed);
    passed.push({ stored: this.get(key), until: this.#now() });
    if (passed.length > PAST) passed.shift();
    this.#current.set(key, stored);
  }

  readonly get = this.#current.get;
  readonly range = this.#current.range;
  readonly visits = this.#current.visits;
  readonly all = this.#current.all;
  readonly expired = this.#current.expired;
  readonly committed = this.#current.committed;
  readonly close = this.#current.close;

  #stateAt(then: number, key: Key): Stored | undefined {
    const passed = this.#past
      .get(key.pk)
      ?.get(key.sk)
      ?.find(({ until }) => until > then);
    return passed ? passed.stored : this.get(key);
  }

  #rangeAt(then: number, pk: string, range: Range<string>): Stored[] {
    const old = memoryStorage();
    for (const sk of this.#past.get(pk)?.keys() ?? []) {
      old.set({ pk, sk }, this.#stateAt(then, { pk, sk }));
    }
    return [...old.range(pk, range)];
  }
}
