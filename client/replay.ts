import { pauseAfter } from './backoff.ts';
import { asClientError, ParlorClientError, unexpectedAnswer } from './errors.ts';
import type { Feed } from './feed.ts';
import type { Surroundings } from './options.ts';
import type { LogEvent } from './parse.ts';
import type { RoomApi } from './room-api.ts';
import { Timer } from './timer.ts';
import type { Message, RoomEvents } from './types.ts';

/** Messages that a room begins with. */
const FIRST_PAGE = 50;

export interface ReplayDependencies extends Surroundings {
  api: RoomApi;
  feed: Feed;
  /** More than so many events are not replayed, but skipped. */
  maxReplay: number;
  /** Events of the log, as they were read; they may have been seen before. */
  read(events: readonly LogEvent[]): void;
  /** The newest messages, oldest first: the room begins with them, and goes on after `upTo`. */
  begin(upTo: number, messages: readonly Message[]): void;
  /** The room begins anew with them. */
  reset(reason: RoomEvents['reset']['reason'], upTo: number, messages: readonly Message[]): void;
  /** Nothing is missing. */
  caughtUp(): void;
  /** An attempt failed; there will be another one. */
  failed(error: ParlorClientError): void;
  /** It can't succeed. */
  refused(error: ParlorClientError): void;
}

/** Reads what a room's feed misses, one reading at a time, for as long as it takes. */
export class Replay {
  readonly #deps: ReplayDependencies;
  readonly #retry: Timer;
  /** Tells a reading that it was stopped. */
  #turn = 0;
  #running = false;
  #again = false;
  #failures = 0;
  #beginning: Promise<void> | undefined;

  constructor(dependencies: ReplayDependencies) {
    this.#deps = dependencies;
    this.#retry = new Timer(dependencies.platform);
  }

  /** Reads the newest page for a room that is not known, so that there is something to show. */
  prepare(): void {
    // Without it, the room begins when it is joined.
    this.#begin().catch(() => {});
  }

  /** Reads up to the head; once more, if it is asked while it does. */
  run(): void {
    this.#again = true;
    // A call that comes while it is to be tried again must not make it be tried at once.
    if (!this.#running && !this.#retry.running) void this.#run(this.#turn);
  }

  /** Where it is to be tried again later, that is done now. */
  retryNow(): void {
    if (this.#retry.cancel()) this.run();
  }

  stop(): void {
    this.#turn++;
    this.#running = false;
    this.#again = false;
    this.#retry.cancel();
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
      this.#deps.caughtUp();
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#running = false;
      this.#failed(error);
    }
  }

  async #toTheHead(turn: number): Promise<void> {
    const { api, feed, maxReplay, read, reset } = this.#deps;
    await this.#begin();
    for (let more = true; more && turn === this.#turn; ) {
      const before = feed.upTo;
      const page = await api.events(before).catch(beyondTheEnd);
      if (turn !== this.#turn) return;
      if (!page) return await this.#reset('foreign', turn);
      if (page.expired !== undefined) {
        reset('expired', page.expired, []);
        continue;
      }
      if (page.head - before > maxReplay) return await this.#reset('behind', turn);
      read(page.events);
      more = page.more;
      // A page that leads nowhere.
      if (more && feed.upTo === before) throw unexpectedAnswer();
    }
  }

  async #begin(): Promise<void> {
    if (this.#deps.feed.started) return;
    this.#beginning ??= this.#deps.api
      .messages({}, FIRST_PAGE)
      .then(({ upTo, messages }) => {
        if (!this.#deps.feed.started) this.#deps.begin(upTo, messages);
      })
      .finally(() => {
        this.#beginning = undefined;
      });
    await this.#beginning;
  }

  async #reset(reason: RoomEvents['reset']['reason'], turn: number): Promise<void> {
    const { upTo, messages } = await this.#deps.api.messages({}, FIRST_PAGE);
    if (turn !== this.#turn) return;
    this.#deps.reset(reason, upTo, messages);
    // What was said since that page was read.
    this.#again = true;
  }

  #failed(error: unknown): void {
    const known = asClientError(error);
    if (known.retryable) {
      const pause = pauseAfter(this.#failures++, this.#deps, known.retryAfter);
      this.#retry.set(pause, () => this.run());
      this.#deps.failed(known);
    } else this.#deps.refused(known);
  }
}

/** What is known here is beyond the log's end: it is another log. */
function beyondTheEnd(error: unknown): undefined {
  if (error instanceof ParlorClientError && error.code === 'after_beyond_head') return;
  throw error;
}
