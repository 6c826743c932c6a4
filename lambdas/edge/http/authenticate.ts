import { ParlorError } from '../../../protocol/errors.ts';
import { type Caller, type CallerPorts, callerOf } from '../../auth/caller.ts';

/**
 * The caller, by the access token that a request carries.
 *
 * @throws ParlorError `not_authenticated`, `bad_authorization_header`, `token_not_valid`,
 *   `issuer_unavailable`, `rate_limited`, `user_not_found`, `user_inactive`
 */
export async function authenticateRequest(
  services: CallerPorts,
  authorization: string | undefined,
): Promise<Caller> {
  const token = bearerToken(authorization);
  return await callerOf(services, token).catch((error: unknown) => {
    const refused = error instanceof ParlorError && error.code === 'token_not_valid';
    throw refused ? forAnyTokenType(error) : error;
  });
}

function bearerToken(authorization: string | undefined): string {
  const [scheme, token, ...rest] = (authorization ?? '').trim().split(/\s+/);
  // A scheme's case doesn't matter (RFC 9110, 11.1).
  if (scheme?.toLowerCase() !== 'bearer') {
    throw new ParlorError('not_authenticated', 'Authentication credentials were not provided.');
  }
  if (!token || rest.length > 0) {
    throw new ParlorError(
      'bad_authorization_header',
      'Authorization header must contain two space-delimited values',
    );
  }
  return token;
}

/** The old chat's answer to a token that it could read as none of the types that it knew. */
function forAnyTokenType({ message }: ParlorError): ParlorError {
  return new ParlorError('token_not_valid', 'Given token not valid for any token type', {
    body: { messages: [{ token_class: 'AccessToken', token_type: 'access', message }] },
  });
}
