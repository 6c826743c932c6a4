import { changed } from './changes.ts';
import type { ParlorClientError } from './errors.ts';
import { Feed } from './feed.ts';
import type { Surroundings } from './options.ts';
import type { LogEvent } from './parse.ts';
import { Replay } from './replay.ts';
import type { RoomApi } from './room-api.ts';
import { Tail } from './tail.ts';
import { Timer } from './timer.ts';
import type { Message, MessageChange, RoomEvents } from './types.ts';
import type { WithStore } from './with-store.ts';

type ResetReason = RoomEvents['reset']['reason'];

export interface RoomLogDependencies extends Surroundings {
  room: string;
  api: RoomApi;
  withStore: WithStore;
  /** More than so many events are not replayed, but skipped. */
  maxReplay: number;
  /** It turned out that the log has these. */
  found(messages: readonly Message[]): void;
  /** This is the next, in the log's order. */
  next(message: Message): void;
  /** A message was changed. */
  change(change: MessageChange): void;
  /** The order has begun anew after `upTo`. */
  reset(reason: ResetReason, upTo: number): void;
  /** Nothing is missing. */
  caughtUp(): void;
  /** What is missing could not be had, for now. */
  failed(error: ParlorClientError): void;
  /** What is missing can't be had. */
  refused(error: ParlorClientError): void;
  changed(): void;
}

/** What is known of a room's log: its order, its newest messages, and that something is missing. */
export class RoomLog {
  readonly feed = new Feed();
  readonly tail: Tail;
  readonly #deps: RoomLogDependencies;
  readonly #replay: Replay;
  readonly #patience: Timer;
  #ended = false;

  constructor(dependencies: RoomLogDependencies) {
    this.#deps = dependencies;
    const { room, withStore, platform } = dependencies;
    this.tail = new Tail(room, withStore, platform);
    this.#patience = new Timer(platform);
    this.#replay = new Replay({
      ...dependencies,
      feed: this.feed,
      read: (events) => this.#take(events),
      begin: (upTo, messages) => this.begin(upTo, messages),
      reset: (reason, upTo, messages) => this.#reset(reason, upTo, messages),
    });
  }

  /** Everything up to a seq is known, or not wanted. */
  begin(upTo: number, messages: readonly Message[], reset?: ResetReason): void {
    if (this.#ended) return;
    const held = this.feed.start(upTo);
    this.#deps.found(messages);
    this.tail.replace(messages, upTo, reset === 'foreign');
    // Before what follows it is shown.
    if (reset) this.#deps.reset(reset, upTo);
    this.#show(held);
    this.#deps.changed();
  }

  /** Gets something to show while the socket is being opened. */
  prepare(): void {
    if (!this.feed.started) this.#replay.prepare();
  }

  /** Events came over the socket. */
  receive(events: readonly LogEvent[]): void {
    this.#take(events);
    if (this.feed.gap) this.#replay.run();
  }

  /** The newest seq was told: if its events don't come in a moment, they are fetched. */
  heard(head: number): void {
    this.feed.expect(head);
    if (!this.feed.hole || this.#patience.running) return;
    this.#patience.set(this.#deps.timing.patience, () => {
      if (this.feed.hole) this.#replay.run();
    });
  }

  /**
   * Reads what is missing. Finds out by itself that the log is another one, and begins anew.
   *
   * @param head the newest seq, where it was told
   */
  catchUp(head?: number): void {
    if (this.feed.started && head === this.feed.upTo) this.#deps.caughtUp();
    else this.#replay.run();
  }

  /** Reads what is missing now, where that was to be tried again later. */
  retryNow(): void {
    this.#replay.retryNow();
  }

  /** Reads no more, for now. */
  stop(): void {
    this.#replay.stop();
    this.#patience.cancel();
  }

  end(): void {
    this.#ended = true;
    this.stop();
    this.tail.keepNow();
  }

  #reset(reason: ResetReason, upTo: number, messages: readonly Message[]): void {
    if (reason === 'foreign') {
      this.feed.forget();
      const { withStore, room } = this.#deps;
      void withStore((store) => store.forgetRoom(room));
    }
    this.begin(upTo, messages, reason);
  }

  #take(events: readonly LogEvent[]): void {
    this.#show(this.feed.add(events));
  }

  #show(events: readonly LogEvent[]): void {
    if (events.length === 0) return;
    // An event that changes one of these follows on it.
    const changes = events.flatMap(({ change }) => change ?? []);
    const messages = events
      .flatMap(({ message }) => message ?? [])
      .map((message) => changes.reduce(changed, message));
    this.#deps.found(messages);
    this.tail.grow(messages, this.feed.upTo);
    for (const change of changes) this.tail.change(change);
    this.#deps.changed();
    // Whoever was told of the one before may have left.
    for (const message of messages) if (!this.#ended) this.#deps.next(message);
    for (const change of changes) if (!this.#ended) this.#deps.change(change);
  }
}
