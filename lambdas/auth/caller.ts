import { activeAccount } from '../chat/accounts.ts';
import { type OutsideAccountPorts, outsideAccount } from '../chat/outside-accounts.ts';
import type { Account } from '../chat/ports/account-store.ts';
import type { IssuerSettings } from './issuer-settings.ts';
import type { OutsideIssuers } from './outside-issuers.ts';
import type { Tokens } from './tokens.ts';

/** Who calls, and until when his token is good (milliseconds since 1970). */
export interface Caller {
  account: Account;
  tokenExpiresAt: number;
}

export interface CallerPorts extends OutsideAccountPorts {
  tokens: Tokens;
  issuers: Pick<IssuerSettings, 'accounts'>;
  /** Undefined where there are the built-in accounts only. */
  outside: OutsideIssuers | undefined;
}

/**
 * Whose access token it is, whoever issued it.
 *
 * @throws ParlorError `token_not_valid`, `issuer_unavailable`, `rate_limited`, `user_not_found`,
 *   `user_inactive`
 */
export async function callerOf(ports: CallerPorts, token: string): Promise<Caller> {
  const { tokens, issuers, outside, accounts } = ports;
  const ours = (text: string) => tokens.verify(text, 'access');
  const speaker = outside
    ? await outside.read(token, issuers.accounts ? ours : undefined)
    : await ours(token);
  const account =
    'username' in speaker
      ? await outsideAccount(ports, speaker)
      : await activeAccount(accounts, speaker.userId);
  return { account, tokenExpiresAt: speaker.expiresAt };
}
