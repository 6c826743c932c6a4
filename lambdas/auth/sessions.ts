import { ParlorError } from '../../protocol/errors.ts';
import { activeAccount } from '../chat/accounts.ts';
import { endConnections, type OpenConnectionPorts } from '../chat/end-connections.ts';
import type { Account, AccountStore } from '../chat/ports/account-store.ts';
import type { Clock, Random } from '../chat/ports/clock.ts';
import type { Session, SessionStore } from '../chat/ports/session-store.ts';
import { wasJustUsed } from './refresh-reuse.ts';
import type { Claims, TokenLifetimes, Tokens } from './tokens.ts';

export interface SessionPorts extends OpenConnectionPorts {
  sessions: SessionStore;
  accounts: AccountStore;
  tokens: Tokens;
  random: Random;
  /**
   * Whether a refresh token is good for one use only. Off is for old clients that keep their
   * first refresh token and overlook the new one.
   */
  rotateRefreshTokens: boolean;
  /** Those of `tokens`: a session ends with its last refresh token. */
  tokenLifetimes: TokenLifetimes;
}

/** What a login takes. */
export type LoginPorts = Pick<SessionPorts, 'tokens' | 'random' | 'clock' | 'tokenLifetimes'> & {
  sessions: Pick<SessionStore, 'open'>;
};

export interface TokenPair {
  refresh: string;
  access: string;
}

/** Starts a session for someone whose password was right. */
export async function logIn(ports: LoginPorts, account: Account): Promise<TokenPair> {
  const { sessions, tokens, random } = ports;
  const session = { id: random.id(), userId: account.id, current: random.id() };
  // As it was when the password was checked: who disabled the account meanwhile ended this, too.
  const { loginEpoch: epoch } = account;
  await sessions.open({
    ...session,
    ...(epoch !== undefined && { epoch }),
    expiresAt: sessionEnd(ports),
  });
  return {
    refresh: await tokens.refresh(account.id, session.id, session.current),
    access: await tokens.access(account.id, session.id),
  };
}

/**
 * Trades a refresh token for an access token and, where they rotate, a new refresh token. One that
 * was used a moment ago gets the same new one again; see refresh-reuse.ts.
 *
 * @throws ParlorError `token_not_valid`, `user_not_found`, `user_inactive`
 */
export async function refreshSession(
  ports: SessionPorts,
  token: string,
): Promise<{ access: string; refresh?: string }> {
  const { tokens, sessions, random, clock } = ports;
  const { userId, jti, sessionId } = await verifyRefresh(ports, token);
  const account = await activeAccount(ports.accounts, userId);
  if (!ports.rotateRefreshTokens) {
    requireEpoch(await requireUsable(ports, sessionId, jti), account);
    return { access: await tokens.access(userId, sessionId) };
  }

  const now = clock.now();
  const session = await sessions.rotate(sessionId, jti, random.id(), sessionEnd(ports), now);
  if (!session || !wasJustUsed(session, jti, now) || isOver(session, account)) {
    await endSession(ports, userId, sessionId);
    throw blacklisted();
  }
  return {
    access: await tokens.access(userId, sessionId),
    refresh: await tokens.refresh(userId, sessionId, session.current, session.rotatedAt),
  };
}

/**
 * Whether a token of either type is good now.
 *
 * @throws ParlorError `token_not_valid`
 */
export async function verifyToken(ports: SessionPorts, token: string): Promise<void> {
  const claims = await ports.tokens.verify(token);
  const session =
    claims.type === 'refresh'
      ? await requireUsable(ports, sessionOf(claims), claims.jti)
      : await requireOpenSession(ports, claims.sessionId);
  if (session) requireEpoch(session, await ports.accounts.find(claims.userId));
}

/**
 * Ends the session that a refresh token belongs to, and its connections. Its access tokens are
 * good for nothing from then on.
 *
 * @throws ParlorError `token_not_valid`
 */
export async function logOut(ports: SessionPorts, token: string): Promise<void> {
  const { userId, sessionId, jti } = await verifyRefresh(ports, token);
  const usable = await findUsable(ports, sessionId, jti);
  // Also by a token that was used before: whoever holds it wants the session to end.
  await endSession(ports, userId, sessionId);
  if (!usable) throw blacklisted();
}

async function endSession(ports: SessionPorts, userId: string, sessionId: string): Promise<void> {
  await ports.sessions.end(sessionId);
  await endConnections(ports, userId, (connection) => connection.sessionId === sessionId);
}

/**
 * That the login has not ended that an access token came from; see `requireEpoch` as well.
 *
 * @returns the login; undefined for a token that names none
 * @throws ParlorError `token_not_valid`
 */
export async function requireOpenSession(
  { sessions, clock }: { sessions: Pick<SessionStore, 'find'>; clock: Pick<Clock, 'now'> },
  sessionId: string | undefined,
): Promise<Session | undefined> {
  if (sessionId === undefined) return undefined;
  const session = await sessions.find(sessionId, clock.now());
  if (!session) throw blacklisted();
  return session;
}

/**
 * That a login has not ended with all others of its account, as they do when it is disabled or gets
 * another password.
 *
 * @throws ParlorError `token_not_valid`
 */
export function requireEpoch(session: Session, account: Account | undefined): void {
  if (isOver(session, account)) throw blacklisted();
}

const isOver = ({ epoch = 0 }: Session, account: Account | undefined): boolean =>
  epoch < (account?.loginEpoch ?? 0);

async function verifyRefresh(ports: SessionPorts, token: string) {
  const claims = await ports.tokens.verify(token, 'refresh');
  return { ...claims, sessionId: sessionOf(claims) };
}

function sessionOf(claims: Claims): string {
  if (claims.sessionId) return claims.sessionId;
  throw new ParlorError('token_not_valid', 'Token is invalid');
}

async function requireUsable(
  ports: SessionPorts,
  sessionId: string,
  jti: string,
): Promise<Session> {
  const session = await findUsable(ports, sessionId, jti);
  if (!session) throw blacklisted();
  return session;
}

/** The session, if a refresh with that token would be answered with tokens. */
async function findUsable(
  ports: SessionPorts,
  sessionId: string,
  jti: string,
): Promise<Session | undefined> {
  const now = ports.clock.now();
  const session = await ports.sessions.find(sessionId, now);
  const usable = session?.current === jti || (session && wasJustUsed(session, jti, now));
  return usable ? session : undefined;
}

const blacklisted = () => new ParlorError('token_not_valid', 'Token is blacklisted');

const sessionEnd = ({ clock, tokenLifetimes }: Pick<SessionPorts, 'clock' | 'tokenLifetimes'>) =>
  clock.now() + tokenLifetimes.refresh * 1_000;
