import { ParlorError } from '../../../protocol/errors.ts';
import type { Tokens } from '../../auth/tokens.ts';
import { activeAccount } from '../../chat/accounts.ts';
import type { Account, AccountStore } from '../../chat/ports/account-store.ts';

/**
 * The account whose access token a request carries.
 *
 * @throws ParlorError `not_authenticated`, `bad_authorization_header`, `token_not_valid`,
 *   `user_not_found`, `user_inactive`
 */
export async function authenticateRequest(
  services: { tokens: Tokens; accounts: AccountStore },
  authorization: string | undefined,
): Promise<Account> {
  const token = bearerToken(authorization);
  const { userId } = await services.tokens.verify(token, 'access').catch((error: unknown) => {
    throw error instanceof ParlorError ? forAnyTokenType(error) : error;
  });
  return await activeAccount(services.accounts, userId);
}

function bearerToken(authorization: string | undefined): string {
  const [scheme, token, ...rest] = (authorization ?? '').trim().split(/\s+/);
  if (scheme !== 'Bearer') {
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
