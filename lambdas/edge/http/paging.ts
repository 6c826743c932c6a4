import { ParlorError } from '../../../protocol/errors.ts';
import { PAGE_BYTES, PAGE_DEFAULT } from '../../../protocol/limits.ts';
import { parseRoomName } from '../../../protocol/names.ts';
import type { HistoryRange } from '../../chat/history.ts';
import type { Visit } from '../../chat/ports/membership-store.ts';
import { type Bound, nestedBytes, weighingOnce } from '../../chat/size.ts';

/** A link to another page of the same list. */
export function pageLink(
  url: string,
  params: Record<string, string | number>,
  limit: number | undefined,
): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) query.set(name, String(value));
  if (limit !== undefined) query.set('limit', String(limit));
  return `${url}?${query}`;
}

/**
 * What a page may hold, measured as it is answered.
 *
 * @param shown an item as the answer's body has it
 */
export const pageBound = <Item extends object>(
  query: { limit?: number | undefined },
  shown: (item: Item) => unknown,
): Bound<Item> => ({
  count: query.limit ?? PAGE_DEFAULT,
  bytes: PAGE_BYTES,
  bytesOf: weighingOnce((item: Item) => nestedBytes(shown(item))),
});

/**
 * Which part of a history a query asks for.
 *
 * @throws ParlorError `cursor_invalid`, `invalid_field`
 */
export function historyRange(query: {
  before?: number | undefined;
  after?: number | undefined;
  cursor?: string | undefined;
}): HistoryRange {
  const { before, after, cursor } = query;
  if ([before, after, cursor].filter((given) => given !== undefined).length > 1) {
    throw new ParlorError('invalid_field', 'Give one of "before", "after" and "cursor", not more.');
  }
  if (cursor !== undefined) return parseHistoryCursor(cursor);
  if (before !== undefined) return { before };
  if (after !== undefined) return { after };
  return undefined;
}

/** Cursors are opaque to clients: what they hold may change. */
export function historyCursor(range: NonNullable<HistoryRange>): string {
  return encode('before' in range ? ['b', range.before] : ['a', range.after]);
}

function parseHistoryCursor(cursor: string): NonNullable<HistoryRange> {
  const [direction, seq, ...rest] = decode(cursor);
  if (Number.isSafeInteger(seq) && rest.length === 0) {
    const place = seq as number;
    if (direction === 'b' && place >= 1) return { before: place };
    if (direction === 'a' && place >= 0) return { after: place };
  }
  throw madeUp();
}

export const visitCursor = ({ room, at }: Visit): string => encode(['v', at, room]);

/** @throws ParlorError `cursor_invalid` */
export function parseVisitCursor(cursor: string): Visit {
  const [kind, at, room, ...rest] = decode(cursor);
  const known = kind === 'v' && Number.isSafeInteger(at) && typeof room === 'string';
  if (known && rest.length === 0 && isRoomName(room)) return { room, at: at as number };
  throw madeUp();
}

function isRoomName(text: string): boolean {
  try {
    return parseRoomName(text) === text;
  } catch {
    return false;
  }
}

const encode = (value: unknown[]) => Buffer.from(JSON.stringify(value)).toString('base64url');

function decode(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(value) && encode(value) === cursor) return value;
  } catch {
    // Answered below.
  }
  throw madeUp();
}

const madeUp = () =>
  new ParlorError('cursor_invalid', 'There is no such cursor. Follow the links as they came.');
