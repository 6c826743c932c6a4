/** What the server's refusals mean for a connection, by their codes (PROTOCOL.md, "Connecting"). */

/** The token in use has ended, or is about to. */
export const TOKEN_ENDS: ReadonlySet<string> = new Set(['token_expiring', 'token_expired']);

/** The room won't be entered, but others may. */
export const ROOM_REFUSED: ReadonlySet<string> = new Set([
  'removed_from_room',
  'room_name_invalid',
]);

/** To try again is of no use: the person has to log in, as the same or at all; or come elsewhere. */
export const FINAL: ReadonlySet<string> = new Set([
  'signed_out',
  'token_not_valid',
  'token_expired',
  'not_authenticated',
  'bad_authorization_header',
  'user_not_found',
  'user_inactive',
  'wrong_user',
  'origin_not_allowed',
  'direct_access',
]);
