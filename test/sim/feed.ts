import type { Replay } from '../../lambdas/chat/history.ts';
import type { Outcome } from './instance.ts';

/** As much of an event as a client gets both live and by replay. */
export interface FeedEvent {
  seq: number;
  id: string;
  clientId: string;
  content: string;
}

export interface FeedPorts {
  replay(after: number, onEnd: (outcome: Outcome<Replay>) => void): void;
  later(ms: number, action: () => void): void;
  /** An event that follows those before it without a hole. */
  arrived(event: FeedEvent): void;
  /** Another event at a seq that is known. */
  changed(seq: number): void;
}

const RETRY_MS = 1_000;

/**
 * A client's copy of one room: what comes live waits until what was missed has been replayed, and
 * both are put in order by seq.
 */
export class Feed {
  readonly events: FeedEvent[] = [];
  readonly #ports: FeedPorts;
  readonly #waiting = new Map<number, FeedEvent>();
  #replaying = false;
  #again = false;

  constructor(ports: FeedPorts) {
    this.#ports = ports;
  }

  /** The seq up to which everything is here. */
  get have(): number {
    return this.events.length;
  }

  get replaying(): boolean {
    return this.#replaying;
  }

  live(events: readonly FeedEvent[]): void {
    this.#take(events);
    if (this.#waiting.size > 0) this.catchUp();
  }

  /** A head that was heard of. */
  heard(head: number): void {
    if (head > this.have) this.catchUp();
  }

  catchUp(): void {
    if (this.#replaying) {
      this.#again = true;
      return;
    }
    this.#replaying = true;
    this.#again = false;
    this.#page();
  }

  #page(): void {
    this.#ports.replay(this.have, (outcome) => {
      if ('error' in outcome) {
        this.#ports.later(RETRY_MS, () => this.#page());
        return;
      }
      this.#take(outcome.value.events);
      if (this.have < outcome.value.head || this.#again) {
        this.#again = false;
        this.#page();
        return;
      }
      this.#replaying = false;
      if (this.#waiting.size > 0) this.catchUp();
    });
  }

  #take(events: readonly FeedEvent[]): void {
    for (const event of events) {
      if (event.seq > this.have) this.#waiting.set(event.seq, event);
      else if (this.events[event.seq - 1]?.id !== event.id) this.#ports.changed(event.seq);
    }
    for (;;) {
      const next = this.#waiting.get(this.have + 1);
      if (!next) return;
      this.#waiting.delete(next.seq);
      this.events.push(next);
      this.#ports.arrived(next);
    }
  }
}
