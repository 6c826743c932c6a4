/** One-way hashes of passwords. A hash carries its own parameters. */
export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /**
   * Whether the password fits the hash. Takes as long for `undefined` (no such account) as for a
   * hash, so that time doesn't tell who has an account.
   */
  verify(password: string, hash: string | undefined): Promise<boolean>;
  /** Whether the hash was made with weaker parameters than new ones are. */
  isOutdated(hash: string): boolean;
}

export interface PasswordPolicy {
  /** What speaks against a password, in Django's words; empty when nothing does. */
  problems(password: string, username: string): Promise<string[]>;
}
