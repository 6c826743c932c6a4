/** A bucket that leaks: so much at once, and so much a second after that. */
export interface Budget {
  burst: number;
  perSecond: number;
}

/** What may come from one network, of which kind. */
export interface SourceBudget {
  /**
   * Takes one of what a network may do, in one write.
   *
   * @param now milliseconds since 1970
   * @returns `spent`: none is left, and nothing was taken. One more is there after 1/perSecond
   */
  take(
    network: string,
    kind: 'login' | 'registration',
    budget: Budget,
    now: number,
  ): Promise<'taken' | 'spent'>;
}
