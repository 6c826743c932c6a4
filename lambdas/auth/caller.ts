import { activeAccount } from '../chat/accounts.ts';
import { type OutsideAccountPorts, outsideAccount } from '../chat/outside-accounts.ts';
import { allEnded } from '../chat/parallel.ts';
import type { Account } from '../chat/ports/account-store.ts';
import type { ConnectionStore } from '../chat/ports/connection-store.ts';
import type { SessionStore } from '../chat/ports/session-store.ts';
import type { IssuerSettings } from './issuer-settings.ts';
import type { OutsideIssuers } from './outside-issuers.ts';
import { requireEpoch, requireOpenSession } from './sessions.ts';
import type { Identity } from './tickets.ts';
import type { Tokens } from './tokens.ts';

/** Who calls, and by which login. Times are milliseconds since 1970. */
export interface Caller {
  account: Account;
  /** Of the built-in accounts only. */
  sessionId: string | undefined;
  tokenExpiresAt: number;
  /** Until when a socket that he opens may act. */
  authUntil: number;
  /** Whether an old client's socket, too, ends with the token, whatever the setting says. */
  strictExpiry: boolean;
}

export interface CallerPorts extends OutsideAccountPorts {
  tokens: Tokens;
  sessions: Pick<SessionStore, 'find'>;
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
    const { expiresAt, strictExpiry } = speaker;
    const until = { tokenExpiresAt: expiresAt, authUntil: expiresAt };
    return { account, sessionId: undefined, ...until, strictExpiry };
  }
  return await callerBy(ports, speaker);
}

/**
 * Whom a token of the built-in accounts speaks for, or a ticket.
 *
 * A socket is bound to the login that it was opened by, not to the token: a login can be ended
 * under open sockets (logging out, disabling, reuse of a refresh token), so that a token of five
 * minutes need not be renewed for it. What names no login is bound to the token's expiry.
 *
 * @throws ParlorError `token_not_valid`, `user_not_found`, `user_inactive`
 */
export async function callerBy(
  ports: AdmitPorts,
  { userId, sessionId, expiresAt, strictExpiry = false }: Identity,
): Promise<Caller> {
  const { account, loginUntil } = await admit(ports, userId, sessionId);
  const until = { tokenExpiresAt: expiresAt, authUntil: loginUntil ?? expiresAt };
  return { account, sessionId, ...until, strictExpiry };
}

type AdmitPorts = Pick<CallerPorts, 'accounts' | 'sessions' | 'clock'>;

/**
 * That the account is still there and active, and that the login has not ended.
 *
 * @returns the account, and when the login ends unless it is refreshed
 * @throws ParlorError `token_not_valid`, `user_not_found`, `user_inactive`
 */
export async function admit(
  ports: AdmitPorts,
  userId: string,
  sessionId: string | undefined,
): Promise<{ account: Account; loginUntil: number | undefined }> {
  const [account, session] = await allEnded([
    activeAccount(ports.accounts, userId),
    requireOpenSession(ports, sessionId),
  ]);
  if (session) requireEpoch(session, account);
  return { account, loginUntil: session?.expiresAt };
}

/**
 * The same once more, after a connection has been recorded as one of that login: who ended it
 * meanwhile has not seen the connection. What is not admitted is removed.
 *
 * @throws ParlorError as `admit`
 */
export async function admitRecorded(
  ports: AdmitPorts & { connections: Pick<ConnectionStore, 'remove'> },
  connectionId: string,
  userId: string,
  sessionId: string | undefined,
): Promise<void> {
  await admit(ports, userId, sessionId).catch(async (refusal: unknown) => {
    await ports.connections.remove(connectionId);
    throw refusal;
  });
}
