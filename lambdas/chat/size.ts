/**
 * What things weigh on their way, in bytes, and where a list of them has to end.
 *
 * Everything here travels as JSON in UTF-8, and much of it as a string within other JSON: a frame in
 * a task for another worker, a body in what a function answers (Lambda's runtime calls
 * JSON.stringify on that and counts the bytes of UTF-8). JSON escapes quotes, backslashes, control
 * characters and half surrogate pairs, and nothing else: so 8,000 backslashes, which a message may
 * hold, are 16,000 bytes in a frame and 32,000 in an answer.
 */

/** As JSON. Of an item of the table at least what DynamoDB counts, which has no quotes and commas. */
export const jsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** As a part of JSON that itself travels as a string in JSON, with the comma behind it. */
export function nestedBytes(value: unknown): number {
  const text = JSON.stringify(value);
  // What JSON escapes is escaped in it already: only its quotes and backslashes are escaped again.
  let escaped = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE || code === BACKSLASH) escaped++;
  }
  return Buffer.byteLength(text) + escaped + 1;
}

const QUOTE = 34;
const BACKSLASH = 92;

/**
 * A scale that weighs each item once, however often it is asked: whether a list is full is asked again
 * with each part that is read. Items must not change.
 */
export function weighingOnce<Item extends object>(
  bytesOf: (item: Item) => number,
): (item: Item) => number {
  const known = new WeakMap<Item, number>();
  return (item) => {
    const bytes = known.get(item) ?? bytesOf(item);
    known.set(item, bytes);
    return bytes;
  };
}

/** What a list of `Item` may hold at most: so many, and of so much weight. */
export interface Bound<Item> {
  count: number;
  bytes: number;
  /** What one of them weighs, with what stands between it and the next. */
  bytesOf: (item: Item) => number;
}

/**
 * The first items that fit together, at least one: whoever goes on behind the last of them gets on.
 * Stops measuring where it ends; one alone is not measured, for it comes along whatever it weighs.
 */
export function within<Item>(items: readonly Item[], bound: Bound<Item>): Item[] {
  if (items.length <= 1) return [...items];
  const fitting: Item[] = [];
  let bytes = 0;
  for (const item of items) {
    bytes += bound.bytesOf(item);
    const full = fitting.length >= bound.count || bytes > bound.bytes;
    if (full && fitting.length > 0) break;
    fitting.push(item);
  }
  return fitting;
}

/** Whether not all of them fit. */
export const overflows = <Item>(items: readonly Item[], bound: Bound<Item>): boolean =>
  within(items, bound).length < items.length;
