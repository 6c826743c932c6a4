import { pauseAfter } from './backoff.ts';
import { ParlorClientError } from './errors.ts';
import type { Feed } from './feed.ts';
import type { Link } from './link.ts';
import type { Surroundings } from './options.ts';
import { type Draft, Outbox } from './outbox.ts';
import { parseExtras } from './parse.ts';
import type { RoomApi } from './room-api.ts';
import type { OutboxEntry } from './store.ts';
import { Timer } from './timer.ts';
import type { Message, MessageExtras, PendingMessage, Stored } from './types.ts';
import type { WithStore } from './with-store.ts';

export interface DeliveryDependencies extends Surroundings {
  room: string;
  withStore: WithStore;
  feed: Feed;
  api: RoomApi;
  /** Whether a sender is the person whose client this is, as far as that is known. */
  isMe(sender: string): boolean;
  /** Whether one is in the room and has caught up: what was stored before is settled then. */
  ready(): boolean;
  link: Pick<Link, 'send' | 'ping'>;
  /** Events are missing, or the log is another one than was known here. */
  replay(): void;
  /** The connection is not in the room. */
  rejoin(): void;
  /** What is pending has changed. */
  changed(): void;
}

/**
 * Sends a room's outbox, one message at a time: the server handles the frames of a connection at
 * the same time, so two at once could be stored in either order. What has no answer is sent again
 * under the same clientId (PROTOCOL.md, "Sending").
 */
export class Delivery {
  readonly #deps: DeliveryDependencies;
  readonly #outbox: Outbox;
  readonly #pausing: Timer;
  readonly #ack: Timer;
  #preparing = false;
  /** The clientId of what was sent last. */
  #underway: string | undefined;

  constructor(dependencies: DeliveryDependencies) {
    this.#deps = dependencies;
    this.#outbox = new Outbox(dependencies.withStore);
    this.#pausing = new Timer(dependencies.platform);
    this.#ack = new Timer(dependencies.platform);
  }

  get pending(): PendingMessage[] {
    return this.#outbox.pending;
  }

  /** @returns when the log has it */
  write(content: string, extras: MessageExtras = {}): Promise<Stored> {
    const { room, feed, platform, changed } = this.#deps;
    const stored = this.#outbox.add({
      room,
      clientId: platform.id(),
      content,
      ...extras,
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
    this.#deps.changed();
    this.flush();
  }

  discard(clientId: string): void {
    const error = new ParlorClientError('discarded', 'The message was dropped.');
    this.#outbox.discard(clientId, error);
    this.#deps.changed();
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
    this.#outbox.settle(stored, stored.seq <= this.#deps.feed.upTo);
    this.#deps.changed();
    this.#settled(stored.clientId);
  }

  /** The log has these messages: so one's own among them have arrived. */
  found(messages: readonly Message[]): void {
    const own = messages.filter(
      ({ clientId, sender }) => this.#outbox.find(clientId) && this.#deps.isMe(sender),
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
    const draft = this.#outbox.find(clientId);
    if (draft?.status !== 'sending') return;
    this.#ack.cancel();
    this.#decide(draft, error);
    this.#deps.changed();
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

  #decide(draft: Draft, error: ParlorClientError): void {
    const { replay, rejoin } = this.#deps;
    const { code } = error;
    if (code === 'after_too_old') {
      replay();
      void this.#search(draft, error);
    } else if (code === 'after_beyond_head') {
      void this.#outbox.moveAfter(draft, 0);
      replay();
      this.#pauseFor(draft, error);
    } else if (code === 'not_joined') {
      this.#outbox.requeue(draft);
      rejoin();
    } else if (error.retryable || code === 'token_expired') this.#pauseFor(draft, error);
    else this.#outbox.fail(draft, error);
  }

  async #sendNext(): Promise<void> {
    const { feed, ready, room, link, changed, timing } = this.#deps;
    const draft = ready() ? this.#outbox.next() : undefined;
    if (!draft) return;
    const { clientId, content, after } = draft.entry;
    if (after === undefined) {
      // Kept before it goes out: a client that comes after this one must look from there.
      this.#preparing = true;
      await this.#outbox.moveAfter(draft, feed.upTo);
      this.#preparing = false;
      return this.flush();
    }
    const extras = parseExtras({ ...draft.entry });
    const frame = { action: 'sendMessage', id: clientId, room, content, ...extras, clientId };
    if (!link.send({ ...frame, after: this.#reached(after) })) return;
    this.#outbox.sending(draft);
    this.#underway = clientId;
    this.#ack.set(timing.ack, () => this.#unanswered(draft));
    changed();
  }

  /**
   * The seq up to which the log does not have the message. Events that this client has read since
   * the entry's own `after` would have settled it, so it may move with them.
   */
  #reached(after: number): number {
    const { feed } = this.#deps;
    return after >= feed.readFrom ? feed.upTo : after;
  }

  #unanswered(draft: Draft): void {
    this.#outbox.requeue(draft);
    // Is the connection alive?
    this.#deps.link.ping();
    this.#deps.changed();
    this.flush();
  }

  #pauseFor(draft: Draft, { retryAfter }: ParlorClientError): void {
    this.#outbox.requeue(draft);
    this.#pausing.set(pauseAfter(draft.attempts, this.#deps, retryAfter), () => this.flush());
  }

  /**
   * The message's `after` is too far back for the server to search from: the part of the log that
   * this client has not read itself is searched here, and `after` moves beyond it.
   */
  async #search(draft: Draft, error: ParlorClientError): Promise<void> {
    this.#preparing = true;
    // Where that fails, the server says once more that it is too old.
    await this.#searchFor(draft).catch(() => {});
    this.#preparing = false;
    if (draft.status === 'sending') this.#pauseFor(draft, error);
    this.#deps.changed();
    this.flush();
  }

  async #searchFor(draft: Draft): Promise<void> {
    const { feed, api } = this.#deps;
    const { clientId, after = 0 } = draft.entry;
    let at = after;
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
    await this.#outbox.moveAfter(draft, Math.max(at, feed.readFrom));
  }
}
