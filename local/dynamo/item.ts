import { TABLE } from '../../lambdas/aws/table.ts';
import { invalid } from './errors.ts';

/** What an attribute may hold, as the document client takes and gives it. Sets are of strings. */
export type Value =
  | string
  | number
  | boolean
  | null
  | Value[]
  | Set<string>
  | { [name: string]: Value };

export interface Item {
  readonly [name: string]: Value;
}

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** An item with its size as DynamoDB counts it: names and values in UTF-8. */
export interface Stored {
  readonly item: Item;
  readonly bytes: number;
}

/** Under whom an item stands in the index of visits; undefined where it lacks one of its keys. */
export function visitorIn(item: Item | undefined): string | undefined {
  const visitor = item?.[TABLE.visits.partitionKey];
  if (item?.[TABLE.visits.sortKey] === undefined) return undefined;
  return typeof visitor === 'string' ? visitor : undefined;
}

/** DynamoDB takes no larger item. */
const ITEM_BYTES = 400 * 1024;
const KEY_BYTES = { pk: 2_048, sk: 1_024 };

/**
 * A copy of an item that nobody can change, without what is undefined.
 *
 * @throws ValidationException for a value or a size that DynamoDB doesn't take
 */
export function keep(item: object): Stored {
  const kept = mapOf(item);
  keyOf(kept);
  refuseDeepSets(kept);
  const bytes = mapBytes(kept) - MAP_BYTES;
  if (bytes > ITEM_BYTES) throw invalid('Item size has exceeded the maximum allowed size');
  return { item: kept, bytes };
}

/** @throws ValidationException for a key that DynamoDB doesn't take */
export function keyOf(item: object | undefined): Key {
  const { pk, sk } = (item ?? {}) as Partial<Record<'pk' | 'sk', unknown>>;
  return { pk: keyText(pk, 'pk'), sk: keyText(sk, 'sk') };
}

function keyText(value: unknown, name: 'pk' | 'sk'): string {
  if (typeof value !== 'string' || value === '') {
    throw invalid(`The key's ${name} must be a text that is not empty, and is ${String(value)}`);
  }
  if (utf8Bytes(value) > KEY_BYTES[name]) {
    throw invalid(`The key's ${name} exceeds ${KEY_BYTES[name]} bytes`);
  }
  return value;
}

/** A frozen copy of a value. @throws ValidationException for one that DynamoDB doesn't take */
export function attribute(value: unknown): Value {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number') return numberOf(value);
  if (value instanceof Set) return setOf(value);
  if (Array.isArray(value)) return Object.freeze(value.map(attribute)) as Value[];
  if (typeof value === 'object' && isPlain(value)) return mapOf(value);
  throw invalid(`There is no attribute of the type ${typeOf(value)}`);
}

function mapOf(value: object): { [name: string]: Value } {
  const copy: Record<string, Value> = {};
  for (const [name, inner] of Object.entries(value)) {
    if (inner !== undefined) copy[name] = attribute(inner);
  }
  return Object.freeze(copy);
}

/** As far as the files of the embedded engine go. @throws ValidationException for a set in a list or map */
function refuseDeepSets(item: Item): void {
  for (const value of Object.values(item)) {
    if (typeof value === 'object' && value !== null && !(value instanceof Set) && hasSet(value)) {
      throw invalid('This engine keeps sets at the top of an item only');
    }
  }
}

const hasSet = (value: Value): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (value instanceof Set || Object.values(value).some(hasSet));

function setOf(value: ReadonlySet<unknown>): Set<string> {
  if (value.size === 0) throw invalid('An empty set is not allowed');
  for (const element of value) {
    if (typeof element !== 'string') throw invalid('This engine knows sets of strings only');
  }
  return new Set(value as Set<string>);
}

function numberOf(value: number): number {
  if (Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER) return value;
  throw invalid(`${value} is a number that can't be kept exactly`);
}

const isPlain = (value: object) =>
  Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null;

const typeOf = (value: unknown) =>
  typeof value === 'object' ? (value?.constructor.name ?? 'null') : typeof value;

/** Of a list or a map, beside what is in it. */
const MAP_BYTES = 3;

function bytesOf(value: Value): number {
  if (typeof value === 'string') return utf8Bytes(value);
  if (typeof value === 'number') return numberBytes(value);
  if (typeof value !== 'object' || value === null) return 1;
  if (value instanceof Set) return [...value].reduce((sum, each) => sum + utf8Bytes(each), 0);
  if (Array.isArray(value)) {
    return value.reduce<number>((sum, each) => sum + 1 + bytesOf(each), MAP_BYTES);
  }
  return mapBytes(value);
}

function mapBytes(map: { readonly [name: string]: Value }): number {
  let bytes = MAP_BYTES;
  for (const name in map) bytes += utf8Bytes(name) + bytesOf(map[name] ?? null);
  return bytes;
}

/** About: one byte for two digits and one for the rest, as the documentation has it. */
const numberBytes = (value: number) =>
  Math.ceil(String(Math.abs(value)).replace(/^0\.?0*|\D/g, '').length / 2) + 1;

export const utf8Bytes = (text: string): number => Buffer.byteLength(text);

/** Orders texts as DynamoDB does, by their UTF-8 bytes. JavaScript's own order is by UTF-16. */
export function compareTexts(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const one = a.charCodeAt(at);
    const other = b.charCodeAt(at);
    if (one !== other) return byCodePoint(one) - byCodePoint(other);
  }
  return a.length - b.length;
}

/** Halves of code points beyond the 16 bits come last. */
const byCodePoint = (unit: number) => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
