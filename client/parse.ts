import { isTrouble, ParlorClientError, unexpectedAnswer } from './errors.ts';
import type { Message, MessageChange, MessageExtras, Stored } from './types.ts';

/**
 * What comes from the server, checked once and by hand: a schema library would be larger than the
 * rest of the client. Fields that are not known are skipped (PROTOCOL.md, "What may be added").
 */

/** An entry of a room's log; both are missing in kinds that this version does not know. */
export interface LogEvent {
  readonly seq: number;
  readonly message?: Message | undefined;
  readonly change?: MessageChange | undefined;
}

export type Frame =
  | { type: 'events'; room: string; events: readonly LogEvent[] }
  | ({ type: 'ack'; room: string } & Stored)
  | { type: 'joined'; ref: string | undefined; room: string; head: number }
  | { type: 'pong'; ref: string | undefined; heads: ReadonlyMap<string, number> }
  | { type: 'authenticated' | 'left'; ref: string | undefined }
  | { type: 'error'; ref: string | undefined; room: string | undefined; error: ParlorClientError };

type Fields = Readonly<Record<string, unknown>>;

/** @returns undefined for a frame to be skipped: of an unknown type, or API Gateway's own */
export function parseFrame(data: unknown): Frame | undefined {
  const frame = parseJson(data);
  if (!isObject(frame)) return undefined;
  const { type, room } = frame;
  const ref = typeof frame.ref === 'string' ? frame.ref : undefined;
  if (type === 'error') {
    return { type, ref, room: isText(room) ? room : undefined, error: parseError(frame) };
  }
  if (type === 'pong') return { type, ref, heads: parseHeads(frame.heads) };
  if (type === 'authenticated' || type === 'left') return { type, ref };
  if (!isText(room)) return undefined;
  if (type === 'events') return { type, room, events: parseList(frame.events, parseEvent) };
  if (type === 'joined' && isSeq(frame.head)) return { type, ref, room, head: frame.head };
  // An event of a kind that is not known counts.
  if (type !== 'ack') return oneEvent(room, parseEvent(frame));
  const stored = parseStored(frame);
  return stored && { type, room, ...stored };
}

const oneEvent = (room: string, event: LogEvent | undefined): Frame | undefined =>
  event && { type: 'events', room, events: [event] };

export interface EventPage {
  readonly head: number;
  readonly more: boolean;
  readonly events: readonly LogEvent[];
  /** What was asked for has expired up to this seq: what is kept begins after it. */
  readonly expired?: number;
}

/** @throws ParlorClientError `unexpected_answer` */
export function parseEventPage(body: unknown): EventPage {
  if (!isObject(body) || !isSeq(body.head) || !Array.isArray(body.results))
    throw unexpectedAnswer();
  const events = parseList(body.results, parseEvent);
  return { head: body.head, more: isText(body.next), events };
}

/**
 * A page of history, brought to oldest first.
 *
 * @throws ParlorClientError `unexpected_answer`
 */
export function parseMessagePage(body: unknown): {
  messages: Message[];
  upTo: number;
  older: boolean;
  newer: boolean;
} {
  if (!isObject(body) || !Array.isArray(body.results)) throw unexpectedAnswer();
  const messages = parseList(body.results, parseMessage).reverse();
  const upTo = messages.at(-1)?.seq ?? (isSeq(body.head) ? body.head : 0);
  return { messages, upTo, older: isText(body.next), newer: isText(body.previous) };
}

/** @throws ParlorClientError `unexpected_answer` */
export function parseOneMessage(body: unknown): Message {
  const message = parseMessage(body);
  if (message) return message;
  throw unexpectedAnswer();
}

/** @returns the text in a field of an answer @throws ParlorClientError `unexpected_answer` */
export function textOf(body: unknown, field: string): string {
  const text = isObject(body) ? body[field] : undefined;
  if (isText(text)) return text;
  throw unexpectedAnswer();
}

/**
 * Errors are `{"detail", "code"}`, or, for forms, `{"field": ["…"]}`; the header `x-error-code` has
 * the code of both. What looks otherwise is not the chat's, whatever its status: a proxy's, or that
 * of a network which wants one to sign in.
 */
