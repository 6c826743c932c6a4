import type { z } from 'zod/mini';
import type { AckFrame, ChatMessageFrame, ErrorFrame, ServerFrame } from '../protocol/frames.ts';
import type { EventPage, MessagePage } from '../protocol/rest-bodies.ts';
import { Refused } from './api.ts';
import { fullJitter } from './backoff.ts';
import { Connection, type Link } from './connection.ts';
import { type Entry, Feed, type Message } from './feed.ts';
import { type Draft, Outbox } from './outbox.ts';
import { get, SignedOut } from './session.ts';

type History = z.infer<typeof MessagePage>;
type Events = z.infer<typeof EventPage>;

const ACK_MS = 10_000;

export interface RoomView {
  link: (link: Link) => void;
  newer: (messages: Message[]) => void;
  older: (messages: Message[], more: boolean) => void;
  drafts: (drafts: readonly Draft[]) => void;
  failed: (reason: string) => void;
  signedOut: () => void;
}

/** One room: what was said in it, and what one says in it. */
export class Room {
  readonly #path: string;
  readonly #name: string;
  readonly #mine: (sender: string) => boolean;
  readonly #view: RoomView;
  readonly #feed = new Feed();
  readonly #outbox = new Outbox();
  readonly #connection: Connection;
  #oldest = 0;
  #replay: 'no' | 'running' | 'again' = 'no';
  #failures = 0;
  #ackTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(name: string, mine: (sender: string) => boolean, view: RoomView) {
    this.#name = name;
    this.#mine = mine;
    this.#path = `/api/rooms/${encodeURIComponent(name)}`;
    this.#view = view;
    this.#connection = new Connection(name, {
      link: (link) => {
        view.link(link);
        this.#outbox.requeue();
        if (link === 'live') void this.#catchUp();
        else view.drafts(this.#outbox.drafts);
      },
      frame: (frame) => this.#receive(frame),
      signedOut: view.signedOut,
    });
  }

  say(content: string): void {
    this.#outbox.add(content);
    this.#flush();
  }

  retry(clientId: string): void {
    this.#outbox.retry(clientId);
    this.#flush();
  }

  discard(clientId: string): void {
    this.#outbox.settle(clientId);
    this.#view.drafts(this.#outbox.drafts);
  }

  /** @throws Refused; TypeError when there is no connection */
  async loadOlder(): Promise<void> {
    this.#showHistory(await get<History>(`${this.#path}/messages/?before=${this.#oldest}`));
  }

  #showHistory({ results, next }: History): void {
    const messages = results.toReversed();
    this.#oldest = messages[0]?.seq ?? this.#oldest;
    this.#view.older(messages, next !== null);
  }

  /**
   * Fetches whatever follows the last known event. It begins after the socket is open, so nothing
   * falls between: what comes meanwhile waits in the feed.
   */
  async #catchUp(): Promise<void> {
    if (this.#replay !== 'no') {
      this.#replay = 'again';
      return;
    }
    try {
      do {
        this.#replay = 'running';
        if (!this.#feed.started) await this.#begin();
        await this.#fetchEvents();
      } while (this.#replayWantedAgain());
      this.#failures = 0;
      this.#replay = 'no';
      this.#flush();
    } catch (error) {
      this.#replay = 'no';
      this.#catchUpFailed(error);
    }
  }

  #catchUpFailed(error: unknown): void {
    if (error instanceof SignedOut) {
      this.#view.signedOut();
      return;
    }
    if (error instanceof Refused) {
      this.#view.failed(error.message);
      // The same request would be refused again.
      if (error.status < 500 && error.status !== 429) return;
    }
    setTimeout(() => void this.#catchUp(), fullJitter(this.#failures++));
  }

  // A method, because the field changes while the loop awaits, which the compiler can't see.
  #replayWantedAgain(): boolean {
    return this.#replay === 'again';
  }

  async #begin(): Promise<void> {
    const page = await get<History>(`${this.#path}/messages/`);
    this.#showHistory(page);
    this.#show(this.#feed.start(page.results[0]?.seq ?? 0));
  }

  async #fetchEvents(): Promise<void> {
    let page: Events;
    do {
      page = await get<Events>(`${this.#path}/events/?after=${this.#feed.upTo}`);
      this.#show(
        this.#feed.add(
          // Kinds of events that this page does not know count, but are not shown.
          page.results.map((event) => ({
            seq: event.seq,
            ...(event.type === 'message' && { message: event }),
          })),
        ),
      );
    } while (page.next !== null && page.results.length > 0);
  }

  #show(entries: Entry[]): void {
    const messages = entries.flatMap(({ message }) => message ?? []);
    for (const { sender, clientId } of messages) {
      if (this.#mine(sender)) this.#outbox.settle(clientId);
    }
    if (messages.length > 0) this.#view.newer(messages);
    this.#view.drafts(this.#outbox.drafts);
  }

  #receive(frame: ServerFrame): void {
    if (frame.type === 'ack') this.#stored(frame);
    if (frame.type === 'error') this.#refused(frame);
    if (frame.type === 'pong') this.#compare(frame.heads);
    // Had the old token ended already, nothing came until now.
    if (frame.type === 'authenticated') void this.#catchUp();
    if (frame.type === 'chat_message' && 'seq' in frame) this.#take(frame.room, [frame]);
    if (frame.type === 'events') this.#take(frame.room, frame.events);
  }

  #take(room: string, events: readonly ChatMessageFrame[]): void {
    if (room !== this.#name) return;
    this.#show(
      this.#feed.add(
        // Kinds of events that this page does not know count, but are not shown.
        events.map((event) => ({
          seq: event.seq,
          ...(event.type === 'chat_message' && { message: event }),
        })),
      ),
    );
    if (this.#feed.hole) void this.#catchUp();
  }

  #compare(heads: { room: string; head: number }[]): void {
    const head = heads.find(({ room }) => room === this.#name)?.head ?? 0;
    if (head > this.#feed.upTo) void this.#catchUp();
  }

  /** The message itself comes as an event; if it doesn't, it was lost and is fetched. */
  #stored({ clientId, seq }: AckFrame): void {
    if (seq > this.#feed.upTo) {
      this.#outbox.mark(clientId, 'stored');
      setTimeout(() => {
        if (seq > this.#feed.upTo) void this.#catchUp();
      }, 1_000);
    } else {
      this.#outbox.settle(clientId);
    }
    this.#flush();
  }

  #refused({ ref, code, message, retryable, retryAfter = 1 }: ErrorFrame): void {
    if (code === 'token_expired') {
      // The connection brings a new one; what was refused for it goes out when that is taken.
      if (ref !== undefined) this.#outbox.mark(ref, 'waiting');
      this.#view.drafts(this.#outbox.drafts);
      return;
    }
    if (ref === undefined) this.#view.failed(message);
    else if (retryable) setTimeout(() => this.#sendAgain(ref, message), retryAfter * 1_000);
    else if (code === 'after_too_old') this.#replayAndSend(ref, message);
    else this.#outbox.mark(ref, 'failed', message);
    this.#flush();
  }

  #replayAndSend(clientId: string, reason: string): void {
    this.#outbox.unanswered(clientId, reason);
    void this.#catchUp();
  }

  #sendAgain(clientId: string, reason: string): void {
    this.#outbox.unanswered(clientId, reason);
    this.#flush();
  }

  #flush(): void {
    const draft = this.#replay === 'no' && this.#feed.started && this.#outbox.next();
    if (draft && this.#connection.send(this.#frame(draft))) {
      this.#outbox.mark(draft.clientId, 'sent');
      clearTimeout(this.#ackTimer);
      // In a busy room the ack takes a while; if it is lost, the second attempt gets it.
      this.#ackTimer = setTimeout(() => this.#sendAgain(draft.clientId, 'No answer came.'), ACK_MS);
    }
    this.#view.drafts(this.#outbox.drafts);
  }

  /**
   * `after` may be the seq of now at a retry too: had an earlier attempt been stored up to there,
   * the feed would have shown it and the draft would be settled.
   */
  #frame({ clientId, content }: Draft): Record<string, unknown> {
    const after = this.#feed.upTo;
    return { action: 'sendMessage', id: clientId, room: this.#name, content, clientId, after };
  }
}
