import { ParlorClientError } from './errors.ts';
import type { Message } from './types.ts';

/**
 * What comes from the server, checked once and by hand: a schema library would be larger than the
 * rest of the client. Fields that are not known are skipped (PROTOCOL.md, "What may be added").
 */

/** An entry of a room's log; `message` is missing in kinds that this version does not know. */
export interface LogEvent {
  readonly seq: number;
  readonly message?: Message;
}

export type Frame =
  | { type: 'events'; room: string; events: readonly LogEvent[] }
  | { type: 'ack'; room: string; seq: number; id: string; clientId: string; timestamp: string }
  | { type: 'joined'; ref: string | undefined; room: string; head: number }
  | { type: 'left'; ref: string | undefined; room: string }
  | { type: 'pong'; ref: string | undefined; heads: ReadonlyMap<string, number> }
  | { type: 'authenticated'; ref: string | undefined }
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
  if (type === 'authenticated') return { type, ref };
  if (!isText(room)) return undefined;
  if (type === 'events') return { type, room, events: parseList(frame.events, parseEvent) };
  if (type === 'joined' && isSeq(frame.head)) return { type, ref, room, head: frame.head };
  if (type === 'left') return { type, ref, room };
  // An event of a kind that is not known counts.
  if (type !== 'ack') return oneEvent(room, parseEvent(frame));
  const { seq, id, clientId, timestamp } = frame;
  const known = isSeq(seq) && isText(id) && isText(clientId) && isText(timestamp);
  return known ? { type, room, seq, id, clientId, timestamp: inUtc(timestamp) } : undefined;
}

const oneEvent = (room: string, event: LogEvent | undefined): Frame | undefined =>
  event && { type: 'events', room, events: [event] };

export interface EventPage {
  readonly head: number;
  readonly more: boolean;
  readonly events: readonly LogEvent[];
}

/** @throws ParlorClientError `unexpected_answer` */
export function parseEventPage(body: unknown): EventPage {
  if (!isObject(body) || !isSeq(body.head) || !Array.isArray(body.results)) throw unexpected();
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
  older: boolean;
  newer: boolean;
} {
  if (!isObject(body) || !Array.isArray(body.results)) throw unexpected();
  const messages = parseList(body.results, parseMessage).reverse();
  return { messages, older: isText(body.next), newer: isText(body.previous) };
}

/** Errors are `{"detail", "code"}`, or, for forms, `{"field": ["…"]}`. */
export function parseRestError(
  status: number,
  header: string | null,
  retryAfter: string | null,
  body: unknown,
): ParlorClientError {
  const fields = isObject(body) && !('detail' in body) ? parseFieldErrors(body) : undefined;
  const detail = isObject(body) && isText(body.detail) ? body.detail : undefined;
  const sentence =
    detail ??
    Object.values(fields ?? {})
      .flat()
      .join(' ');
  const code = header ?? (isObject(body) && isText(body.code) ? body.code : undefined);
  const seconds = Number(retryAfter ?? Number.NaN);
  return new ParlorClientError(
    code ?? (status >= 500 || status === 429 ? 'internal' : 'unexpected_answer'),
    sentence || `The server answered ${status}. Try again.`,
    {
      status,
      ...(code === undefined && { retryable: status >= 500 || status === 429 }),
      ...(Number.isFinite(seconds) && { retryAfter: seconds }),
      ...(fields && { fields }),
    },
  );
}

function parseError({ code, message, retryable, retryAfter }: Fields): ParlorClientError {
  return new ParlorClientError(
    isText(code) ? code : 'unexpected_answer',
    isText(message) ? message : 'The server refused it without a reason.',
    {
      retryable: retryable === true,
      ...(typeof retryAfter === 'number' && { retryAfter }),
    },
  );
}

function parseEvent(event: unknown): LogEvent | undefined {
  if (!isObject(event) || !isSeq(event.seq) || event.seq < 1) return undefined;
  const isMessage = event.type === 'chat_message' || event.type === 'message';
  const message = isMessage ? parseMessage(event) : undefined;
  return { seq: event.seq, ...(message && { message }) };
}

function parseMessage(fields: unknown): Message | undefined {
  if (!isObject(fields)) return undefined;
  const { seq, id, clientId, sender, content, timestamp } = fields;
  const known =
    isSeq(seq) &&
    isText(id) &&
    isText(clientId) &&
    isText(sender) &&
    isText(content) &&
    isText(timestamp);
  return known ? { seq, id, clientId, sender, content, timestamp: inUtc(timestamp) } : undefined;
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

function parseJson(data: unknown): unknown {
  try {
    return typeof data === 'string' ? JSON.parse(data) : undefined;
  } catch {
    // Not of this protocol: to be skipped, like every frame that is not known.
    return undefined;
  }
}

/** Frames end an instant in +00:00, REST in Z: here it is always Z. */
const inUtc = (timestamp: string) => timestamp.replace(/\+00:00$/, 'Z');

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isSeq = (value: unknown): value is number => Number.isSafeInteger(value);

const unexpected = () =>
  new ParlorClientError(
    'unexpected_answer',
    'The server answered something that is not of this protocol. Check the address.',
  );
