/**
 * The superusers of the built-in accounts, as far as they were made or have moderated since this
 * list is kept: one item, so that of two who demote each other at once one stays.
 */
export interface SuperuserRoster {
  /** Harmless for one who is on it. */
  enlist(id: string): Promise<void>;
  /** Takes somebody off, unless nobody else is on it. Harmless for one who is not on it. */
  retire(id: string): Promise<'retired' | 'last'>;
}
