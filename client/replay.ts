import { fullJitter } from './backoff.ts';
import type { Unsubscribe } from './emitter.ts';
import { ParlorClientError } from './errors.ts';
import type { Feed } from './feed.ts';
import type { Platform, Timing } from './options.ts';
import type { LogEvent } from './parse.ts';
import type { RoomApi } from './room-api.ts';
import type { Message, RoomEvents } from './types.ts';

/** Messages that a room begins with. */
const FIRST_PAGE = 50;

export interface ReplayDependencies {
  api: RoomApi;
  feed: Feed;
  platform: Platform;
  timing: Timing;
  /** More than so many events are not replayed, but skipped. */
  maxReplay: number;
  /** Events of the log, as they were read; they may have been seen before. */
  read(events: readonly LogEvent[]): void;
  /** The newest messages, oldest first: the room begins with them. */
  begin(messages: readonly Message[]): void;
  /** The room begins anew with them. */
  reset(reason: RoomEvents['reset']['reason'], messages: readonly Message[]): void;
  /** Nothing is missing. */
  caughtUp(): void;
  /** It can't succeed. */
  refused(error: ParlorClientError): void;
}

/** Reads what a room's feed misses, one reading at a time, for as long as it takes. */
export class Replay {
  readonly #on: ReplayDependencies;
  /** Tells a reading that it was stopped. */
  #turn = 0;
  #running = false;
  #again = false;
  #failures = 0;
  #beginning: Promise<void> | undefined;
  #cancelRetry: Unsubscribe | undefined;

  constructor(dependencies: ReplayDependencies) {
    this.#on = dependencies;
  }

  /** Reads the newest page for a room that is not known, so that there is something to show. */
  prepare(): void {
    // Without it, the room begins when it is joined.
    this.#begin().catch(() => {});
  }

  /** Reads up to the head; once more, if it is asked while it does. */
  run(): void {
    this.#again = true;
    if (this.#running) return;
    this.#cancelRetry?.();
    void this.#run(this.#turn);
  }

  stop(): void {
    this.#turn++;
    this.#running = false;
    this.#again = false;
    this.#cancelRetry?.();
  }

  async #run(turn: number): Promise<void> {
    this.#running = true;
    try {
      while (this.#again && turn === this.#turn) {
        this.#again = false;
        await this.#toTheHead(turn);
      }
      if (turn !== this.#turn) return;
      this.#running = false;
      this.#failures = 0;
      this.#on.caughtUp();
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#running = false;
      this.#failed(error);
    }
  }

  async #toTheHead(turn: number): Promise<void> {
    const { api, feed, maxReplay, read } = this.#on;
    await this.#begin();
    for (let more = true; more && turn === this.#turn; ) {
      const before = feed.upTo;
      const page = await api.events(before);
      if (turn !== this.#turn) return;
      if (page.head - before > maxReplay) return await this.#reset('behind', turn);
      read(page.events);
      more = page.more;
      if (more && feed.upTo === before) throw stuck();
    }
  }

  async #begin(): Promise<void> {
    if (this.#on.feed.started) return;
    this.#beginning ??= this.#on.api
      .messages({}, FIRST_PAGE)
      .then(({ messages }) => {
        if (!this.#on.feed.started) this.#on.begin(messages);
      })
      .finally(() => {
        this.#beginning = undefined;
      });
    await this.#beginning;
  }

  async #reset(reason: RoomEvents['reset']['reason'], turn: number): Promise<void> {
    const { messages } = await this.#on.api.messages({}, FIRST_PAGE);
    if (turn !== this.#turn) return;
    this.#on.reset(reason, messages);
    // What was said since that page was read.
    this.#again = true;
  }

  #failed(error: unknown): void {
    const { platform, timing } = this.#on;
    const known = error instanceof ParlorClientError ? error : undefined;
    if (known?.code === 'after_beyond_head') {
      const turn = this.#turn;
      this.#running = true;
      this.#reset('foreign', turn).then(
        () => this.#run(turn),
        (failure: unknown) => {
          this.#running = false;
          if (turn === this.#turn) this.#failed(failure);
        },
      );
      return;
    }
    if (known && !known.retryable) {
      this.#on.refused(known);
      return;
    }
    const pause = fullJitter(this.#failures++, timing, platform.random());
    this.#cancelRetry = platform.after(Math.max(pause, (known?.retryAfter ?? 0) * 1_000), () =>
      this.run(),
    );
  }
}

const stuck = () =>
  new ParlorClientError('unexpected_answer', 'The server gave a page that leads nowhere.');
