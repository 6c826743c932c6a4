import { Emitter, type Unsubscribe } from './emitter.ts';
import type { Platform } from './options.ts';
import type { Store } from './store.ts';
import type { Message } from './types.ts';

/** So many of a room's newest messages are at hand, and kept for the next start. */
const LENGTH = 200;
/** How long changes gather before they are kept. */
const KEEP_AFTER_MS = 300;

export interface TailEvents {
  /** The newest messages, oldest first: the room began, or began anew, with them. */
  replaced: readonly Message[];
  /** They follow what was there. */
  grown: readonly Message[];
}

/** The end of a room's log, as far as it is at hand; also what the store keeps of a room. */
export class Tail {
  readonly events = new Emitter<TailEvents>();
  readonly #room: string;
  readonly #store: Store;
  readonly #platform: Platform;
  #messages: readonly Message[] | undefined;
  #upTo = 0;
  #cancelKeep: Unsubscribe | undefined;

  constructor(room: string, store: Store, platform: Platform) {
    this.#room = room;
    this.#store = store;
    this.#platform = platform;
  }

  /** Oldest first, without a hole; undefined before the room has begun. */
  get messages(): readonly Message[] | undefined {
    return this.#messages;
  }

  replace(messages: readonly Message[], upTo: number): void {
    this.#messages = messages;
    this.#upTo = upTo;
    this.events.emit('replaced', messages);
    this.#keepSoon();
  }

  grow(messages: readonly Message[], upTo: number): void {
    this.#messages = [...(this.#messages ?? []), ...messages].slice(-LENGTH);
    this.#upTo = upTo;
    this.events.emit('grown', messages);
    this.#keepSoon();
  }

  keepNow(): void {
    if (!this.#cancelKeep) return;
    this.#cancelKeep();
    this.#cancelKeep = undefined;
    const messages = this.#messages ?? [];
    void this.#store.saveRoom(this.#room, { upTo: this.#upTo, messages });
  }

  #keepSoon(): void {
    this.#cancelKeep ??= this.#platform.after(KEEP_AFTER_MS, () => this.keepNow());
  }
}
