/**
 * A login: the family of refresh tokens that came from one password check. Only the newest of
 * them is good.
 */
export interface Session {
  id: string;
  userId: string;
  /** The jti of the one refresh token that is good. */
  current: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

export interface SessionStore {
  open(session: Session): Promise<void>;
  /**
   * When the session ends unless it is refreshed, in milliseconds since 1970; undefined when it has
   * ended. Strongly consistent.
   */
  openUntil(id: string, now: number): Promise<number | undefined>;
  /** Whether the session exists and `current` is its good token. Strongly consistent. */
  isCurrent(id: string, current: string, now: number): Promise<boolean>;
  /** Makes `to` the good token, if `from` is it. Of two that race, one gets `stale`. */
  rotate(
    id: string,
    from: string,
    to: string,
    expiresAt: number,
    now: number,
  ): Promise<'rotated' | 'stale'>;
  /** Ends the session. Harmless when it has ended. */
  end(id: string): Promise<void>;
}
