import { allChanged } from './changes.ts';
import { Emitter, type Listener, type Unsubscribe } from './emitter.ts';
import type { Platform } from './options.ts';
import { Timer } from './timer.ts';
import type { Message, MessageChange, RoomTail, TailEvents } from './types.ts';
import type { WithStore } from './with-store.ts';

/** So many of a room's newest messages are at hand, and kept for the next start. */
const LENGTH = 200;
/** How long changes gather before they are kept. */
const KEEP_AFTER_MS = 300;

/** The end of a room's log, as far as it is at hand; also what the store keeps of a room. */
export class Tail implements RoomTail {
  readonly #emitter = new Emitter<TailEvents>();
  readonly #room: string;
  readonly #withStore: WithStore;
  readonly #keeping: Timer;
  #messages: readonly Message[] | undefined;
  #upTo = 0;

  constructor(room: string, withStore: WithStore, platform: Platform) {
    this.#room = room;
    this.#withStore = withStore;
    this.#keeping = new Timer(platform);
  }

  get messages(): readonly Message[] | undefined {
    return this.#messages;
  }

  get upTo(): number {
    return this.#upTo;
  }

  on<K extends keyof TailEvents>(event: K, listener: Listener<TailEvents[K]>): Unsubscribe {
    return this.#emitter.on(event, listener);
  }

  replace(messages: readonly Message[], upTo: number, foreign: boolean): void {
    this.#messages = messages;
    this.#upTo = upTo;
    this.#emitter.emit('replaced', { foreign });
    this.#keepSoon();
  }

  grow(messages: readonly Message[], upTo: number): void {
    this.#messages = [...(this.#messages ?? []), ...messages].slice(-LENGTH);
    this.#upTo = upTo;
    this.#emitter.emit('grown', messages);
    this.#keepSoon();
  }

  change(change: MessageChange): void {
    this.#messages = this.#messages && allChanged(this.#messages, change);
    this.#emitter.emit('changed', change);
    this.#keepSoon();
  }

  keepNow(): void {
    if (this.#keeping.cancel()) this.#keep();
  }

  #keepSoon(): void {
    if (!this.#keeping.running) this.#keeping.set(KEEP_AFTER_MS, () => this.#keep());
  }

  #keep(): void {
    const end = { upTo: this.#upTo, messages: this.#messages ?? [] };
    void this.#withStore((store) => store.saveRoom(this.#room, end));
  }
}
