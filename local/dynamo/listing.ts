import { TABLE } from '../../lambdas/aws/table.ts';
import { readUnits } from './capacity.ts';
import { invalid } from './errors.ts';
import type { Bound } from './expressions/key-condition.ts';
import { type Meanings, meaningsOf } from './expressions/of-request.ts';
import { type Item, keep, keyOf, type Stored } from './item.ts';
import type { Input, Output } from './requests.ts';
import type { Edge, Range, Storage, Visit } from './storage.ts';

/** What a query or a scan reads from. */
export type Reads = Pick<Storage, 'range' | 'visits' | 'all'>;

/** Where a page ends, as well as by the request's own limit. */
export interface PageEnd {
  bytes: number;
  items: number;
}

type Listed = Pick<Output<'Query'>, 'Items' | 'Count' | 'ScannedCount' | 'LastEvaluatedKey'>;

const MAIN = { partition: TABLE.partitionKey, sort: TABLE.sortKey };
const VISITS = { partition: TABLE.visits.partitionKey, sort: TABLE.visits.sortKey };

/** A page of a query, and the units that it takes. */
export function query(
  reads: Reads,
  input: Input<'Query'>,
  pageEnd: (pk: string) => PageEnd,
): [Listed, number] {
  const meanings = meaningsOf(input);
  const descending = input.ScanIndexForward === false;
  const consistent = input.ConsistentRead === true;
  if (input.IndexName === undefined) {
    const { pk, range } = partOf(meanings, input.ExclusiveStartKey, descending);
    const end = pageEnd(pk);
    const keyNames = Object.values(MAIN);
    return page(reads.range(pk, range), meanings, { ...input, consistent, end, keyNames });
  }
  if (input.IndexName !== TABLE.visits.name) {
    throw invalid(`The table does not have the index ${input.IndexName}`);
  }
  if (consistent) throw invalid('An index has no consistent reads');
  const { visitor, range } = visitsOf(meanings, input.ExclusiveStartKey, descending);
  const found = reads.visits(visitor, range);
  const end = pageEnd(visitor);
  const keyNames = [...Object.values(MAIN), ...Object.values(VISITS)];
  return page(onlyKeys(found, keyNames), meanings, { ...input, consistent, end, keyNames });
}

/** A page of a scan, and the units that it takes. */
export function scan(reads: Reads, input: Input<'Scan'>, end: PageEnd): [Listed, number] {
  const start = input.ExclusiveStartKey && keyOf(input.ExclusiveStartKey);
  const consistent = input.ConsistentRead === true;
  const keyNames = Object.values(MAIN);
  return page(reads.all(start), meaningsOf(input), { ...input, consistent, end, keyNames });
}

function partOf(
  meanings: Meanings,
  start: Item | undefined,
  descending: boolean,
): { pk: string; range: Range<string> } {
  const { partition, lower, upper } = meanings.keys(MAIN);
  const begin = start && { at: keyOf(start).sk, inclusive: false };
  const edges = { lower: textEdge(lower), upper: textEdge(upper) };
  const { pk } = keyOf({ pk: partition, sk: '-' });
  return { pk, range: { ...edges, ...(begin && beginAt(begin, descending)), descending } };
}

function visitsOf(
  meanings: Meanings,
  start: Item | undefined,
  descending: boolean,
): { visitor: string; range: Range<Visit> } {
  const { partition, lower, upper } = meanings.keys(VISITS);
  if (typeof partition !== 'string') throw invalid(`${VISITS.partition} must be a text`);
  const begin = start && {
    at: { visitedAt: Number(start[VISITS.sort]), key: keyOf(start) },
    inclusive: false,
  };
  const edges = { lower: visitEdge(lower), upper: visitEdge(upper) };
  const range = { ...edges, ...(begin && beginAt(begin, descending)), descending };
  return { visitor: partition, range };
}

/** A key to go on after lies within the range: it takes the place of the edge where reading begins. */
const beginAt = <At>(edge: Edge<At>, descending: boolean) =>
  descending ? { upper: edge } : { lower: edge };

function textEdge(bound: Bound | undefined): Edge<string> | undefined {
  if (!bound) return undefined;
  if (typeof bound.value !== 'string') throw invalid(`${MAIN.sort} must be compared with a text`);
  return { at: bound.value, inclusive: bound.inclusive };
}

function visitEdge(bound: Bound | undefined): Edge<Visit> | undefined {
  if (!bound) return undefined;
  if (typeof bound.value !== 'number')
    throw invalid(`${VISITS.sort} must be compared with a number`);
  return { at: { visitedAt: bound.value }, inclusive: bound.inclusive };
}

function* onlyKeys(found: Iterable<Stored>, names: readonly string[]): Generator<Stored> {
  for (const { item } of found) yield keep(picked(item, names));
}

const picked = (item: Item, names: readonly string[]): Item =>
  Object.fromEntries(
    names.flatMap((name) => (item[name] === undefined ? [] : [[name, item[name]]])),
  );

interface PageOptions {
  Limit?: number | undefined;
  consistent: boolean;
  end: PageEnd;
  /** What a key to go on after consists of. */
  keyNames: readonly string[];
}

/** Like the real one, it tells to go on wherever a limit ended it, even where nothing follows. */
function page(
  found: Iterable<Stored>,
  meanings: Meanings,
  { Limit = Number.POSITIVE_INFINITY, consistent, end, keyNames }: PageOptions,
): [Listed, number] {
  const most = Math.min(Limit, end.items);
  const Items: Item[] = [];
  let ScannedCount = 0;
  let bytes = 0;
  let LastEvaluatedKey: Item | undefined;
  for (const stored of found) {
    ScannedCount++;
    bytes += stored.bytes;
    if (meanings.passes(stored.item)) Items.push(meanings.project(stored.item));
    if (ScannedCount < most && bytes < end.bytes) continue;
    LastEvaluatedKey = picked(stored.item, keyNames);
    break;
  }
  const listed = { Items, Count: Items.length, ScannedCount };
  return [
    { ...listed, ...(LastEvaluatedKey && { LastEvaluatedKey }) } as Listed,
    readUnits(bytes, consistent),
  ];
}
