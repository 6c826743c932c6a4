import { ERRORS, type ErrorCode } from './errors.ts';
import {
  DUPLICATE_SEARCH_BYTES,
  DUPLICATE_SEARCH_MESSAGES,
  EDIT_HOURS,
  METADATA_BYTES,
  METADATA_DEPTH,
  ROOMS_PER_CONNECTION,
  SOCKET_ADDRESS_CHARS,
} from './limits.ts';

/** What each code means, for the generated contracts and the pages made of them. */
const ERROR_MEANINGS: Record<ErrorCode, string> = {
  malformed_json: 'The body or frame is not JSON, or not an object.',
  unknown_action: 'The frame names no action that there is.',
  invalid_field: 'A field is missing, has the wrong type, or has a value that is not allowed.',
  username_look_alike:
    'The username looks like the one of another account, in other letters: choose another one.',
  content_empty: 'Nothing of the message shows: it is white space and what nobody sees.',
  content_too_long: 'The message is too long.',
  content_invalid:
    'The message holds a control character or half a surrogate pair: the sentence names the first and its place.',
  metadata_too_large: `The \`metadata\` of the message has more than ${METADATA_BYTES} bytes as JSON, or more than ${METADATA_DEPTH} levels.`,
  room_name_invalid: "The room's name is outside the rules.",
  cursor_invalid: 'The cursor does not come from a `next` or `previous` link.',
  after_beyond_head: '`after` or `seq` is larger than the newest seq of the room.',
  after_too_old: `More than ${DUPLICATE_SEARCH_MESSAGES} messages, or ${DUPLICATE_SEARCH_BYTES / 1_000} kB of events, follow \`after\`: replay first, then send again with the seq you replayed to.`,
  after_expired:
    'What follows `after` is not kept any more: go on before `firstKept`, the oldest seq that is.',
  edit_conflict: 'The message was changed meanwhile: `current` has its text and its version.',
  edit_too_late: `More than ${EDIT_HOURS} hours have passed since the message was sent.`,
  not_your_message: 'The message is somebody else’s.',
  client_id_reused: 'The same clientId was sent with other content: take a new one.',
  last_superuser:
    'It would leave the chat without a superuser: make another one first, by `POST /api/accounts/` or `npm run createsuperuser`.',
  bad_authorization_header: 'The Authorization header is not `Bearer <token>`.',
  not_authenticated: 'There is no token.',
  authentication_failed: 'The username or the password is wrong.',
  token_not_valid: 'The token is not valid, or of the wrong type.',
  ticket_not_valid:
    'The ticket was used, has expired, or was never given: get a new one by `POST /api/tickets/`.',
  token_expired: 'The token has expired: get a new one with the refresh token.',
  token_expiring:
    'The token is about to expire: bring a new one by the `auth` action, or the connection will be closed.',
  wrong_user: 'The new token speaks for another user than the connection was opened by.',
  user_not_found: 'The account of the token is gone.',
  user_inactive: 'The account of the token is disabled.',
  origin_not_allowed: 'The page that asks is of an origin that is not allowed.',
  direct_access: "The API's own address was called: use the chat's.",
  removed_from_room: 'A superuser has removed you from the room.',
  permission_denied: 'Only superusers may do this.',
  accounts_off:
    'This chat has no accounts of its own: get a token from the provider that its users log in with.',
  registration_closed:
    'People make no accounts for themselves here: whoever runs the chat makes them.',
  not_joined: 'The connection is not in the room: join it first.',
  not_found: 'There is nothing at this path.',
  message_not_found: 'No message with that seq is kept in the room.',
  message_deleted: 'The message has been deleted.',
  reply_not_found: 'The message that `replyTo` names is not kept in the room, or is no message.',
  method_not_allowed: 'The path is there, the method is not.',
  connection_gone: 'The connection has ended: open a new one.',
  body_too_large: 'The body or frame is too large.',
  address_too_long: `The address of a socket has more than ${SOCKET_ADDRESS_CHARS} characters: offer the token as a subprotocol, or bring a ticket.`,
  unsupported_media_type: 'The body is neither JSON nor a form.',
  rate_limited: 'Too much at once: wait.',
  too_many_rooms: `The connection is in ${ROOMS_PER_CONNECTION} rooms already: leave one first.`,
  too_many_connections: 'The user has too many open connections: close one.',
  login_throttled: 'Too many failed attempts on this account: wait.',
  internal: 'The server failed. A send may be stored or not: retry it with the same clientId.',
  room_busy:
    'Too many write to the room at once. It may be stored yet: try again with the same key.',
  issuer_unavailable:
    "Whoever issued the token can't be reached to check it: wait, then try again with the same token.",
};

/** The codes as a table in Markdown. */
export function errorTable(): string {
  const rows = Object.entries(ERRORS).map(
    ([code, { status, retryable }]) =>
      `| \`${code}\` | ${status} | ${retryable ? 'yes' : 'no'} | ${ERROR_MEANINGS[code as ErrorCode]} |`,
  );
  return [
    '| code | status | retry unchanged | meaning |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
