/**
 * What AWS asks, in US dollars, for us-east-1, without free tiers, as known on 22 November 2026.
 * Sources, by name: "Amazon API Gateway pricing" (WebSocket APIs), "AWS Lambda pricing" (Arm),
 * "Amazon DynamoDB pricing for on-demand capacity", "Amazon CloudFront pricing" (United States),
 * "Amazon CloudWatch pricing". Look them up before you count on a number.
 */
export const PRICES = {
  /** For each million of messages, in and out, of 32 KB or a part of it: the first 1,000 million. */
  socketMessages: 1.0,
  /** The same past them. */
  socketMessagesBeyond: 0.8,
  /** For each million of minutes that a connection is open. */
  connectionMinutes: 0.25,
  /** For each million of invocations. */
  invocations: 0.2,
  /** For each GB-second on Arm. */
  gbSecond: 0.0000133334,
  /** For each million of units. */
  writeUnits: 0.625,
  readUnits: 0.125,
  /** For each GB and month: the table, and its point-in-time recovery. */
  storage: 0.25,
  recovery: 0.2,
  /** For each GB out to the internet. */
  transfer: 0.085,
  /** For each GB of logs. */
  logs: 0.5,
} as const;

/** From "Amazon API Gateway quotas" and "Quotas in Amazon DynamoDB". */
export const LIMITS = {
  /** Requests a second of an account and region: messages, posts and HTTP together. Raisable. */
  requestsPerSecond: 10_000,
  /** New connections a second. Raisable. */
  connectsPerSecond: 500,
  /** Minutes after which a connection is cut. */
  connectionMinutes: 120,
  /** Write units a second of one partition. */
  partitionWriteUnits: 1_000,
  /** One query's page. */
  pageBytes: 1_048_576,
} as const;
