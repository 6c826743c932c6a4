import { TABLE } from '../../lambdas/aws/table.ts';
import { compareTexts, type Key, type Stored, visitorIn } from './item.ts';
import type { Edge, Range, Storage, Visit } from './storage.ts';

interface Partition {
  /** Sorted. */
  readonly sortKeys: string[];
  readonly items: Map<string, Stored>;
}

/** Items in this process's memory, for tests and for the simulator. */
export function memoryStorage(): Storage {
  const partitions = new Map<string, Partition>();
  /** By visitor. */
  const visits = new Map<string, Set<Stored>>();

  function index(before: Stored | undefined, after: Stored | undefined): void {
    const was = visitorIn(before?.item);
    const is = visitorIn(after?.item);
    if (before && was !== undefined) visits.get(was)?.delete(before);
    if (!after || is === undefined) return;
    visits.set(is, (visits.get(is) ?? new Set()).add(after));
  }

  function* all(): Generator<Stored> {
    const keys = [...partitions.keys()].sort(compareTexts);
    for (const pk of keys) yield* rangeOf(partitions.get(pk), { descending: false });
  }

  return {
    get: ({ pk, sk }) => partitions.get(pk)?.items.get(sk),

    set({ pk, sk }, stored) {
      const partition = partitions.get(pk) ?? { sortKeys: [], items: new Map() };
      partitions.set(pk, partition);
      const { sortKeys, items } = partition;
      index(items.get(sk), stored);
      if (items.has(sk) !== (stored !== undefined)) {
        const at = position(sortKeys, sk);
        if (stored) sortKeys.splice(at, 0, sk);
        else sortKeys.splice(at, 1);
      }
      if (stored) items.set(sk, stored);
      else items.delete(sk);
      if (items.size === 0) partitions.delete(pk);
    },

    range: (pk, range) => rangeOf(partitions.get(pk), range),

    visits(visitor, { lower, upper, descending }) {
      const inRange = [...(visits.get(visitor) ?? [])].filter(
        (stored) => beyond(lower, stored, 1) && beyond(upper, stored, -1),
      );
      inRange.sort((a, b) => compareVisits(visitOf(a), visitOf(b)));
      return descending ? inRange.reverse() : inRange;
    },

    *all(after) {
      for (const stored of all()) {
        if (!after || compareKeys(keyIn(stored), after) > 0) yield stored;
      }
    },

    expired(now, limit) {
      const due = ({ item }: Stored) => Number(item[TABLE.ttl] ?? Number.POSITIVE_INFINITY) <= now;
      return [...all()].filter(due).slice(0, limit).map(keyIn);
    },

    committed: async () => {},
    close() {},
  };
}

function* rangeOf(
  partition: Partition | undefined,
  { lower, upper, descending }: Range<string>,
): Generator<Stored> {
  if (!partition) return;
  const { sortKeys, items } = partition;
  const from = lower ? position(sortKeys, lower.at, !lower.inclusive) : 0;
  const to = upper ? position(sortKeys, upper.at, upper.inclusive) : sortKeys.length;
  for (let step = 0; step < to - from; step++) {
    const stored = items.get(sortKeys[descending ? to - 1 - step : from + step] ?? '');
    if (stored) yield stored;
  }
}

/** How many sort keys stand before this one; or before what follows it. */
function position(sortKeys: readonly string[], sk: string, after = false): number {
  let low = 0;
  for (let high = sortKeys.length; low < high; ) {
    const middle = (low + high) >> 1;
    const order = compareTexts(sortKeys[middle] ?? '', sk);
    if (order < 0 || (after && order === 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}

const keyIn = ({ item }: Stored): Key => ({ pk: String(item.pk), sk: String(item.sk) });

const compareKeys = (a: Key, b: Key) => compareTexts(a.pk, b.pk) || compareTexts(a.sk, b.sk);

const visitOf = (stored: Stored): Visit => ({
  visitedAt: Number(stored.item[TABLE.visits.sortKey]),
  key: keyIn(stored),
});

const compareVisits = (a: Visit, b: Visit) =>
  a.visitedAt - b.visitedAt || (a.key && b.key ? compareKeys(a.key, b.key) : 0);

/** @param side 1 for what has to come after the edge, -1 for what has to come before */
function beyond(edge: Edge<Visit> | undefined, stored: Stored, side: 1 | -1): boolean {
  if (!edge) return true;
  const order = compareVisits(visitOf(stored), edge.at) * side;
  return order > 0 || (order === 0 && edge.inclusive);
}
