import { pauseAfter } from './backoff.ts';
import { ParlorClientError } from './errors.ts';
import type { Feed } from './feed.ts';
import type { Link } from './link.ts';
import type { Platform, Timing } from './options.ts';
import { Outbox } from './outbox.ts';
import type { RoomApi } from './room-api.ts';
import type { OutboxEntry, Store } from './store.ts';
import { Timer } from './timer.ts';
import type { Message, PendingMessage, Stored } from './types.ts';

export interface DeliveryDependencies {
  room: string;
  store: Store;
  feed: Feed;
  api: RoomApi;
  platform: Platform;
  timing: Timing;
  /** Whether a sender is the person whose client this is, as far as that is known. */
  isMe(sender: string): boolean;
  /** Whether one is in the room and has caught up: what was stored before is settled then. */
  ready(): boolean;
  link: Pick<Link, 'send' | 'ping' | 'drop' | 'renew'>;
  /** Events are missing, or the log is another one than was known here. */
  replay(): void;
  /** The connection is not in the room. */
  rejoin(): void;
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
  readonly #outbox: Outbox;
  readonly #pausing: Timer;
  readonly #ack: Timer;
  #preparing = false;
  /** The clientId of what was sent last. */
  #underway: string | undefined;

  constructor(dependencies: DeliveryDependencies) {
    this.#on = dependencies;
    this.#outbox = new Outbox(dependencies.store);
    this.#pausing = new Timer(dependencies.platform);
    this.#ack = new Timer(dependencies.platform);
  }

  get pending(): PendingMessage[] {
    return this.#outbox.pending;
  }

