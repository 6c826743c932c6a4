import { activeAccount } from '../chat/accounts.ts';
import { type OutsideAccountPorts, outsideAccount } from '../chat/outside-accounts.ts';
import { allEnded } from '../chat/parallel.ts';
import type { Account } from '../chat/ports/account-store.ts';
import type { ConnectionStore } from '../chat/ports/connection-store.ts';
import type { SessionStore } from '../chat/ports/session-store.ts';
import type { IssuerSettings } from './issuer-settings.ts';
import type { OutsideIssuers } from './outside-issuers.ts';
import { requireOpenSession } from './sessions.ts';
import type { Tokens } from './tokens.ts';

/** Who calls, by which login, and until when his token is good (milliseconds since 1970). */
export interface Caller {
  account: Account;
  /** Of the built-in accounts only. */
  sessionId: string | undefined;
  tokenExpiresAt: number;
}

export interface CallerPorts extends OutsideAccountPorts {
  tokens: Tokens;
  sessions: Pick<SessionStore, 'isOpen'>;
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
  const { tokens, issuers, outside } = ports;
  const ours = (text: string) => tokens.verify(text, 'access');
  const speaker = outside
    ? await outside.read(token, issuers.accounts ? ours : undefined)
    : await ours(token);
  if ('username' in speaker) {
    const account = await outsideAccount(ports, speaker);
    return { account, sessionId: undefined, tokenExpiresAt: speaker.expiresAt };
  }
  const { userId, sessionId, expiresAt } = speaker;
  const account = await admit(ports, userId, sessionId);
  return { account, sessionId, tokenExpiresAt: expiresAt };
}

/**
 * That the account is still there and active, and that the login has not ended.
 *
 * @throws ParlorError `token_not_valid`, `user_not_found`, `user_inactive`
 */
export async function admit(
  ports: Pick<CallerPorts, 'accounts' | 'sessions' | 'clock'>,
  userId: string,
  sessionId: string | undefined,
): Promise<Account> {
  const [account] = await allEnded([
    activeAccount(ports.accounts, userId),
    requireOpenSession(ports, sessionId),
  ]);
  return account;
}

/**
 * The same once more, after a connection has been recorded as one of that login: who ended it
 * meanwhile has not seen the connection. What is not admitted is removed.
 *
 * @throws ParlorError as `admit`
 */
export async function admitRecorded(
  ports: Parameters<typeof admit>[0] & { connections: Pick<ConnectionStore, 'remove'> },
  connectionId: string,
  userId: string,
  sessionId: string | undefined,
): Promise<void> {
  await admit(ports, userId, sessionId).catch(async (refusal: unknown) => {
    await ports.connections.remove(connectionId);
    throw refusal;
  });
}
