import { ParlorError } from '../../protocol/errors.ts';
import { FLOOD_PAUSE_MS, FLOOD_REFUSALS } from '../../protocol/limits.ts';
import type { Clock } from './ports/clock.ts';
import type { ConnectionGateway } from './ports/connection-gateway.ts';

/** What a process remembers of a connection that sends too fast. */
interface Refused {
  /** Until then it is refused without a look at the table, in milliseconds since 1970. */
  until: number;
  /** Refused frames without a pause between them, and the last one's time. */
  count: number;
  lastAt: number;
}

/** So long a client is told to wait. */
const RETRY_AFTER_SECONDS = 1;

/** Some megabytes at most. What is forgotten is found out again, by one look at the table. */
const REMEMBERED = 10_000;

/** That a connection, or its user, sends too fast. @param told it has just been told so */
export const tooFast = (told = false): ParlorError =>
  new ParlorError('rate_limited', 'You send too fast. Wait a second, then go on more slowly.', {
    retryAfter: RETRY_AFTER_SECONDS,
    told,
  });

/**
 * Stands before the table. Once the table has said that a connection sends too fast, its frames are
 * refused from memory for the second that it was told to wait: no write, no read. One that goes on
 * all the same is closed.
 *
 * Each process has a memory of its own: a flood that several of them serve asks the table once a
 * second from each.
 */
export class FloodGate {
  readonly #gateway: Pick<ConnectionGateway, 'close'>;
  readonly #clock: Pick<Clock, 'now'>;
  /** By connection, the one that was refused first at the front. */
  readonly #refused = new Map<string, Refused>();

  constructor(ports: { gateway: Pick<ConnectionGateway, 'close'>; clock: Pick<Clock, 'now'> }) {
    this.#gateway = ports.gateway;
    this.#clock = ports.clock;
  }

  /** @throws ParlorError `rate_limited`; a fault of the gateway, where it was to be closed */
  async pass(connectionId: string): Promise<void> {
    const known = this.#refused.get(connectionId);
    if (!known || this.#clock.now() >= known.until) return;
    const { count } = this.#count(known);
    if (count >= FLOOD_REFUSALS) {
      // Counted anew: if it can't be closed now, it is tried again.
      known.count = 0;
      await this.#gateway.close(connectionId);
    }
    throw tooFast(true);
  }

  /** Learns from what became of a frame that was let pass. @throws what it threw */
  async learn<Result>(connectionId: string, frame: Promise<Result>): Promise<Result> {
    try {
      return await frame;
    } catch (error) {
      if (error instanceof ParlorError && error.code === 'rate_limited') this.#note(connectionId);
      throw error;
    }
  }

  #note(connectionId: string): void {
    const now = this.#clock.now();
    const known = this.#refused.get(connectionId) ?? { until: 0, count: 0, lastAt: now };
    this.#count(known).until = now + RETRY_AFTER_SECONDS * 1_000;
    this.#refused.delete(connectionId);
    this.#refused.set(connectionId, known);
    const [oldest] = this.#refused.keys();
    if (this.#refused.size > REMEMBERED && oldest !== undefined) this.#refused.delete(oldest);
  }

  #count(refused: Refused): Refused {
    const now = this.#clock.now();
    refused.count = now - refused.lastAt >= FLOOD_PAUSE_MS ? 1 : refused.count + 1;
    refused.lastAt = now;
    return refused;
  }
}
