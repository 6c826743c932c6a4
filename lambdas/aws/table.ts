/**
 * The one table's shape, shared by the construct that deploys it and by the local runner that
 * creates it. What stands in it: keys.ts.
 */
export const TABLE = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Seconds since 1970. DynamoDB deletes up to two days late: readers filter. */
  ttl: 'expiresAt',
  /** Rooms by user, latest visit first. Sparse: only memberships have its keys. Keys only. */
  visits: { name: 'visits', partitionKey: 'visitor', sortKey: 'visitedAt' },
} as const;
