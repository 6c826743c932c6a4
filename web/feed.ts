/** An event of a room's log, as far as the page knows its kind. */
export interface Entry {
  seq: number;
  message?: Message;
}

export interface Message {
  seq: number;
  clientId: string;
  sender: string;
  content: string;
  timestamp: string;
}

/**
 * Puts events in the order of the log, each once. They come from history, replay and the socket,
 * in any order and more than once; seq has no hole, so what is missing shows.
 */
export class Feed {
  #upTo: number | undefined;
  readonly #early = new Map<number, Entry>();

  /** Everything up to this seq is known. */
  get upTo(): number {
    return this.#upTo ?? 0;
  }

  get started(): boolean {
    return this.#upTo !== undefined;
  }

  /** Whether something came that has a gap before it. */
  get hole(): boolean {
    return this.started && this.#early.size > 0;
  }

  /** Before this, everything is only held. Returns what was held and follows. */
  start(upTo: number): Entry[] {
    this.#upTo = upTo;
    return this.#take();
  }

  /** Returns what is next in order now: nothing, these, or more that had waited for them. */
  add(entries: readonly Entry[]): Entry[] {
    for (const entry of entries) this.#early.set(entry.seq, entry);
    return this.#take();
  }

  #take(): Entry[] {
    if (this.#upTo === undefined) return [];
    for (const seq of this.#early.keys()) {
      if (seq <= this.#upTo) this.#early.delete(seq);
    }
    const taken: Entry[] = [];
    for (let next = this.#early.get(this.#upTo + 1); next; next = this.#early.get(next.seq + 1)) {
      taken.push(next);
      this.#early.delete(next.seq);
      this.#upTo = next.seq;
    }
    return taken;
  }
}
