/** A person who can log in. */
export interface Account {
  /**
   * The username in the form in which two are the same (`usernameKey`), or `issuer:id` of another
   * issuer's user.
   */
  id: string;
  /** As the person wrote it. */
  username: string;
  /** Absent where another issuer vouches for the person: nobody can log in to it here. */
  passwordHash?: string;
  disabled: boolean;
  superuser: boolean;
  /** Milliseconds since 1970. */
  createdAt: number;
  /**
   * How often all logins were ended at once: those that began in an earlier epoch are over. None
   * is 0.
   */
  loginEpoch?: number;
  /**
   * Of another issuer's user who has an account of ours, since he was brought in: that account's
   * id. What else this item says of him counts for nothing then, but that he may be disabled.
   */
  linkedTo?: string;
}

export interface AccountStore {
  create(account: Account): Promise<'created' | 'taken'>;
  find(id: string): Promise<Account | undefined>;
  /** Replaces the password hash, if it is still `from`. */
  rehash(id: string, from: string, to: string): Promise<void>;
  /**
   * Keeps an account from being used, or lets it. Disabling begins the next epoch of its logins,
   * each time it is called. `missing`: there is none.
   */
  setDisabled(id: string, disabled: boolean): Promise<'set' | 'missing'>;
  /** `missing`: there is no such account. */
  setSuperuser(id: string, superuser: boolean): Promise<'set' | 'missing'>;
  /**
   * Gives an account another password, and begins the next epoch of its logins. `missing`: there is
   * none, or none that a password opens.
   */
  setPassword(id: string, passwordHash: string): Promise<'set' | 'missing'>;
  /**
   * Records that another issuer's user is shown by a name now. A new user gets an account; of a known
   * one nothing else changes.
   */
  recordOutside(id: string, username: string, at: number): Promise<void>;
  /**
   * The user of another issuer who was recorded under a name last, if it is still theirs. It knows no
   * names of `create`.
   */
  findByShownName(username: string): Promise<Account | undefined>;
  /**
   * Says whose account another issuer's user has, known here or not yet. It is said once: `other`
   * when he has another account.
   */
  link(id: string, to: string, at: number): Promise<'linked' | 'other'>;
  /**
   * Keeps for an account what its name looks like. Its own claim may be repeated, and one that is
   * ten minutes old and whose account was never made is given up to whoever asks next.
   *
   * @param look of `LookAlikes`
   * @param id the account's, which may not be there yet
   * @param at now, in milliseconds since 1970
   */
  claimLook(look: string, id: string, at: number): Promise<'claimed' | 'taken'>;
}

/** For so long an account may come after its claims: many times what a registration takes. */
export const CLAIM_WAITS_MS = 10 * 60_000;

/** Which attempts to log in are counted together. */
export interface LoginCounter {
  /** The account's id, whether or not there is one. */
  userId: string;
  /** Whose attempts: of a network, of a device, of all. */
  of: string;
}

/** Attempts to log in that are counted together. */
export interface LoginAttempts {
  failures: number;
  /** Milliseconds since 1970. */
  blockedUntil: number;
  /** Whether the attempt at `blockedUntil` is counted already among those of all. */
  hasTurn?: boolean;
}

export interface LoginAttemptStore {
  find(counter: LoginCounter): Promise<LoginAttempts | undefined>;
  /**
   * Writes `next` if nobody has written since `seen` was read.
   *
   * @param expiresAt from when on it may be deleted, milliseconds since 1970
   */
  replace(
    counter: LoginCounter,
    seen: LoginAttempts | undefined,
    next: LoginAttempts,
    expiresAt: number,
  ): Promise<'written' | 'raced'>;
  clear(counter: LoginCounter): Promise<void>;
}
