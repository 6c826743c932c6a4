import * as z from 'zod/mini';
import {
  After,
  BaseVersion,
  ClientId,
  Content,
  Count,
  LookedUp,
  messageFields,
  notBlank,
  RoomName,
  Seq,
  Shown,
  shownMessageFields,
} from './fields.ts';
import { TICKET_LIFETIME } from './limits.ts';

/** What the REST API takes and answers, as JSON. Which operation has which: rest.ts. */

const Username = z
  .string()
  .check(notBlank, z.describe('Letters of one script, digits and @ . + - _'));
const LIKE_DJANGO = 'White space around it is dropped; a number is taken for its text.';
const GivenUsername = z
  .string()
  .check(notBlank, z.describe(`Letters of one script, digits and @ . + - _. ${LIKE_DJANGO}`));
const Password = z.string().check(notBlank, z.describe(LIKE_DJANGO));
const Token = z.string().check(notBlank, z.describe('A JSON Web Token.'));
const RestTimestamp = z
  .string()
  .check(z.describe('ISO 8601 in UTC with microseconds, ending in Z.'));
const Link = z.nullable(
  z.string().check(z.describe('An absolute link, null where nothing more is.')),
);

export const Credentials = z.object({ username: GivenUsername, password: Password });
export const LoginBody = z.object({
  ...Credentials.shape,
  device: z.optional(
    z.nullable(
      z
        .string()
        .check(
          z.describe(
            'The device token that the last login on this device was answered with, null where there is none. Given, it is answered by another one.',
          ),
        ),
    ),
  ),
});
export const Registered = z.strictObject({ username: Username });
export const TokenPair = z.strictObject({ refresh: Token, access: Token });
export const LoggedIn = z.strictObject({
  ...TokenPair.shape,
  device: z.optional(
    z
      .string()
      .check(
        z.describe(
          'Only where `device` was asked for. Keep it, also after logging out: a device that shows it is not kept waiting while others guess passwords. It opens nothing.',
        ),
      ),
  ),
});
export const Empty = z.strictObject({});
export const RefreshBody = z.object({ refresh: Token });
export const VerifyBody = z.object({ token: Token });
export const Refreshed = z.strictObject({ access: Token, refresh: z.optional(Token) });
export const NewMessage = z.strictObject({ ...messageFields, after: z.optional(After) });

/** Another text for a message. */
export const NewText = z.strictObject({
  content: Content,
  baseVersion: BaseVersion,
  after: z.optional(After),
});

/** Who the caller is. */
export const Me = z.strictObject({
  username: Shown,
  userId: z
    .string()
    .check(z.describe('Stands for you for good, whatever you are called; nobody else has it.')),
});

export const Ticket = z.strictObject({
  ticket: z
    .string()
    .check(z.describe('Opens one socket, once: as `?ticket=`, or as a second subprotocol.')),
  expiresIn: z
    .int()
    .check(
      z.minimum(0),
      z.describe(
        `Seconds until it is of no use: ${TICKET_LIFETIME}, or less if its token expires before.`,
      ),
    ),
});

export const ReadMark = z.strictObject({
  seq: Seq.check(z.describe('Everything up to this seq has been read.')),
});

export const ReadTo = z.strictObject({
  room: RoomName,
  read: Seq.check(z.describe('Up to where the room has been read; never moves back.')),
});

export const MemberChange = z.strictObject({
  username: LookedUp,
  removed: z.boolean().check(z.describe('True removes the user, false lets him in again.')),
});

export const AccountChange = z.strictObject({
  username: LookedUp,
  disabled: z
    .optional(z.boolean())
    .check(z.describe('True disables the account, false enables it again. Unchanged if left out.')),
  superuser: z
    .optional(z.boolean())
    .check(
      z.describe(
        'True makes a superuser of the user, false takes it back. Unchanged if left out. Another issuer says itself which of its users are superusers.',
      ),
    ),
});

export const Message = z.strictObject({
  seq: Seq,
  id: z.string(),
  clientId: ClientId,
  sender: Shown,
  ...shownMessageFields,
  timestamp: RestTimestamp,
  room: RoomName,
});

export const HistoryMessage = z.strictObject({
  sender: Shown,
  content: Content,
  timestamp: RestTimestamp,
  room: RoomName,
});

const MessageEvent = z.strictObject({ type: z.literal('message'), ...Message.shape });

/** What every event has; its kind's own members come beside. */
const { seq, id, clientId, sender, timestamp, room } = Message.shape;
const OtherEvent = z.looseObject({
  type: z
    .string()
    .check(
      z.describe('Its kind. Skip an event of a kind that you do not know, but count its seq.'),
    ),
  ...{ seq, id, clientId, sender, timestamp, room },
});

export const RoomEvent = z.union([MessageEvent, OtherEvent]);

export const JoinedRoom = z.strictObject({
  room: RoomName,
  lastVisit: RestTimestamp,
  read: Seq.check(z.describe('Up to where you have read it, 0 if you never said so.')),
  head: Seq.check(z.describe('The newest seq.')),
  unread: Count.check(z.describe('How many messages follow on `read`; other events don’t count.')),
  lastMessage: z
    .nullable(Message)
    .check(z.describe('The newest message, null in a room without any.')),
});

export const MessagePage = z.strictObject({
  next: Link.check(z.describe('The page of older messages.')),
  previous: Link.check(z.describe('The page of newer messages.')),
  head: z.optional(
    Seq.check(
      z.describe(
        'The newest seq of the room; only with the newest page. Also where all messages have expired.',
      ),
    ),
  ),
  results: z.array(Message).check(z.describe('Newest first, without a hole.')),
});

export const EventPage = z.strictObject({
  next: Link.check(z.describe('The page of later events, null at the head.')),
  previous: z.null(),
  head: Seq.check(z.describe('The newest seq of the room when the page was read.')),
  results: z.array(RoomEvent).check(z.describe('Oldest first, without a hole.')),
});

export const RoomPage = z.strictObject({
  next: Link,
  previous: z.null(),
  results: z
    .array(JoinedRoom)
    .check(z.describe('Latest visit first, without those that you were removed from.')),
});

/** Most errors. Django REST framework's shape, with a code from protocol/errors.ts. */
export const ErrorBody = z.object({
  detail: z.string().check(z.describe('What is wrong and what to do.')),
  code: z.optional(z.string()),
  current: z.optional(
    z
      .object({ version: Seq, content: z.string() })
      .check(z.describe('With `edit_conflict`: what the message says now, and its version.')),
  ),
  firstKept: z.optional(
    Seq.check(z.describe('With `after_expired`: the oldest seq that is kept, or the next one.')),
  ),
});

/** Errors of the forms that the old chat had: field name to sentences. */
export const FieldErrors = z.record(z.string(), z.array(z.string()));
