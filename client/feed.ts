import type { LogEvent } from './parse.ts';

/** So many events that came too early are held; a replay brings the others. */
const HELD = 1_000;

/**
 * Puts a room's events in the order of its log, each once. They come from replays and the socket,
 * in any order and more than once; seq has no hole, so what is missing shows.
 */
export class Feed {
  #upTo: number | undefined;
  #readFrom = 0;
  #furthest = 0;
  readonly #early = new Map<number, LogEvent>();

  /** Everything up to this seq is known. */
  get upTo(): number {
    return this.#upTo ?? 0;
  }

  /** Since this seq every event was seen by this feed itself. */
  get readFrom(): number {
    return this.#readFrom;
  }

  get started(): boolean {
    return this.#upTo !== undefined;
  }

  /** Whether something came that has a gap before it. */
  get gap(): boolean {
    return this.started && this.#early.size > 0;
  }

  /** Whether something came, or was told of, that is beyond what is known. */
  get hole(): boolean {
    return this.started && this.#furthest > this.upTo;
  }

  /** Begins, or begins anew, after a seq. Before, everything is only held. */
  start(upTo: number): LogEvent[] {
    this.#upTo = upTo;
    this.#readFrom = upTo;
    for (const seq of this.#early.keys()) if (seq <= upTo) this.#early.delete(seq);
    return this.#take();
  }

  /** The log is another one: what was held of the old one is of no use. */
  forget(): void {
    this.#upTo = undefined;
    this.#furthest = 0;
    this.#early.clear();
  }

  /** Told of a newest seq. */
  expect(head: number): void {
    this.#furthest = Math.max(this.#furthest, head);
  }

  /** @returns what is next in order now: nothing, these, or more that had waited for them */
  add(events: readonly LogEvent[]): LogEvent[] {
    const taken: LogEvent[] = [];
    for (const event of events) {
      this.expect(event.seq);
      if (this.started && event.seq <= this.upTo) continue;
      const next = this.started && event.seq === this.upTo + 1;
      if (next || this.#early.size < HELD) this.#early.set(event.seq, event);
      taken.push(...this.#take());
    }
    return taken;
  }

  #take(): LogEvent[] {
    const taken: LogEvent[] = [];
    if (this.#upTo === undefined) return taken;
    for (let next = this.#early.get(this.#upTo + 1); next; next = this.#early.get(next.seq + 1)) {
      taken.push(next);
      this.#early.delete(next.seq);
      this.#upTo = next.seq;
    }
    return taken;
  }
}