export function parseRestError({ status, headers }: Response, body: unknown): ParlorClientError {
  const answer: Fields = isObject(body) ? body : {};
  const { detail, code, firstKept } = answer;
  const fields = isText(detail) ? undefined : parseFieldErrors(answer);
  const sentence = isText(detail)
    ? detail
    : Object.values(fields ?? {})
        .flat()
        .join(' ');
  const ours = sentence && (headers.get('x-error-code') ?? (isText(code) && code));
  return new ParlorClientError(
    ours || (isTrouble(status) ? 'internal' : 'unexpected_answer'),
    sentence || `The server answered ${status}. Try again.`,
    {
      status,
      retryAfter: Number(headers.get('retry-after')) || undefined,
      fields,
      firstKept: isSeq(firstKept) ? firstKept : undefined,
    },
  );
}

function parseError({ code, message, retryable, retryAfter }: Fields): ParlorClientError {
  if (!isText(code) || !isText(message)) return unexpectedAnswer();
  return new ParlorClientError(code, message, {
    retryable: retryable === true,
    retryAfter: typeof retryAfter === 'number' ? retryAfter : undefined,
  });
}

function parseEvent(event: unknown): LogEvent | undefined {
  if (!isObject(event) || !isSeq(event.seq) || event.seq < 1) return undefined;
  const { type, seq } = event;
  if (type === 'chat_message' || type === 'message') return { seq, message: parseMessage(event) };
  return { seq, change: parseChange(event) };
}

function parseChange(event: Fields): MessageChange | undefined {
  const { type, seq, target, content, sender, timestamp, erased } = event;
  if (!isSeq(target) || !isSeq(seq) || !isText(timestamp) || erased) return undefined;
  const at = inUtc(timestamp);
  if (type === 'deletion' && isText(sender)) return { target, deleted: { by: sender, at } };
  return type === 'edit' && isText(content)
    ? { target, version: seq, content, editedAt: at }
    : undefined;
}

/** A message as the server, or a store, has it. */
export function parseMessage(fields: unknown): Message | undefined {
  if (!isObject(fields)) return undefined;
  const { sender, content } = fields;
  const stored = parseStored(fields);
  if (!stored || !isText(sender) || !isText(content)) return undefined;
  const { deleted, version, editedAt } = fields;
  const tombstone = isObject(deleted) && isText(deleted.by) && isText(deleted.at);
  return {
    ...{ ...stored, sender, content, ...parseExtras(fields) },
    ...(isSeq(version) && isText(editedAt) && { version, editedAt }),
    ...(tombstone && { deleted: { by: String(deleted.by), at: String(deleted.at) } }),
  };
}

/** What a message may carry beside its text. */
export function parseExtras({ replyTo, metadata, kind }: Fields): MessageExtras {
  return {
    ...(isSeq(replyTo) && replyTo > 0 && { replyTo }),
    ...(isObject(metadata) && !Array.isArray(metadata) && { metadata }),
    ...(isText(kind) && { kind }),
  };
}

function parseStored({ seq, id, clientId, timestamp }: Fields): Stored | undefined {
  const known = isSeq(seq) && isText(id) && isText(clientId) && isText(timestamp);
  return known ? { seq, id, clientId, timestamp: inUtc(timestamp) } : undefined;
}

function parseHeads(heads: unknown): Map<string, number> {
  const pairs = parseList(heads, (entry) =>
    isObject(entry) && isText(entry.room) && isSeq(entry.head)
      ? ([entry.room, entry.head] as const)
      : undefined,
  );
  return new Map(pairs);
}

function parseFieldErrors(body: Fields): Record<string, string[]> | undefined {
  const fields = Object.entries(body).flatMap(([name, sentences]) =>
    Array.isArray(sentences) ? [[name, sentences.filter(isText)] as const] : [],
  );
  return fields.length > 0 ? Object.fromEntries(fields) : undefined;
}

function parseList<T>(list: unknown, parse: (entry: unknown) => T | undefined): T[] {
  if (!Array.isArray(list)) return [];
  return list.map(parse).filter((entry) => entry !== undefined);
}

/** @returns undefined for what is no JSON: it is not of this protocol */
export function parseJson(data: unknown): unknown {
  try {
    return JSON.parse(String(data));
  } catch {
    return undefined;
  }
}

/** Frames end an instant in +00:00, REST in Z: here it is always Z. */
const inUtc = (timestamp: string) => timestamp.replace(/\+00:00$/, 'Z');

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const isText = (value: unknown): value is string => typeof value === 'string';
const isSeq = (value: unknown): value is number => Number.isSafeInteger(value);
