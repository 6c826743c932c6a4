import * as z from 'zod/mini';
import { isPasswordHash, lockedHash } from '../../lambdas/auth/passwords.ts';
import { type Counters, filledIn, toBeStored } from '../../lambdas/chat/counters.ts';
import { ENVELOPE, MESSAGE, type Payload, type RoomEvent } from '../../lambdas/chat/event.ts';
import type { Account } from '../../lambdas/chat/ports/account-store.ts';
import type { RoomMember } from '../../lambdas/chat/ports/room-members.ts';
import { check } from '../../lambdas/edge/parse.ts';
import { contentProblem } from '../../protocol/content.ts';
import { messageFields } from '../../protocol/fields.ts';
import { USERNAME_CHARS } from '../../protocol/limits.ts';
import { parseRoomName } from '../../protocol/names.ts';

/**
 * A line of an export. A room's members come before its events, and its events by seq, without a
 * hole: `expired` stands for those that are gone, which had the seqs `from` to `to`. Accounts come
 * before all rooms, because who imports wants to hear of a conflict first.
 */
export type ArchiveRecord =
  | ({ record: 'account' } & Omit<Account, 'passwordHash'> & { passwordHash?: string | undefined })
  | ({ record: 'member'; room: string } & RoomMember)
  | { record: 'expired'; room: string; from: number; to: number }
  /** Counters that go without saying are left out, as in the table. */
  | ArchivedEvent;

/**
 * An event. The content of its payload stands beside the envelope, as it did when all events were
 * messages; counters that go without saying are left out. Both as in the table.
 */
export type ArchivedEvent = { record: 'event'; content?: string; payload?: Payload } & Omit<
  RoomEvent,
  'payload' | keyof Counters
> &
  Partial<Counters>;

/** A record and where it was found, for errors. */
export interface Located {
  record: ArchiveRecord;
  /** For example "Line 12". */
  place: string;
}

const KEY_BYTES = 900;

/** Milliseconds since 1970. Past the year 9999 there is no timestamp to show. */
const Time = z.int().check(z.gte(0), z.lte(Date.parse('9999-12-31T23:59:59.999Z')));
const whole = (least: number) => z.int().check(z.gte(least));
const text = (longest: number) => z.string().check(z.minLength(1), z.maxLength(longest));
const Id = z.string().check(
  z.minLength(1),
  z.refine((id) => Buffer.byteLength(id) <= KEY_BYTES),
);
const Room = z.string().check(z.refine(isRoom));

/** What else than its content a message may say. */
const { content: _content, ...beside } = messageFields;
const Beside = z.strictObject(beside);

const Record = z.discriminatedUnion('record', [
  z.strictObject({
    record: z.literal('account'),
    id: Id,
    username: text(USERNAME_CHARS * 4),
    passwordHash: z.optional(z.string().check(z.refine(isPasswordHash))),
    disabled: z.boolean(),
    superuser: z.boolean(),
    createdAt: Time,
    loginEpoch: z.optional(whole(1)),
    linkedTo: z.optional(Id),
  }),
  z.strictObject({
    record: z.literal('member'),
    room: Room,
    userId: Id,
    visitedAt: z.optional(Time),
    readTo: z.optional(whole(0)),
    readCounted: z.optional(z.strictObject({ seq: whole(0), n: whole(0) })),
    removed: z.optional(z.literal(true)),
  }),
  z
    .strictObject({
      record: z.literal('expired'),
      room: Room,
      from: whole(1),
      to: whole(1),
    })
    .check(z.refine(({ from, to }) => from <= to, { path: ['to'] })),
  z
    .strictObject({
      record: z.literal('event'),
      type: text(64),
      room: Room,
      seq: whole(1),
      id: Id,
      userId: Id,
      sender: text(USERNAME_CHARS * 4),
      // A message without one has its id there, which may be `django-` and a row's key.
      clientId: text(128),
      content: z.optional(z.string()),
      payload: z.optional(z.record(z.string(), z.unknown()).check(z.refine(isPayload))),
      at: Time,
      crowded: z.optional(z.literal(true)),
      erased: z.optional(z.literal(true)),
      n: z.optional(whole(0)),
      m: z.optional(whole(0)),
      p: z.optional(whole(0)),
      g: z.optional(whole(0)),
    })
    .check(
      z.refine(
        ({ type, content, erased }) =>
          content === undefined
            ? type !== MESSAGE
            : isContent(content) || (content === '' && erased),
        { path: ['content'] },
      ),
      z.refine(({ type, payload }) => type !== MESSAGE || check(Beside, payload ?? {}).ok, {
        path: ['payload'],
      }),
    ),
]);

export const toLine = (record: ArchiveRecord): string => `${JSON.stringify(record)}\n`;

/** @throws Error that names the place and the field */
export function parseRecord(line: string, place: string): ArchiveRecord {
  let input: unknown;
  try {
    input = JSON.parse(line);
  } catch {
    throw new Error(`${place} is not JSON. Is this a file that npm run export wrote?`);
  }
  const result = check(Record, input);
  if (result.ok) return result.value;
  const [problem] = result.problems;
  throw new Error(`${place}: "${problem?.field ?? 'it'}" ${problem?.sentence ?? 'does not fit'}.`);
}

export function archived({ payload, n, m, p, g, ...envelope }: RoomEvent): ArchivedEvent {
  const { content, ...rest } = payload;
  return {
    record: 'event',
    ...envelope,
    ...(typeof content === 'string' && { content }),
    ...(Object.keys(rest).length > 0 && { payload: rest }),
    ...toBeStored(envelope.seq, { n, m, p, g }),
  };
}

export function eventOf({ record: _, content, payload, ...envelope }: ArchivedEvent): RoomEvent {
  return {
    ...envelope,
    payload: { ...(content !== undefined && { content }), ...payload },
    ...filledIn(envelope.seq, envelope),
  };
}

/** The account of a record; without a password hash it is one that no password opens. */
export function accountOf(record: ArchiveRecord & { record: 'account' }): Account {
  const { record: _kind, passwordHash = lockedHash(), ...account } = record;
  return { ...account, passwordHash };
}

function isPayload(payload: object): boolean {
  return ENVELOPE.every((name) => !Object.hasOwn(payload, name));
}

function isRoom(name: string): boolean {
  try {
    return parseRoomName(name) === name;
  } catch {
    return false;
  }
}

/**
 * What nobody sees was taken for content once. Where a log holds such a message it comes along: left
 * out it would be a hole, and refused it would keep the whole room from moving.
 */
function isContent(content: string): boolean {
  const problem = contentProblem(content);
  return !problem || (problem.code === 'content_empty' && content.trim() !== '');
}
