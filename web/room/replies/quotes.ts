import { changed } from '../../../client/changes.ts';
import { Emitter, type Unsubscribe } from '../../../client/emitter.ts';
import type { Message, MessageChange, Room } from '../../../client/index.ts';
import { findMessage, type Quoted, quotedOf } from './quoted.ts';

/** What is on the screen for less than this is not fetched, in milliseconds: one scrolls past it. */
export const PASSING_MS = 150;
/** Fetches at the same time. */
const AT_ONCE = 3;

/**
 * The messages of one room that others answer: from the window on the room, else fetched, each
 * once. They are kept for as long as the room is open.
 */
export class Quotes {
  readonly #room: Pick<Room, 'history'>;
  readonly #changes = new Emitter<{ change: undefined }>();
  readonly #known = new Map<number, { from: Message | undefined; quoted: Quoted }>();
  /** How many on the screen want a message, by seq. */
  readonly #wanted = new Map<number, number>();
  readonly #underway = new Set<number>();
  /** Could not be fetched, and are not tried again until there is reason to. */
  readonly #failed = new Set<number>();
  #window: readonly Message[] = [];
  /** Tells a fetch that the room has another log by now. */
  #log = 0;

  constructor(room: Pick<Room, 'history'>) {
    this.#room = room;
  }

  readonly subscribe = (changed: () => void): Unsubscribe => this.#changes.on('change', changed);

  /** The messages at hand, by rising seq. Whoever sets them calls `tell` once they are on the screen. */
  set window(messages: readonly Message[]) {
    this.#window = messages;
  }

  tell(): void {
    this.#changes.emit('change', undefined);
  }

  /** @returns the same object as long as nothing has changed; undefined: not known yet */
  get(seq: number): Quoted | undefined {
    const message = findMessage(this.#window, seq);
    const known = this.#known.get(seq);
    if (!message || message === known?.from) return known?.quoted;
    const quoted = quotedOf(message);
    this.#known.set(seq, { from: message, quoted });
    return quoted;
  }

  /** It is on the screen: it is fetched if that stays so. @returns what says that it is not any more */
  want(seq: number): () => void {
    this.#wanted.set(seq, (this.#wanted.get(seq) ?? 0) + 1);
    const timer = setTimeout(() => this.#fetchNext(), PASSING_MS);
    return () => {
      clearTimeout(timer);
      const others = (this.#wanted.get(seq) ?? 1) - 1;
      if (others > 0) this.#wanted.set(seq, others);
      else this.#wanted.delete(seq);
    };
  }

  /** There is a connection again. */
  retry(): void {
    this.#failed.clear();
    this.#fetchNext();
  }

  /** The room's log is another one, or begins later: nothing of what was known need be true. */
  forget(): void {
    this.#log++;
    this.#known.clear();
    this.#underway.clear();
    this.tell();
    this.retry();
  }

  /** A message was changed or deleted. */
  follow(change: MessageChange): void {
    const from = this.#known.get(change.target)?.from;
    if (!from) return;
    const after = changed(from, change);
    this.#known.set(change.target, { from: after, quoted: quotedOf(after) });
    this.tell();
  }

  #fetchNext(): void {
    for (const seq of this.#wanted.keys()) {
      if (this.#underway.size >= AT_ONCE) return;
      const settled = this.#underway.has(seq) || this.#failed.has(seq);
      if (!settled && this.get(seq) === undefined) void this.#fetch(seq);
    }
  }

  async #fetch(seq: number): Promise<void> {
    const log = this.#log;
    this.#underway.add(seq);
    try {
      const { messages } = await this.#room.history({ before: seq + 1 }, 1);
      if (log !== this.#log) return;
      const from = messages.find((message) => message.seq === seq);
      this.#known.set(seq, { from, quoted: from ? quotedOf(from) : 'gone' });
    } catch (_unreachable) {
      // Its place stays empty, and leads to the message all the same; `retry` comes.
      if (log === this.#log) this.#failed.add(seq);
    }
    if (log !== this.#log) return;
    this.#underway.delete(seq);
    this.tell();
    this.#fetchNext();
  }
}
