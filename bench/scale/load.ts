/** Who uses a chat, and how. */
export interface Load {
  /** Who come in a month, and on each of its days. */
  users: number;
  /** Members of each room; all of them are in one room, connected at once while they are there. */
  roomSize: number;
  messagesPerUserAndDay: number;
  /** In a large room most people listen: no room says more than this in a second, on average. */
  roomMessagesPerSecond: number;
  /** How long each is connected in a day. */
  hoursPerDay: number;
  /** How much busier the busiest hour is than the average of `hoursPerDay`. */
  peak: number;
  /** Bytes of a message's text. Default: 100. */
  contentBytes?: number;
  /**
   * The life of another issuer's tokens, after which a socket brings a fresh one. Default: none,
   * since sockets of the built-in accounts live as long as their login.
   */
  issuerTokenMinutes?: number;
  /** Months of messages in the table. Default: 1. */
  monthsKept?: number;
  /** Whether CloudFront is in front. Default: true. */
  edge?: boolean;
  /** Whether the web ACL is on. Default: false. */
  waf?: boolean;
  /** Whether the canary talks. Default: false. */
  canary?: boolean;
  /** How much is watched. Default: `full`. */
  observability?: 'basic' | 'full';
}

/** A load with everything that was not told. */
export const loadOf = (load: Load): Required<Load> => ({
  contentBytes: 100,
  issuerTokenMinutes: Infinity,
  monthsKept: 1,
  edge: true,
  waf: false,
  canary: false,
  observability: 'full',
  ...load,
});
