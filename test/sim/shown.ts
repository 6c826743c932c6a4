import type { Message } from '../../client/types.ts';
import type { Checks } from './checks.ts';
import type { World } from './world.ts';

/** What an application has been shown of a room: a stretch of its log. */
export class Shown {
  readonly events: Message[] = [];
  /** The seq after which it begins: what came before had expired. */
  after = 0;
  readonly #world: World;
  readonly #checks: Checks;
  /** Whose it is, for who reads of it. */
  readonly #name: string;
  readonly #room: string;

  constructor(world: World, checks: Checks, name: string, room: string) {
    this.#world = world;
    this.#checks = checks;
    this.#name = name;
    this.#room = room;
  }

  get upTo(): number {
    return this.after + this.events.length;
  }

  show(message: Message): void {
    if (message.seq !== this.upTo + 1) {
      this.#world.violated(
        'the application sees every event once, in order',
        `${this.#name} is shown ${message.seq} of ${this.#room} after ${this.upTo}`,
      );
    }
    this.events.push(message);
  }

  /** Only what has expired may be passed over. */
  passOver(upTo: number): void {
    const skipped = this.#checks.log(this.#room).slice(this.upTo, upTo);
    this.#world.trace(
      this.#name,
      () => `passes over ${skipped.length} of ${this.#room}, to ${upTo}`,
    );
    for (const event of skipped) {
      if (this.#checks.hasExpired(event)) continue;
      this.#world.violated(
        'everyone ends with exactly the log',
        `${this.#name} is not shown ${event.seq} of ${this.#room}, which is kept`,
      );
    }
    this.#beginAfter(upTo);
  }

  /** The page is loaded anew, and knows the room up to here. */
  cutTo(upTo: number): void {
    if (upTo < this.after) this.#beginAfter(upTo);
    this.events.length = Math.min(this.events.length, upTo - this.after);
  }

  #beginAfter(seq: number): void {
    this.after = seq;
    this.events.length = 0;
  }
}
