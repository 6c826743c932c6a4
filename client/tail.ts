import { Emitter } from './emitter.ts';
import type { Platform } from './options.ts';
import type { Store } from './store.ts';
import { Timer } from './timer.ts';
import type { Message } from './types.ts';

/** So many of a room's newest messages are at hand, and kept for the next start. */
const LENGTH = 200;
/** How long changes gather before they are kept. */
const KEEP_AFTER_MS = 300;

export interface TailEvents {
  /** The room began, or began anew, with other messages; `foreign`: those of another log. */
  replaced: { foreign: boolean };
  /** They follow what was there. */
  grown: readonly Message[];
}

/** The end of a room's log, as far as it is at hand; also what the store keeps of a room. */
export class Tail {
  readonly events = new Emitter<TailEvents>();
  readonly #room: string;
  readonly #store: Store;
  readonly #keeping: Timer;
  #messages: readonly Message[] | undefined;
  #upTo = 0;

  constructor(room: string, store: Store, platform: Platform) {
    this.#room = room;
    this.#store = store;
    this.#keeping = new Timer(platform);
  }

  /** Oldest first, without a hole; undefined before the room has begun. */
  get messages(): readonly Message[] | undefined {
    return this.#messages;
  }

  /** The seq up to which this is all that there is. */
  get upTo(): number {
    return this.#upTo;
  }

  replace(messages: readonly Message[], upTo: number, foreign: boolean): void {
    this.#messages = messages;
    this.#upTo = upTo;
    this.events.emit('replaced', { foreign });
    this.#keepSoon();
  }

  grow(messages: readonly Message[], upTo: number): void {
    this.#messages = [...(this.#messages ?? []), ...messages].slice(-LENGTH);
    this.#upTo = upTo;
    this.events.emit('grown', messages);
    this.#keepSoon();
  }

  keepNow(): void {
    if (this.#keeping.cancel()) this.#keep();
  }

  #keepSoon(): void {
    if (!this.#keeping.running) this.#keeping.set(KEEP_AFTER_MS, () => this.#keep());
  }

  #keep(): void {
    const messages = this.#messages ?? [];
    void this.#store.saveRoom(this.#room, { upTo: this.#upTo, messages });
  }
}
