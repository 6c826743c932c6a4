import { RATE_WINDOW } from '../protocol/limits.ts';
import { pauseAfter } from './backoff.ts';
import type { Unsubscribe } from './emitter.ts';
import type { ParlorClientError } from './errors.ts';
import type { JoinedRoom } from './joined-room.ts';
import type { Link } from './link.ts';
import type { Platform, Timing } from './options.ts';
import type { Frame } from './parse.ts';
import { Timer } from './timer.ts';

/**
 * Rooms joined at once on a fresh socket. The server takes 20 frames in 10 seconds; the others are
 * left to what the person does.
 */
const AT_ONCE = 12;

/** Brings rooms onto the open socket, for as long as there is one. */
export class Joins {
  readonly #link: Link;
  readonly #on: { platform: Platform; timing: Timing };
  readonly #others: Timer;
  /** What the server was asked last about a room. */
  readonly #asked = new Map<string, Promise<unknown>>();
  /** What ends the pauses of those who will try again. */
  readonly #pauses = new Set<Unsubscribe>();
  /** Tells a join under way that its socket is gone. */
  #turn = 0;

  constructor(link: Link, platform: Platform, timing: Timing) {
    this.#link = link;
    this.#on = { platform, timing };
    this.#others = new Timer(platform);
  }

  /** The socket is gone. */
  lost(): void {
    this.#turn++;
    this.#others.cancel();
    this.#asked.clear();
    for (const end of [...this.#pauses]) end();
  }

  /** Joins all that a fresh socket lacks, the first ones first. */
  joinAll(rooms: readonly JoinedRoom[]): void {
    for (const room of rooms.slice(0, AT_ONCE)) void this.join(room);
    const others = rooms.slice(AT_ONCE);
    if (others.length > 0) this.#others.set(RATE_WINDOW * 1_000, () => this.joinAll(others));
  }

  /** Joins a room, however often that has to be tried. */
  async join(room: JoinedRoom): Promise<void> {
    const turn = this.#turn;
    for (let failures = 0; turn === this.#turn && room.wanted; failures++) {
      const answer = await this.#ask('join', room.name);
      if (turn !== this.#turn || !room.wanted) return;
      if (answer?.type === 'joined') return room.subscribed(answer.head);
      const error = answer?.type === 'error' ? answer.error : undefined;
      if (error && !this.#canSucceed(room, error)) return;
      await this.#pause(pauseAfter(failures, this.#on, error?.retryAfter));
    }
  }

  /** Leaves, without waiting. A lost word does no harm: what comes of the room is dropped. */
  leave(room: string): void {
    void this.#ask('leave', room);
  }

  /** @returns whether it may succeed on this socket */
  #canSucceed(room: JoinedRoom, error: ParlorClientError): boolean {
    const { code, retryable } = error;
    if (code === 'connection_gone') this.#link.drop();
    else if (code === 'token_expired') this.#link.renew();
    else if (!retryable) room.refuse(error);
    return retryable || code === 'token_expired';
  }

  /**
   * The server handles frames at the same time: whoever leaves a room and enters it again has to
   * wait for the first answer, or may end up outside.
   *
   * @returns undefined when no answer came
   */
  #ask(action: 'join' | 'leave', room: string): Promise<Frame | undefined> {
    const turn = this.#turn;
    const answer = Promise.resolve(this.#asked.get(room)).then(() =>
      turn === this.#turn ? this.#link.request({ action, room }).catch(() => undefined) : undefined,
    );
    this.#asked.set(room, answer);
    return answer;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        cancel();
        this.#pauses.delete(end);
        resolve();
      };
      const cancel = this.#on.platform.after(ms, end);
      this.#pauses.add(end);
    });
  }
}
