import type { ErrorCode } from './errors.ts';
import { TICKET_LIFETIME } from './limits.ts';
import type { OperationId } from './rest.ts';
import { restTimestamp } from './timestamp.ts';

/** What openapi.yaml shows of an operation. What a request shows can be sent as it stands. */
export interface OperationExample {
  body?: Record<string, unknown>;
  query?: Record<string, unknown>;
  ok: unknown;
  refusals?: Partial<Record<number, unknown>>;
}

export const EXAMPLE_ROOM = 'global';

const credentials = { username: 'alice', password: 'seven-green-kettles' };
const message = {
  seq: 7,
  id: '5f0c4f1e-8f58-4a3c-9d61-2f1f6a4f7a10',
  clientId: 'c0ffee00-5d1c-4f6e-b1a5-0d2f3c4b5a69',
  sender: 'alice',
  content: 'hello',
  timestamp: restTimestamp(Date.UTC(2026, 10, 22, 10, 54, 1, 947)),
  room: EXAMPLE_ROOM,
};
const { sender, content, timestamp, room } = message;
const base = 'https://chat.example.com';
const tokens = {
  refresh: 'eyJhbGciOiJIUzI1NiJ9.refresh.signature',
  access: 'eyJhbGciOiJIUzI1NiJ9.access.signature',
};

/** The body of an error, as REST shows it. */
const refusal = (code: ErrorCode, detail: string, more: object = {}) => ({ detail, code, ...more });

/** Refusals that every operation can give, and those of every operation with a body. */
export const ANYWHERE = {
  internal: refusal('internal', 'The server failed. Try again.'),
  tooLarge: refusal('body_too_large', 'The body is too large. Send less.'),
  mediaType: refusal(
    'unsupported_media_type',
    'Unsupported media type "text/plain" in request. Send application/json.',
  ),
};

const required = (field: string) => ({ [field]: ['This field is required.'] });
const invalidToken = refusal('token_not_valid', 'Token is invalid');
const loginRefusals = {
  400: required('username'),
  401: { detail: 'No active account found with the given credentials' },
  429: refusal('login_throttled', 'Too many failed attempts. Try again in 30 seconds.'),
};
const badRoom = refusal(
  'room_name_invalid',
  'A room\'s name has 1 to 100 letters, digits, "_" and "-". Choose another name.',
);

const wasRemoved = refusal(
  'removed_from_room',
  `You were removed from the room "${EXAMPLE_ROOM}".`,
);
const noMessage = refusal('message_not_found', 'No message with the seq 7 is kept in this room.');
const tooFast = refusal('rate_limited', 'You send too fast. Wait a few seconds, then go on.');
const busy = refusal(
  'room_busy',
  'Too many write to this room at once. It may be stored yet: send it again with the same key.',
);
const moderation = {
  400: { username: ['There is no such user.'] },
  403: refusal('permission_denied', 'You do not have permission to perform this action.'),
};

