import * as z from 'zod/mini';
import { ClientId, notBlank, Seq } from './fields.ts';
import { EDIT_HOURS, PAGE_DEFAULT, PAGE_MAX } from './limits.ts';
import type { Operation } from './operation.ts';
import {
  Empty,
  EventPage,
  HistoryMessage,
  Message,
  MessagePage,
  NewMessage,
  NewText,
  ReadMark,
  ReadTo,
  RoomPage,
} from './rest-bodies.ts';

const Limit = z.optional(
  z
    .int()
    .check(
      z.minimum(1),
      z.maximum(PAGE_MAX),
      z.describe(
        `How many at most, 1 to ${PAGE_MAX}. Default: ${PAGE_DEFAULT}. A page of long messages ends before: its links lead on.`,
      ),
    ),
);
const Before = z.optional(
  z.int().check(z.minimum(1), z.describe('Only what is older than this seq.')),
);
const Newer = z.optional(Seq.check(z.describe('Only what is newer than this seq.')));
const Cursor = z.optional(
  z.string().check(notBlank, z.describe('From a `next` or `previous` link; not to be made up.')),
);

const REMOVED = 'You were removed from the room.';

/** Rooms, what is said in them, and what of it has been read. */
export const roomOperations = {
  listRooms: {
    method: 'GET',
    path: '/api/rooms/',
    auth: true,
    errors: 'detail',
    tag: 'rooms',
    summary: 'Rooms you have been in',
    description:
      'With what is new in each. Rooms that you were removed from are left out, and those in which nobody ever spoke, so a page may hold fewer than its limit, or none: `next` says whether there is more.',
    query: z.object({ limit: Limit, cursor: Cursor }),
    ok: { status: 200, body: RoomPage, description: 'A page of rooms, latest visit first.' },
    refusals: { 400: 'The limit or the cursor is wrong.' },
  },
  forgetRoom: {
    method: 'DELETE',
    path: '/api/rooms/{room}/',
    auth: true,
    errors: 'detail',
    tag: 'rooms',
    summary: 'Take a room off your list',
    description:
      'And forget up to where you have read it. Open sockets stay in the room. It is on the list again with your next visit: a socket, a `join`, a message over REST, or a read mark.',
    ok: { status: 200, body: Empty, description: 'It is not on the list, or never was.' },
    refusals: { 400: "The room's name is wrong." },
  },
  markRead: {
    method: 'PUT',
    path: '/api/rooms/{room}/read/',
    auth: true,
    errors: 'detail',
    tag: 'rooms',
    summary: 'Say up to where you have read',
    description:
      'Never moves back: of several devices the furthest counts, and the answer says how far that is. Puts the room on your list.',
    body: ReadMark,
    ok: { status: 200, body: ReadTo, description: 'Up to where the room has been read now.' },
    refusals: { 400: "The room's name is wrong, or `seq` is beyond the head.", 403: REMOVED },
  },
  listMessages: {
    method: 'GET',
    path: '/api/rooms/{room}/messages/',
    auth: true,
    errors: 'detail',
    tag: 'rooms',
    summary: "A room's history",
    description:
      'Pages both ways: `before` gives older messages, `after` newer ones, neither the newest. One of the three at most.',
    query: z.object({ before: Before, after: Newer, limit: Limit, cursor: Cursor }),
    ok: { status: 200, body: MessagePage, description: 'A page of messages, newest first.' },
    refusals: {
      400: "The room's name, the cursor or the limit is wrong, or `after` is beyond the head.",
      403: REMOVED,
    },
  },
  createMessage: {
    method: 'POST',
    path: '/api/rooms/{room}/messages/',
    auth: true,
    errors: 'detail',
    tag: 'rooms',
    summary: 'Send a message',
    description:
      'For servers, and for clients without a socket. A retry with the same `Idempotency-Key` answers with the original and status 200. Give the `after` that the first attempt gave; without one the newest 1,000 events are searched, or 500 kB of them.',
    headers: z.object({ 'idempotency-key': z.optional(ClientId) }),
    body: NewMessage,
    ok: {
      status: 201,
      body: Message,
      description: 'Stored. 200 if an earlier attempt had stored it.',
    },
    refusals: {
      400: 'The content is empty or too long, or a field is wrong.',
      403: REMOVED,
      404: 'No message with the seq `replyTo` is kept in the room.',
      409: 'The key was used for other content, or `after` is too old.',
      413: 'The body is too large.',
      429: 'You send too fast, over all your sockets and here: wait `Retry-After` seconds.',
      503: 'Too many write to this room at once: try again with the same key.',
    },
  },
  getMessage: {
    method: 'GET',
    path: '/api/rooms/{room}/messages/{seq}/',
    auth: true,
    errors: 'detail',
    tag: 'rooms',
    summary: 'A message',
    description: 'As it stands by now: with its newest text, or without any where it was deleted.',
    ok: { status: 200, body: Message, description: 'The message.' },
    refusals: {
      400: "The room's name is wrong.",
      403: REMOVED,
      404: 'No message with that seq is kept in the room.',
    },
  },
  editMessage: {
    method: 'PUT',
    path: '/api/rooms/{room}/messages/{seq}/',
    auth: true,
    errors: 'detail',
    tag: 'rooms',
    summary: 'Give a message of your own another text',
    description: `Within ${EDIT_HOURS} hours. Give the version that you changed, so that nobody's text is lost: not even your own from another device. A retry with the same \`Idempotency-Key\` answers with the original.`,
    headers: z.object({ 'idempotency-key': z.optional(ClientId) }),
    body: NewText,
    ok: { status: 200, body: Message, description: 'The message as it stands now.' },
    refusals: {
      400: 'The content is empty or too long, or a field is wrong.',
      403: 'It is not yours, it is too old, or you were removed from the room.',
      404: 'No message with that seq is kept in the room.',
      409: 'It was changed meanwhile, or the key was used for something else.',
      410: 'It was deleted.',
      413: 'The body is too large.',
      429: 'You send too fast, over all your sockets and here: wait `Retry-After` seconds.',
      503: 'Too many write to this room at once: try again with the same key.',
    },
  },
  deleteMessage: {
    method: 'DELETE',
    path: '/api/rooms/{room}/messages/{seq}/',
    auth: true,
    errors: 'detail',
    tag: 'rooms',
    summary: 'Delete a message',
    description:
      'One of your own; a superuser deletes anybody’s. What it said is gone for good, everywhere. Its place stays, with who deleted it and when.',
    ok: { status: 200, body: Message, description: 'What is left of it.' },
    refusals: {
      400: "The room's name is wrong.",
      403: 'It is not yours, or you were removed from the room.',
      404: 'No message with that seq is kept in the room.',
      410: 'It was deleted before.',
      429: 'You send too fast, over all your sockets and here: wait `Retry-After` seconds.',
      503: 'Too many write to this room at once: try again.',
    },
  },
  listEvents: {
    method: 'GET',
    path: '/api/rooms/{room}/events/',
    auth: true,
    errors: 'detail',
    tag: 'rooms',
    summary: 'Replay what happened',
    description:
      'Everything after `after`, oldest first, as far back as history is kept. Follow `next` until it is null.',
    query: z.object({ after: Newer, limit: Limit }),
    ok: { status: 200, body: EventPage, description: 'A page of events.' },
    refusals: {
      400: "The room's name, `after` or the limit is wrong.",
      403: REMOVED,
      410: 'What follows `after` has expired: go on with `firstKept - 1`.',
    },
  },
  oldHistory: {
    method: 'GET',
    path: '/chat/history/{room}/',
    auth: true,
    errors: 'detail',
    tag: 'rooms',
    summary: "A room's history, in the old shape",
    description: 'A `Link: <...>; rel="next"` header leads to older messages.',
    query: z.object({ before: Before, limit: Limit }),
    ok: { status: 200, body: z.array(HistoryMessage), description: 'Messages, newest first.' },
    refusals: { 400: "The room's name or the limit is wrong.", 403: REMOVED },
  },
} as const satisfies Record<string, Operation>;
