import { parseExtras, parseMessage } from './parse.ts';
import type { CachedRoom, OutboxEntry } from './store.ts';

/**
 * What a store gives back, checked: it may be of another version, or not ours at all. What can't
 * be read is as if it were not there.
 */

/** An entry as stores keep it: with the life of the store that has it. */
export interface OwnedEntry {
  readonly owner: string;
  readonly entry: OutboxEntry;
}

export function parseOwnedEntry(value: unknown): OwnedEntry | undefined {
  if (!isObject(value) || !isText(value.owner)) return undefined;
  const entry = parseOutboxEntry(value.entry);
  return entry && { owner: value.owner, entry };
}

export function parseOutboxEntry(value: unknown): OutboxEntry | undefined {
  if (!isObject(value)) return undefined;
  const { room, clientId, content, after, createdAt, order } = value;
  const known = isText(room) && isText(clientId) && isText(content);
  if (!known || !isNumber(createdAt) || !isNumber(order)) return undefined;
  if (after !== undefined && !isNumber(after)) return undefined;
  return { room, clientId, content, after, createdAt, order, ...parseExtras(value) };
}

export function parseCachedRoom(value: unknown): CachedRoom | undefined {
  if (!isObject(value) || !isNumber(value.upTo) || !Array.isArray(value.messages)) return undefined;
  const messages = value.messages.map(parseMessage).filter((message) => message !== undefined);
  // A hole is worse than nothing.
  return messages.length === value.messages.length ? { upTo: value.upTo, messages } : undefined;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number';