export const EXAMPLES: Record<OperationId, OperationExample> = {
  register: {
    body: credentials,
    ok: { username: 'alice' },
    refusals: {
      400: { username: ['A user with that username already exists.'] },
      403: refusal(
        'registration_closed',
        'Nobody can register here. Ask whoever runs this chat for an account.',
      ),
      429: refusal('rate_limited', 'Request was throttled. Expected available in 30 seconds.'),
    },
  },
  login: { body: credentials, ok: tokens, refusals: loginRefusals },
  obtainToken: { body: credentials, ok: tokens, refusals: loginRefusals },
  refreshToken: {
    body: { refresh: tokens.refresh },
    ok: tokens,
    refusals: { 400: required('refresh'), 401: invalidToken },
  },
  verifyToken: {
    body: { token: tokens.access },
    ok: {},
    refusals: { 400: required('token'), 401: refusal('token_not_valid', 'Token is expired') },
  },
  blacklistToken: {
    body: { refresh: tokens.refresh },
    ok: {},
    refusals: { 400: required('refresh'), 401: invalidToken },
  },
  createTicket: { ok: { ticket: message.id, expiresIn: TICKET_LIFETIME } },
  whoAmI: { ok: { username: 'Alice', userId: 'alice' } },
  listRooms: {
    ok: {
      next: null,
      previous: null,
      results: [{ room, lastVisit: timestamp, read: 5, head: 7, unread: 2, lastMessage: message }],
    },
    refusals: {
      400: refusal('cursor_invalid', 'Take the cursor from a `next` or `previous` link.'),
    },
  },
  forgetRoom: { ok: {}, refusals: { 400: badRoom } },
  markRead: {
    body: { seq: 0 },
    ok: { room, read: 7 },
    refusals: {
      400: refusal('after_beyond_head', 'The room\'s newest seq is 7; "seq" may not be larger.'),
      403: wasRemoved,
    },
  },
  listMessages: {
    ok: {
      next: `${base}/api/rooms/${room}/messages/?cursor=b7`,
      previous: null,
      results: [message],
    },
    refusals: { 400: badRoom, 403: wasRemoved },
  },
  createMessage: {
    body: { content },
    ok: message,
    refusals: {
      400: refusal('content_empty', 'The message is empty. Write something in it.'),
      403: wasRemoved,
      404: refusal(
        'reply_not_found',
        'No message with the seq 9 is kept in this room. Send yours without "replyTo", or with another seq.',
      ),
      409: refusal(
        'client_id_reused',
        'You sent something else with this clientId before (seq 7). Take a new clientId each time.',
      ),
      413: ANYWHERE.tooLarge,
      429: tooFast,
      503: busy,
    },
  },
  getMessage: { ok: message, refusals: { 400: badRoom, 403: wasRemoved, 404: noMessage } },
  editMessage: {
    body: { content: 'hello!', baseVersion: 7 },
    ok: { ...message, content: 'hello!', version: 8, editedAt: timestamp },
    refusals: {
      400: refusal('content_empty', 'The message is empty. Write something in it.'),
      403: refusal('not_your_message', 'Somebody else said this.'),
      404: noMessage,
      409: refusal(
        'edit_conflict',
        'The message was changed meanwhile: its version is 8. Look at that, and send your text with it as "baseVersion".',
        { current: { version: 8, content: 'hello!' } },
      ),
      410: refusal('message_deleted', 'The message has been deleted.'),
      413: ANYWHERE.tooLarge,
      429: tooFast,
      503: busy,
    },
  },
  deleteMessage: {
    ok: { ...message, content: '', deleted: { by: 'alice', at: timestamp } },
    refusals: {
      400: badRoom,
      403: refusal('not_your_message', 'Somebody else said this.'),
      404: noMessage,
      410: refusal('message_deleted', 'The message has been deleted.'),
      429: tooFast,
      503: busy,
    },
  },
  listEvents: {
    query: { after: 0 },
    ok: { next: null, previous: null, head: 7, results: [{ type: 'message', ...message }] },
    refusals: {
      400: badRoom,
      403: wasRemoved,
      410: {
        ...refusal(
          'after_expired',
          'What follows "after" has expired. The oldest event that is kept has the seq 5: go on with after=4.',
        ),
        firstKept: 5,
      },
    },
  },
  changeMember: {
    body: { username: 'mallory', removed: true },
    ok: { username: 'mallory', removed: true },
    refusals: moderation,
  },
  changeAccount: {
    body: { username: 'mallory', disabled: true },
    ok: { username: 'mallory', disabled: true },
    refusals: {
      ...moderation,
      409: {
        detail:
          'You are the only superuser that is known. Make another one first, by {"superuser": true}.',
        code: 'last_superuser',
      },
    },
  },
  oldHistory: {
    ok: [{ sender, content, timestamp, room }],
    refusals: { 400: badRoom, 403: wasRemoved },
  },
};

/** The body of a 401 on every operation that wants a token, by what was wrong. */
export const NOT_AUTHENTICATED = {
  noToken: { detail: 'Authentication credentials were not provided.' },
  badToken: {
    ...refusal('token_not_valid', 'Given token not valid for any token type'),
    messages: [{ token_class: 'AccessToken', token_type: 'access', message: 'Token is expired' }],
  },
  badHeader: refusal(
    'bad_authorization_header',
    'Authorization header must contain two space-delimited values',
  ),
};
