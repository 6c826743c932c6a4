/** How names look to people. */
export interface LookAlikes {
  /**
   * What a name looks like, as it is written and in capitals: one or two forms, none for display.
   * Two names that have one of them in common can be taken for each other.
   */
  of(name: string): Promise<readonly string[]>;
}