  /** @returns when the log has it */
  write(content: string): Promise<Stored> {
    const { room, feed, platform, changed } = this.#on;
    const stored = this.#outbox.add({
      room,
      clientId: platform.id(),
      content,
      // A new message can't be in what is known of the log.
      after: feed.started ? feed.upTo : undefined,
      createdAt: platform.now(),
    });
    changed();
    this.flush();
    return stored;
  }

  retry(clientId: string): void {
    this.#outbox.retry(clientId);
    this.#on.changed();
    this.flush();
  }

  discard(clientId: string): void {
    const error = new ParlorClientError('discarded', 'The message was dropped by its writer.');
    this.#outbox.discard(clientId, error);
    this.#on.changed();
  }

  /** What was written before, and is not known to be stored. */
  adopt(entries: readonly OutboxEntry[]): void {
    this.#outbox.adopt(entries);
  }

  /** Sends the next message, if it is time for one. To be called whenever that may have changed. */
  flush(): void {
    if (!this.#preparing && !this.#pausing.running) void this.#sendNext();
  }

  /** The connection is gone, and with it the answers. */
  lost(): void {
    this.#ack.cancel();
    this.#pausing.cancel();
    this.#outbox.requeueAll();
  }

  acknowledged(stored: Stored): void {
    this.#outbox.settle(stored, stored.seq <= this.#on.feed.upTo);
    this.#on.changed();
    this.#settled(stored.clientId);
  }

  /** The log has these messages: so one's own among them have arrived. */
  found(messages: readonly Message[]): void {
    const own = messages.filter(
      ({ clientId, sender }) => this.#outbox.find(clientId) && this.#on.isMe(sender),
    );
    // All of them before the next is sent, which may be among them.
    for (const message of own) this.#outbox.settle(message, true);
    for (const { clientId } of own) this.#settled(clientId);
  }

  /** Events up to this seq won't come any more. */
  skipped(upTo: number): void {
    this.#outbox.skipped(upTo);
  }

  /** A message was answered by an error. */
  refused(clientId: string, error: ParlorClientError): void {
    // Nobody waits for this answer: it is stored, or about to be sent again.
    if (this.#outbox.find(clientId)?.status !== 'sending') return;
    this.#ack.cancel();
    this.#decide(clientId, error);
    this.#on.changed();
    this.flush();
  }

  /** Nothing of what waits will be taken. */
  failAll(error: ParlorClientError): void {
    this.lost();
    this.#outbox.failAll(error);
  }

  /** @returns what is not known to be stored */
  end(error: ParlorClientError): OutboxEntry[] {
    this.lost();
    return this.#outbox.abandon(error);
  }

  #settled(clientId: string): void {
    if (clientId === this.#underway) this.#ack.cancel();
    this.flush();
  }

  #decide(clientId: string, error: ParlorClientError): void {
    const { link, replay, rejoin, refused } = this.#on;
    const { code } = error;
    if (code === 'removed_from_room') refused(error);
    else if (code === 'token_expired') {
      link.renew();
      this.#pause(clientId, this.#on.timing.patience);
    } else if (code === 'after_too_old') {
      replay();
      void this.#search(clientId, error);
    } else if (code === 'after_beyond_head') {
      void this.#outbox.moveAfter(clientId, 0);
      replay();
      this.#pauseFor(clientId, error);
    } else if (code === 'not_joined' || code === 'connection_gone') {
      this.#outbox.requeue(clientId);
      if (code === 'not_joined') rejoin();
      else link.drop();
    } else if (error.retryable) this.#pauseFor(clientId, error);
    else this.#outbox.fail(clientId, error);
  }

  async #sendNext(): Promise<void> {
    const { feed, ready, room, link, changed, timing } = this.#on;
    const entry = ready() ? this.#outbox.next() : undefined;
    if (!entry) return;
    const { clientId, content } = entry;
    if (entry.after === undefined) {
      // Kept before it goes out: a client that comes after this one must look from there.
      this.#preparing = true;
      await this.#outbox.moveAfter(clientId, feed.upTo);
      this.#preparing = false;
      return this.flush();
    }
    const frame = { action: 'sendMessage', id: clientId, room, content, clientId };
    if (!link.send({ ...frame, after: this.#after(entry) })) return;
    this.#outbox.sending(clientId);
    this.#underway = clientId;
    this.#ack.set(timing.ack, () => this.#unanswered(clientId));
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
    this.#outbox.requeue(clientId);
    // Is the connection alive?
    this.#on.link.ping();
    this.#on.changed();
    this.flush();
  }

  #pauseFor(clientId: string, { retryAfter }: ParlorClientError): void {
    const attempts = this.#outbox.find(clientId)?.attempts ?? 1;
    this.#pause(clientId, pauseAfter(attempts, this.#on, retryAfter));
  }

  #pause(clientId: string, ms: number): void {
    this.#outbox.requeue(clientId);
    this.#pausing.set(ms, () => this.flush());
  }

  /**
   * The message's `after` is too far back for the server to search from: the part of the log that
   * this client has not read itself is searched here, and `after` moves beyond it.
   */
  async #search(clientId: string, error: ParlorClientError): Promise<void> {
    this.#preparing = true;
    // Where that fails, the server says once more that it is too old.
    await this.#searchUpTo(clientId).catch(() => {});
    this.#preparing = false;
    if (this.#outbox.find(clientId)?.status === 'sending') this.#pauseFor(clientId, error);
    this.#on.changed();
    this.flush();
  }

  async #searchUpTo(clientId: string): Promise<void> {
    const { feed, api } = this.#on;
    let at = this.#outbox.find(clientId)?.entry.after ?? feed.upTo;
    while (at < feed.readFrom) {
      const { events, expired } = await api.events(at);
      for (const { message } of events) {
        if (message?.clientId === clientId) return this.#outbox.settle(message, true);
      }
      // What has expired can't be searched: it is as if it had never been.
      const last = expired ?? events.at(-1)?.seq;
      if (last === undefined) break;
      at = last;
    }
    await this.#outbox.moveAfter(clientId, Math.max(at, feed.readFrom));
  }
}
