import { lifeOf } from './token-life.ts';

/** What is kept of someone who is logged in. */
export interface Login {
  readonly username: string;
  readonly access: string;
  readonly refresh: string;
  /** When the access token came, in milliseconds since 1970 by this machine's clock. */
  readonly receivedAt: number;
}

/**
 * The device token of who logged in last. It stays when the login is over: somebody may attack the
 * name then, and make all but known devices wait.
 */
export function parseDevice(text: string | undefined): string | undefined {
  try {
    const device: unknown = JSON.parse(text ?? '{}').device;
    return typeof device === 'string' ? device : undefined;
  } catch {
    return undefined;
  }
}

/** @returns undefined for what is none, or one of another version */
export function parseLogin(text: string | undefined): Login | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    const { username, access, refresh, receivedAt } = value as Record<string, unknown>;
    if (typeof username !== 'string' || typeof access !== 'string') return undefined;
    if (typeof refresh !== 'string' || typeof receivedAt !== 'number') return undefined;
    return { username, access, refresh, receivedAt };
  } catch {
    return undefined;
  }
}

/**
 * Milliseconds for which its access token is still good, by the time that has passed since it
 * came: a clock that is wrong does no harm. 0 when the clock was set back since.
 */
export function timeLeft({ access, receivedAt }: Login, now: number): number {
  return now < receivedAt ? 0 : receivedAt + lifeOf(access) - now;
}
