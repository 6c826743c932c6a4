/** A person who can log in. */
export interface Account {
  /** The username in the form in which two are the same (`usernameKey`). */
  id: string;
  /** As the person wrote it. */
  username: string;
  passwordHash: string;
  disabled: boolean;
  superuser: boolean;
  /** Milliseconds since 1970. */
  createdAt: number;
}

export interface AccountStore {
  create(account: Account): Promise<'created' | 'taken'>;
  find(id: string): Promise<Account | undefined>;
  /** Replaces the password hash, if it is still `from`. */
  rehash(id: string, from: string, to: string): Promise<void>;
  /** Keeps an account from being used, or lets it. `missing`: there is none. */
  setDisabled(id: string, disabled: boolean): Promise<'set' | 'missing'>;
}

/** Attempts to log in under one username, whether or not there is such an account. */
export interface LoginAttempts {
  failures: number;
  /** Milliseconds since 1970. */
  blockedUntil: number;
}

export interface LoginAttemptStore {
  find(id: string): Promise<LoginAttempts | undefined>;
  /**
   * Writes `next` if nobody has written since `seen` was read.
   *
   * @param expiresAt from when on it may be deleted, milliseconds since 1970
   */
  replace(
    id: string,
    seen: LoginAttempts | undefined,
    next: LoginAttempts,
    expiresAt: number,
  ): Promise<'written' | 'raced'>;
  clear(id: string): Promise<void>;
}
