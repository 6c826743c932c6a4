/**
 * What each event knows of the log up to and with it. A writer derives them from the head, which it
 * reads anyway.
 */
export interface Counters {
  /** How many messages there are. Between two events lie as many as the difference. */
  n: number;
  /** The seq of the newest message; 0 before the first. */
  m: number;
  /** The seq of the newest policy event; 0 before the first. */
  p: number;
  /** How many messages mention the whole room. */
  g: number;
}

/** Of a log in which nothing was ever said. */
export const NO_COUNTERS: Counters = { n: 0, m: 0, p: 0, g: 0 };

/** @returns those of a message that follows on `before` */
export const withMessage = ({ seq, n, p, g }: { seq: number } & Counters): Counters => ({
  ...{ n: n + 1, m: seq + 1, p, g },
});

export const countersOf = ({ n, m, p, g }: Counters): Counters => ({ n, m, p, g });

/**
 * Fills in what was not stored. Every event that was stored before there were counters is a message,
 * and so is every one before it: its `n` is its seq.
 */
export const filledIn = (
  seq: number,
  { n = seq, m = seq, p = 0, g = 0 }: Partial<Counters>,
): Counters => ({ n, m, p, g });

/** @returns what `filledIn` could not know */
export const toBeStored = (seq: number, { n, m, p, g }: Counters): Partial<Counters> => ({
  ...(n !== seq && { n }),
  ...(m !== seq && { m }),
  ...(p !== 0 && { p }),
  ...(g !== 0 && { g }),
});
