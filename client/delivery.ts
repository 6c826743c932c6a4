import { fullJitter } from './backoff.ts';
import type { Unsubscribe } from './emitter.ts';
import { ParlorClientError } from './errors.ts';
import type { Feed } from './feed.ts';
import type { Platform, Timing } from './options.ts';
import type { Outbox } from './outbox.ts';
import type { RoomApi } from './room-api.ts';
import type { OutboxEntry } from './store.ts';

export interface DeliveryDependencies {
  room: string;
  outbox: Outbox;
  feed: Feed;
  api: RoomApi;
  platform: Platform;
  timing: Timing;
  /** Whether one is in the room and has caught up: what was stored before is settled then. */
  ready(): boolean;
  /** Whether the frame went out. */
  send(frame: Record<string, unknown>): boolean;
  /** Events are missing. */
  replay(): void;
  /** The server's log is another one than was known here. */
  foreign(): void;
  /** The connection is not in the room. */
  rejoin(): void;
  /** The server has forgotten the connection. */
  reconnect(): void;
  /** No answer came: is the connection alive? */
  suspect(): void;
  renewToken(): void;
  /** The server won't have us in the room. */
  refused(error: ParlorClientError): void;
  /** What is pending has changed. */
  changed(): void;
}

/**
 * Sends a room's outbox, one message at a time: the server handles the frames of a connection at
 * the same time, so two at once could be stored in either order. What has no answer is sent again
 * under the same clientId (PROTOCOL.md, "Sending").
 */
export class Delivery {
  readonly #on: DeliveryDependencies;
  #preparing = false;
  /** The clientId of what was sent last. */
  #underway: string | undefined;
  #cancelPause: Unsubscribe | undefined;
  #cancelAck: Unsubscribe | undefined;

  constructor(dependencies: DeliveryDependencies) {
    this.#on = dependencies;
  }

  /** Sends the next message, if it is time for one. To be called whenever that may have changed. */
  flush(): void {
    if (!this.#preparing && !this.#cancelPause) void this.#sendNext();
  }

  /** The connection is gone, and with it the answers. */
  lost(): void {
    this.#cancelAck?.();
    this.#resume();
    this.#on.outbox.requeueAll();
  }

  /** A message was acknowledged, or its event came. */
  settled(clientId: string): void {
    if (clientId === this.#underway) this.#cancelAck?.();
    this.flush();
  }

  /** A message was answered by an error. */
  refused(clientId: string, error: ParlorClientError): void {
    const { outbox, changed } = this.#on;
    if (!outbox.find(clientId)) return;
    this.#cancelAck?.();
    this.#decide(clientId, error);
    changed();
    this.flush();
  }

  #decide(clientId: string, error: ParlorClientError): void {
    const { outbox, replay, foreign, rejoin, reconnect, renewToken, refused } = this.#on;
    const { code } = error;
    if (code === 'removed_from_room') refused(error);
    else if (code === 'token_expired') {
      renewToken();
      this.#pause(clientId, this.#on.timing.patience);
    } else if (code === 'after_too_old') {
      replay();
      this.#search(clientId);
    } else if (code === 'after_beyond_head') {
      void outbox.moveAfter(clientId, 0);
      outbox.requeue(clientId);
      foreign();
    } else if (code === 'not_joined' || code === 'connection_gone') {
      outbox.requeue(clientId);
      if (code === 'not_joined') rejoin();
      else reconnect();
    } else if (error.retryable) this.#pauseFor(clientId, error);
    else outbox.fail(clientId, error);
  }

  #pauseFor(clientId: string, { retryAfter = 0 }: ParlorClientError): void {
    const { outbox, timing, platform } = this.#on;
    const attempts = outbox.find(clientId)?.attempts ?? 1;
    const pause = fullJitter(attempts, timing, platform.random());
    this.#pause(clientId, Math.max(pause, retryAfter * 1_000));
  }

  async #sendNext(): Promise<void> {
    const { outbox, feed, ready, room, send, changed, platform, timing } = this.#on;
    const entry = ready() ? outbox.next() : undefined;
    if (!entry) return;
    const { clientId, content } = entry;
    if (entry.after === undefined) {
      // Kept before it goes out: a client that comes after this one must look from there.
      this.#preparing = true;
      await outbox.moveAfter(clientId, feed.upTo);
      this.#preparing = false;
      return this.flush();
    }
    const frame = { action: 'sendMessage', id: clientId, room, content, clientId };
    if (!send({ ...frame, after: this.#after(entry) })) return;
    outbox.sending(clientId);
    this.#underway = clientId;
    this.#cancelAck?.();
    this.#cancelAck = platform.after(timing.ack, () => this.#unanswered(clientId));
    changed();
  }

  /**
   * The seq up to which the log does not have the message. Events that this client has read since
   * the entry's own `after` would have settled it, so it may move with them.
   */
  #after({ after = 0 }: OutboxEntry): number {
    const { feed } = this.#on;
    return after >= feed.readFrom ? feed.upTo : after;
  }

  #unanswered(clientId: string): void {
    this.#on.outbox.requeue(clientId);
    this.#on.suspect();
    this.#on.changed();
    this.flush();
  }

  #pause(clientId: string, ms: number): void {
    this.#on.outbox.requeue(clientId);
    this.#cancelPause?.();
    this.#cancelPause = this.#on.platform.after(ms, () => {
      this.#resume();
      this.flush();
    });
  }

  #resume(): void {
    this.#cancelPause?.();
    this.#cancelPause = undefined;
  }

  /**
   * The message's `after` is too far back for the server to search from: the part of the log that
   * this client has not read itself is searched here, and `after` moves beyond it.
   */
  #search(clientId: string): void {
    this.#preparing = true;
    this.#searchUpTo(clientId)
      .then(
        () => this.#on.outbox.requeue(clientId),
        () => this.#pause(clientId, this.#on.timing.backoffMax),
      )
      .finally(() => {
        this.#preparing = false;
        this.#on.changed();
        this.flush();
      });
  }

  async #searchUpTo(clientId: string): Promise<void> {
    const { outbox, feed, api } = this.#on;
    let at = outbox.find(clientId)?.entry.after ?? feed.upTo;
    while (at < feed.readFrom) {
      const { events } = await api.events(at);
      for (const { message } of events) {
        if (message?.clientId === clientId) return outbox.settle(message, true);
      }
      const last = events.at(-1)?.seq;
      if (last === undefined) break;
      at = last;
    }
    await outbox.moveAfter(clientId, Math.max(at, feed.readFrom));
  }
}

/** A message is refused before it is shown, where this side can know that it would be. */
export function contentProblem(content: string, bytes: number): ParlorClientError | undefined {
  if (content.trim() === '') {
    return new ParlorClientError('content_empty', 'The message is empty. Write something in it.');
  }
  if (new TextEncoder().encode(content).byteLength <= bytes) return undefined;
  return new ParlorClientError(
    'content_too_long',
    `The message is longer than ${bytes} bytes. Shorten it or send it in parts.`,
  );
}
