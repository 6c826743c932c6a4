import type { GatewayLimits } from './gateway-limits.ts';
import type { SocketOrigin } from './socket-events.ts';
import type { Sessions } from './socket-server.ts';
import { TokenBucket } from './token-bucket.ts';

/**
 * What became of a post. `full`: the client has too much unread already. `throttled`: the account's
 * rate. `too large`: more than a message may have.
 */
export type Posted = 'sent' | 'gone' | 'full' | 'throttled' | 'too large';

/** The connections of clients, for whoever runs in this process; over HTTP it is ConnectionsApi. */
export class Connections {
  readonly #sessions: Sessions;
  readonly #limits: GatewayLimits;
  readonly #budget: TokenBucket;
  #posts = 0;

  constructor(sessions: Sessions, limits: GatewayLimits) {
    this.#sessions = sessions;
    this.#limits = limits;
    this.#budget = new TokenBucket(limits.postsPerSecond, limits.postBurst, performance.now());
  }

  /** How many posts there have been, whatever became of them. */
  get posts(): number {
    return this.#posts;
  }

  /** How many connections are open. */
  get open(): number {
    return this.#sessions.size;
  }

  /** Sends a client a text frame. */
  post(id: string, body: Buffer | string): Posted {
    this.#posts++;
    if (!this.#budget.take(performance.now())) return 'throttled';
    if (Buffer.byteLength(body) > this.#limits.messageBytes) return 'too large';
    return this.#sessions.get(id)?.post(body) ?? 'gone';
  }

  /** Who it is and since when, and when it was last heard of, in milliseconds since 1970. */
  find(id: string): { origin: SocketOrigin; lastActiveAt: number } | undefined {
    return this.#sessions.get(id);
  }

  /** @returns whether there was such a connection to close */
  close(id: string): boolean {
    const session = this.#sessions.get(id);
    session?.end(1000, 'Connection Closed Normally');
    return session !== undefined;
  }
}
