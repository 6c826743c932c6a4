import { pauseAfter } from './backoff.ts';
import type { Unsubscribe } from './emitter.ts';
import type { JoinedRoom } from './joined-room.ts';
import type { Link } from './link.ts';
import type { Surroundings } from './options.ts';
import type { Frame } from './parse.ts';
import { Timer } from './timer.ts';

/**
 * Rooms joined at once on a fresh socket, and the pause before as many others: the server takes
 * some frames at once and some a second, and what the person does is not to wait for the rest.
 */
const AT_ONCE = 12;
const PAUSE_MS = 2_000;

/** Brings rooms onto the open socket, for as long as there is one. */
export class Joins {
  readonly #link: Link;
  readonly #deps: Surroundings;
  readonly #others: Timer;
  /** What the server was asked last about a room. */
  readonly #asked = new Map<string, Promise<unknown>>();
  /** What cancels the next attempt, for rooms where one failed. */
  readonly #retries = new Map<string, Unsubscribe>();
  /** Tells a join under way that its socket is gone. */
  #turn = 0;

  constructor(link: Link, surroundings: Surroundings) {
    this.#link = link;
    this.#deps = surroundings;
    this.#others = new Timer(surroundings.platform);
  }

  /** The socket is gone. */
  lost(): void {
    this.#turn++;
    this.#others.cancel();
    this.#asked.clear();
    for (const cancel of this.#retries.values()) cancel();
    this.#retries.clear();
  }

  /** Joins all that a fresh socket lacks, the first ones first. */
  joinAll(rooms: readonly JoinedRoom[]): void {
    for (const room of rooms.slice(0, AT_ONCE)) void this.join(room);
    const others = rooms.slice(AT_ONCE);
    if (others.length > 0) this.#others.set(PAUSE_MS, () => this.joinAll(others));
  }

  /** Joins a room, however often that has to be tried. */
  async join(room: JoinedRoom, failures = 0): Promise<void> {
    const turn = this.#turn;
    const answer = room.wanted ? await this.#ask('join', room.name) : undefined;
    if (turn !== this.#turn || !room.wanted) return;
    if (answer?.type === 'joined') return room.subscribed(answer.head);
    const error = answer?.type === 'error' ? answer.error : undefined;
    // For a token that has ended there will be another one.
    if (error && !error.retryable && error.code !== 'token_expired') return room.refuse(error);
    if (error) room.failed(error);
    this.#retries.get(room.name)?.();
    const ms = pauseAfter(failures, this.#deps, error?.retryAfter);
    this.#retries.set(
      room.name,
      this.#deps.platform.after(ms, () => void this.join(room, failures + 1)),
    );
  }

  /** Leaves, without waiting. A lost word does no harm: what comes of the room is dropped. */
  leave(room: string): void {
    void this.#ask('leave', room);
  }

  /**
   * The server handles frames at the same time: whoever leaves a room and enters it again has to
   * wait for the first answer, or may end up outside.
   *
   * @returns undefined when no answer came
   */
  #ask(action: 'join' | 'leave', room: string): Promise<Frame | undefined> {
    const turn = this.#turn;
    // Whatever the reason why none came: a join is tried again, and a leave needs none.
    const answer = Promise.resolve(this.#asked.get(room)).then(() =>
      turn === this.#turn ? this.#link.request({ action, room }).catch(() => undefined) : undefined,
    );
    this.#asked.set(room, answer);
    return answer;
  }
}
