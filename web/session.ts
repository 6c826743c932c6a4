import type { z } from 'zod/mini';
import type { TokenPair } from '../protocol/rest-bodies.ts';
import { call, Refused } from './api.ts';

export interface Session {
  username: string;
  access: string;
  refresh: string;
}

/** There is no session any more: whoever asks has to log in. */
export class SignedOut extends Error {}

const KEY = 'parlor.session';
/** A token that is about to expire might do so on its way. */
const SPARE_SECONDS = 30;

export function currentSession(): Session | undefined {
  const stored = localStorage.getItem(KEY);
  return stored === null ? undefined : (JSON.parse(stored) as Session);
}

const keep = (session: Session) => localStorage.setItem(KEY, JSON.stringify(session));

/** Tells when another tab logs in or out. */
export function onOtherTab(listener: () => void): void {
  addEventListener('storage', ({ key }) => {
    if (key === KEY || key === null) listener();
  });
}

/** @throws Refused */
export async function logIn(username: string, password: string): Promise<void> {
  const body = { username, password };
  keep({ username, ...(await call<Tokens>('/api/token/', { method: 'POST', body })) });
}

/** @throws Refused */
export async function register(username: string, password: string): Promise<void> {
  await call('/accounts/registration/', { method: 'POST', body: { username, password } });
  await logIn(username, password);
}

/** Forgets the session here at once; the server forgets it if it can be reached. */
export async function logOut(): Promise<void> {
  const session = currentSession();
  localStorage.removeItem(KEY);
  if (!session) return;
  const body = { refresh: session.refresh };
  // The server may be out of reach or the token dead: either way this browser is logged out.
  await call('/api/token/blacklist/', { method: 'POST', body }).catch(() => undefined);
}

/**
 * A token that is good for half a minute at least.
 *
 * @param refused a token that the server did not take although it seemed good
 * @throws SignedOut; Refused; TypeError when there is no connection
 */
export async function accessToken(refused?: string): Promise<string> {
  const good = ({ access }: Session) => access !== refused && secondsLeft(access) > SPARE_SECONDS;
  const session = currentSession();
  if (session && good(session)) return session.access;
  // The refresh token can be used once: of two tabs one uses it, the other takes what came.
  return await navigator.locks.request(KEY, async () => {
    const latest = currentSession();
    if (!latest) throw new SignedOut();
    return good(latest) ? latest.access : await refresh(latest);
  });
}

async function refresh(session: Session): Promise<string> {
  const body = { refresh: session.refresh };
  try {
    const tokens = await call<Tokens>('/api/token/refresh/', { method: 'POST', body });
    // Logged out meanwhile? Then a late answer must not log in again.
    if (currentSession()) keep({ ...session, ...tokens });
    return tokens.access;
  } catch (error) {
    if (!(error instanceof Refused && error.status === 401)) throw error;
    localStorage.removeItem(KEY);
    throw new SignedOut();
  }
}

type Tokens = z.infer<typeof TokenPair>;

/** By this machine's clock; 0 for what is no token. */
export function secondsLeft(token: string, now = Date.now()): number {
  try {
    const claims = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const { exp } = JSON.parse(atob(claims)) as { exp?: unknown };
    return typeof exp === 'number' ? exp - now / 1000 : 0;
  } catch {
    return 0;
  }
}

/** GETs with the session's token, and once more with a new one if it was refused. */
export async function get<T>(path: string): Promise<T> {
  const token = await accessToken();
  try {
    return await call<T>(path, { token });
  } catch (error) {
    if (!(error instanceof Refused && error.status === 401)) throw error;
    return await call<T>(path, { token: await accessToken(token) });
  }
}
