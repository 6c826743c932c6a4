import type { Key, Stored } from './item.ts';

/** Where a range of keys begins or ends. */
export interface Edge<At> {
  readonly at: At;
  readonly inclusive: boolean;
}

/** A part of one partition, in the order in which it is read. */
export interface Range<At> {
  readonly lower?: Edge<At> | undefined;
  readonly upper?: Edge<At> | undefined;
  readonly descending: boolean;
}

/** Where an item stands in the index of visits; visits at the same time are ordered by their keys. */
export interface Visit {
  readonly visitedAt: number;
  /** Absent, it means all of that time. */
  readonly key?: Key;
}

/**
 * Where an engine keeps its items. All of it is synchronous: an engine applies one command after
 * the other. Texts are ordered by their UTF-8 bytes.
 */
export interface Storage {
  get(key: Key): Stored | undefined;
  /** @param stored what stands there from now on; nothing, when undefined */
  set(key: Key, stored: Stored | undefined): void;
  /** The items of a partition, by sort key. */
  range(pk: string, range: Range<string>): Iterable<Stored>;
  /** Whole items of the index of visits, by time. */
  visits(visitor: string, range: Range<Visit>): Iterable<Stored>;
  /** All items, in an order that stays, from after a key. */
  all(after: Key | undefined): Iterable<Stored>;
  /** Keys of items whose time has come. @param now in seconds, as the items say */
  expired(now: number, limit: number): Key[];
  /** Resolves once what was set so far would survive a kill -9; rejects when it never will. */
  committed(): Promise<void>;
  close(): void;
}
