/** Time and chance come in here, so that the domain runs under a simulator. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

export interface Random {
  /** A new id that nobody can guess: at least 122 random bits, visible ASCII. */
  id(): string;
  /** A number in [0, 1), for jitter only. */
  fraction(): number;
}
