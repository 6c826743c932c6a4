import { RATE_WINDOW } from '../protocol/limits.ts';
import type { ParlorClientError } from './errors.ts';
import type { JoinedRoom } from './joined-room.ts';
import type { Link } from './link.ts';
import type { Platform, Timing } from './options.ts';

/**
 * Rooms joined at once on a fresh socket. The server takes 20 frames in 10 seconds; the others are
 * left to what the person does.
 */
const AT_ONCE = 12;

/** Brings rooms onto the open socket, for as long as there is one. */
export class Joins {
  readonly #link: Link;
  readonly #platform: Platform;
  readonly #patience: number;
  /** Tells a join under way that its socket is gone. */
  #turn = 0;

  constructor(link: Link, platform: Platform, { patience }: Timing) {
    this.#link = link;
    this.#platform = platform;
    this.#patience = patience;
  }

  /** The socket is gone. */
  lost(): void {
    this.#turn++;
  }

  /** Joins all that a fresh socket lacks, the first ones first. */
  async joinAll(rooms: readonly JoinedRoom[]): Promise<void> {
    const turn = this.#turn;
    for (let from = 0; from < rooms.length; from += AT_ONCE) {
      if (from > 0) await this.#pause(RATE_WINDOW * 1_000);
      if (turn !== this.#turn) return;
      await Promise.all(rooms.slice(from, from + AT_ONCE).map((room) => this.join(room)));
    }
  }

  async join(room: JoinedRoom): Promise<void> {
    const turn = this.#turn;
    while (turn === this.#turn && room.wanted) {
      const answer = await this.#link
        .request({ action: 'join', room: room.name })
        // The answer was lost; or the socket, of whose end will be told.
        .catch(() => this.#pause(this.#patience));
      if (turn !== this.#turn) return;
      if (answer?.type === 'joined') return this.#joined(room, answer.head);
      if (answer?.type === 'error') await this.#refused(room, answer.error);
    }
  }

  /** Leaves, without waiting. A lost word does no harm: what comes of the room is dropped. */
  leave(room: string): void {
    this.#link.request({ action: 'leave', room }).catch(() => {});
  }

  #joined(room: JoinedRoom, head: number): void {
    if (room.wanted) room.subscribed(head);
    else this.leave(room.name);
  }

  async #refused(room: JoinedRoom, error: ParlorClientError): Promise<void> {
    if (error.code === 'connection_gone') this.#link.drop();
    else if (error.code === 'token_expired') await this.#pause(this.#patience);
    else if (error.retryable) await this.#pause((error.retryAfter ?? 1) * 1_000);
    else room.refuse(error);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#platform.after(ms, resolve);
    });
  }
}
