/**
 * Every way a request can be refused. `status` is the HTTP status over REST and at the WebSocket
 * handshake; over an open socket the same code travels in an error frame. Codes are stable:
 * clients branch on them. `retryable` says whether the same request, sent again unchanged, can
 * succeed.
 */
export const ERRORS = {
  malformed_json: { status: 400, retryable: false },
  unknown_action: { status: 400, retryable: false },
  invalid_field: { status: 400, retryable: false },
  username_look_alike: { status: 400, retryable: false },
  content_empty: { status: 400, retryable: false },
  content_too_long: { status: 400, retryable: false },
  content_invalid: { status: 400, retryable: false },
  metadata_too_large: { status: 400, retryable: false },
  room_name_invalid: { status: 400, retryable: false },
  cursor_invalid: { status: 400, retryable: false },
  after_beyond_head: { status: 400, retryable: false },
  after_too_old: { status: 409, retryable: false },
  after_expired: { status: 410, retryable: false },
  edit_conflict: { status: 409, retryable: false },
  edit_too_late: { status: 403, retryable: false },
  not_your_message: { status: 403, retryable: false },
  client_id_reused: { status: 409, retryable: false },
  last_superuser: { status: 409, retryable: false },
  bad_authorization_header: { status: 401, retryable: false },
  not_authenticated: { status: 401, retryable: false },
  authentication_failed: { status: 401, retryable: false },
  token_not_valid: { status: 401, retryable: false },
  ticket_not_valid: { status: 401, retryable: false },
  token_expired: { status: 401, retryable: false },
  token_expiring: { status: 401, retryable: false },
  wrong_user: { status: 403, retryable: false },
  user_not_found: { status: 401, retryable: false },
  user_inactive: { status: 401, retryable: false },
  origin_not_allowed: { status: 403, retryable: false },
  direct_access: { status: 403, retryable: false },
  removed_from_room: { status: 403, retryable: false },
  permission_denied: { status: 403, retryable: false },
  accounts_off: { status: 403, retryable: false },
  registration_closed: { status: 403, retryable: false },
  not_joined: { status: 403, retryable: false },
  not_found: { status: 404, retryable: false },
  reply_not_found: { status: 404, retryable: false },
  message_not_found: { status: 404, retryable: false },
  message_deleted: { status: 410, retryable: false },
  method_not_allowed: { status: 405, retryable: false },
  connection_gone: { status: 410, retryable: false },
  body_too_large: { status: 413, retryable: false },
  address_too_long: { status: 414, retryable: false },
  unsupported_media_type: { status: 415, retryable: false },
  rate_limited: { status: 429, retryable: true },
  too_many_rooms: { status: 429, retryable: false },
  too_many_connections: { status: 429, retryable: true },
  login_throttled: { status: 429, retryable: true },
  internal: { status: 500, retryable: true },
  room_busy: { status: 503, retryable: true },
  issuer_unavailable: { status: 503, retryable: true },
} as const satisfies Record<string, { status: number; retryable: boolean }>;

export type ErrorCode = keyof typeof ERRORS;

/** What an error may carry beside its code and sentence. */
export interface ErrorDetails {
  /** Django REST framework's shape for form errors: field name to sentences. */
  fields?: Record<string, readonly string[]>;
  /** Seconds after which a retry makes sense. */
  retryAfter?: number;
  /** The client has just been told the same: where telling it again costs a post, it is left out. */
  told?: boolean;
  /** The methods that there are, for the Allow header. */
  allowed?: string;
  /** The `id` of the client's frame that is answered, once it is known. */
  ref?: string;
  /** The room that it is about; told in frames, for over REST the path names it. */
  room?: string;
  /** With `edit_conflict`: what the message says now, and which version that is. */
  current?: { version: number; content: string };
  /** Further members of the JSON body over REST. */
  body?: Record<string, unknown>;
  /** What lies behind it, for the log; no client sees it. */
  cause?: Error;
}

/**
 * A refusal that a client gets to see.
 *
 * `message` is a sentence that says what to do; it never holds a token, a message's content or
 * anything of another user's.
 */
export class ParlorError extends Error {
  override readonly name = 'ParlorError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.details = details;
  }

  /** The HTTP status that goes with the code. */
  get status(): number {
    return ERRORS[this.code].status;
  }
}

/** A form error in Django REST framework's words and shape: `{"username": ["..."]}`. */
export function fieldError(field: string, ...sentences: string[]): ParlorError {
  return new ParlorError('invalid_field', sentences.join(' '), { fields: { [field]: sentences } });
}
