/**
 * A login: the family of refresh tokens that came from one password check. Only ids are kept: a
 * token can't be made of them without the secret.
 */
export interface Session {
  id: string;
  userId: string;
  /** The jti of the newest refresh token. */
  current: string;
  /** The jti of the token that `current` took the place of; none before the first refresh. */
  previous?: string;
  /** When `current` took its place, in milliseconds since 1970. */
  rotatedAt?: number;
  /** The account's `loginEpoch` when the password was checked; none is 0. */
  epoch?: number;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

export interface SessionStore {
  open(session: Session): Promise<void>;
  /** The session; undefined when it has ended. Strongly consistent. */
  find(id: string, now: number): Promise<Session | undefined>;
  /**
   * Makes `to` the newest token, if `from` is it. Of two that race, one does.
   *
   * @returns the session as it is afterwards, also where another was faster; undefined when it has
   *   ended
   */
  rotate(
    id: string,
    from: string,
    to: string,
    expiresAt: number,
    now: number,
  ): Promise<Session | undefined>;
  /** Ends the session. Harmless when it has ended. */
  end(id: string): Promise<void>;
}
