import * as z from 'zod/mini';
import { ClientId, Seq } from './fields.ts';
import { PAGE_DEFAULT, PAGE_MAX } from './limits.ts';
import {
  AccountChange,
  Credentials,
  Empty,
  EventPage,
  HistoryMessage,
  MemberChange,
  Message,
  MessagePage,
  NewMessage,
  RefreshBody,
  Refreshed,
  Registered,
  RoomPage,
  TokenPair,
  VerifyBody,
} from './rest-bodies.ts';

/**
 * The REST API: one entry per operation. The router serves exactly these, openapi.yaml describes
 * exactly these. Bodies: rest-bodies.ts. Paths end in a slash; the server takes them without it too.
 */

const Limit = z.optional(
  z
    .int()
    .check(
      z.minimum(1),
      z.maximum(PAGE_MAX),
      z.describe(`How many, 1 to ${PAGE_MAX}; ${PAGE_DEFAULT} unless told.`),
    ),
);
const Before = z.optional(
  z.int().check(z.minimum(1), z.describe('Only what is older than this seq.')),
);
const Newer = z.optional(Seq.check(z.describe('Only what is newer than this seq.')));
const Cursor = z.optional(
  z.string().check(z.describe('From a `next` or `previous` link; not to be made up.')),
);

/** What an operation is: the router reads the first four, openapi.yaml shows all. */
export interface Operation {
  method: 'GET' | 'POST';
  /** With `{room}` where the room's name stands. */
  path: string;
  /** Whether it wants `Authorization: Bearer <access token>`. */
  auth: boolean;
  /** The error shape of a body or query that doesn't fit. */
  errors: 'fields' | 'detail';
  tag: string;
  summary: string;
  description?: string;
  query?: z.ZodMiniObject;
  headers?: z.ZodMiniObject;
  body?: z.ZodMiniObject;
  ok: { status: 200 | 201; body: z.ZodMiniType; description: string };
  /** Further statuses, with what they mean. */
  refusals: Partial<Record<number, string>>;
}

const taken =
  'The username is taken or not allowed, the password is too weak, or a field is missing.';
const wrongCredentials = 'Unknown user or wrong password.';
const REMOVED = 'You were removed from the room.';
const throttled = 'Too many failed attempts; `Retry-After` says how many seconds to wait.';

export const operations = {
  register: {
    method: 'POST',
    path: '/accounts/registration/',
    auth: false,
    errors: 'fields',
    tag: 'accounts',
    summary: 'Create an account',
    body: Credentials,
    ok: { status: 201, body: Registered, description: 'The account exists now.' },
    refusals: { 400: taken },
  },
  login: {
    method: 'POST',
    path: '/accounts/login/',
    auth: false,
    errors: 'fields',
    tag: 'accounts',
    summary: 'Log in',
    description: 'The same as POST /api/token/.',
    body: Credentials,
    ok: { status: 200, body: TokenPair, description: 'An access and a refresh token.' },
    refusals: { 400: 'A field is missing.', 401: wrongCredentials, 429: throttled },
  },
  obtainToken: {
    method: 'POST',
    path: '/api/token/',
    auth: false,
    errors: 'fields',
    tag: 'tokens',
    summary: 'Log in',
    description: 'An access token lives 5 minutes, a refresh token a day.',
    body: Credentials,
    ok: { status: 200, body: TokenPair, description: 'An access and a refresh token.' },
    refusals: { 400: 'A field is missing.', 401: wrongCredentials, 429: throttled },
  },
  refreshToken: {
    method: 'POST',
    path: '/api/token/refresh/',
    auth: false,
    errors: 'fields',
    tag: 'tokens',
    summary: 'Trade a refresh token for new tokens',
    description:
      'The refresh token rotates: keep the new one. Using an old one again ends the whole login, for it may have been stolen.',
    body: RefreshBody,
    ok: { status: 200, body: Refreshed, description: 'New tokens.' },
    refusals: {
      400: 'A field is missing.',
      401: 'The token is invalid, expired, used, or of the wrong type.',
    },
  },
  verifyToken: {
    method: 'POST',
    path: '/api/token/verify/',
    auth: false,
    errors: 'fields',
    tag: 'tokens',
    summary: 'Ask whether a token is valid',
    body: VerifyBody,
    ok: { status: 200, body: Empty, description: 'It is.' },
    refusals: { 400: 'A field is missing.', 401: 'It is not.' },
  },
  blacklistToken: {
    method: 'POST',
    path: '/api/token/blacklist/',
    auth: false,
    errors: 'fields',
    tag: 'tokens',
    summary: 'Log out',
    description: 'Ends the login that the refresh token belongs to.',
    body: RefreshBody,
    ok: { status: 200, body: Empty, description: 'The token is of no use any more.' },
    refusals: {
      400: 'A field is missing.',
      401: 'The token is invalid, expired, or of the wrong type.',
    },
  },
  listRooms: {
    method: 'GET',
    path: '/api/rooms/',
    auth: true,
    errors: 'detail',
    tag: 'rooms',
    summary: 'Rooms you have been in',
    query: z.object({ limit: Limit, cursor: Cursor }),
    ok: { status: 200, body: RoomPage, description: 'A page of rooms, latest visit first.' },
    refusals: { 400: 'The limit or the cursor is wrong.' },
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
    refusals: { 400: "The room's name, the cursor or the limit is wrong.", 403: REMOVED },
  },
  createMessage: {
    method: 'POST',
    path: '/api/rooms/{room}/messages/',
    auth: true,
    errors: 'detail',
    tag: 'rooms',
    summary: 'Send a message',
    description:
      'For servers, and for clients without a socket. A retry with the same `Idempotency-Key` answers with the original and status 200. Give the `after` that the first attempt gave; without one the newest 1,000 events are searched.',
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
      409: 'The key was used for other content, or `after` is too old.',
      413: 'The body is too large.',
      503: 'Too many write to this room at once: try again with the same key.',
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
      'Everything after `after`, oldest first, without a limit in time. Follow `next` until it is null.',
    query: z.object({ after: Newer, limit: Limit }),
    ok: { status: 200, body: EventPage, description: 'A page of events.' },
    refusals: { 400: "The room's name, `after` or the limit is wrong.", 403: REMOVED },
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
  changeMember: {
    method: 'POST',
    path: '/api/rooms/{room}/members/',
    auth: true,
    errors: 'fields',
    tag: 'moderation',
    summary: 'Remove a user from a room, or let him in again',
    description:
      'For superusers. It reaches open sockets: they get nothing of the room any more, and an error frame that says so.',
    body: MemberChange,
    ok: { status: 200, body: MemberChange, description: 'Done.' },
    refusals: { 400: 'There is no such user, or a field is missing.', 403: 'Only for superusers.' },
  },
  changeAccount: {
    method: 'POST',
    path: '/api/accounts/',
    auth: true,
    errors: 'fields',
    tag: 'moderation',
    summary: 'Disable an account, or enable it again',
    description: 'For superusers. Ends the open connections of a disabled account.',
    body: AccountChange,
    ok: { status: 200, body: AccountChange, description: 'Done.' },
    refusals: { 400: 'There is no such user, or a field is missing.', 403: 'Only for superusers.' },
  },
} as const satisfies Record<string, Operation>;

export type OperationId = keyof typeof operations;
