import { CONTENT_BYTES } from '../protocol/limits.ts';
import { contentProblem, Delivery } from './delivery.ts';
import { Emitter, type Listener, type Unsubscribe } from './emitter.ts';
import { ParlorClientError } from './errors.ts';
import { Feed } from './feed.ts';
import type { Platform, Timing } from './options.ts';
import { Outbox } from './outbox.ts';
import type { Frame, LogEvent } from './parse.ts';
import { Replay } from './replay.ts';
import type { Rest } from './rest.ts';
import { RoomApi } from './room-api.ts';
import type { OutboxEntry, Store } from './store.ts';
import { Tail } from './tail.ts';
import { RoomTimeline } from './timeline.ts';
import type {
  HistoryPage,
  HistoryRange,
  Message,
  Room,
  RoomEvents,
  RoomOptions,
  RoomState,
  RoomStatus,
  Stored,
  Timeline,
} from './types.ts';

const PAGE = 50;

export interface RoomDependencies {
  rest: Rest;
  store: Store;
  platform: Platform;
  timing: Timing;
  /** What an earlier client left to be sent, once it is known. */
  adopted: Promise<readonly OutboxEntry[]>;
  /** A number that grows, to tell messages of one millisecond apart. */
  order(): number;
  /** Whether a sender is the person whose client this is, as far as that is known. */
  isMe(sender: string): boolean;
  send(frame: Record<string, unknown>): boolean;
  join(room: JoinedRoom): void;
  leave(room: JoinedRoom): void;
  reconnect(): void;
  ping(): void;
  renewToken(): void;
  /** @returns whether the error ends more than this room */
  sessionOver(error: ParlorClientError): boolean;
}

/** A room that the client is in: its order, its outbox, and what is known of both. */
export class JoinedRoom implements Room {
  readonly name: string;
  readonly #on: RoomDependencies;
  readonly #emitter = new Emitter<RoomEvents>();
  readonly #feed = new Feed();
  readonly #tail: Tail;
  readonly #outbox: Outbox;
  readonly #api: RoomApi;
  readonly #replay: Replay;
  readonly #delivery: Delivery;
  #state: RoomState = { status: 'joining', upTo: 0, pending: [] };
  #loaded = false;
  /** Whether the open socket is in the room. */
  #subscribed = false;
  #everSubscribed = false;
  #caughtUp = false;
  #left = false;
  /** Why nothing can be sent any more. */
  #over: ParlorClientError | undefined;
  #refusal: ParlorClientError | undefined;
  #cancelPatience: Unsubscribe | undefined;

  constructor(name: string, dependencies: RoomDependencies, { after }: RoomOptions) {
    this.name = name;
    this.#on = dependencies;
    const { rest, store, platform, timing } = dependencies;
    this.#tail = new Tail(name, store, platform);
    this.#outbox = new Outbox(store);
    this.#api = new RoomApi(rest, name);
    const shared = { api: this.#api, feed: this.#feed, platform, timing };
    this.#replay = new Replay({
      ...shared,
      // Who asked for a beginning wants all that follows it.
      maxReplay: after === undefined ? timing.maxReplay : Number.POSITIVE_INFINITY,
      read: (events) => this.#take(events),
      begin: (messages) => this.#begin(messages),
      reset: (reason, messages) => this.#reset(reason, messages),
      caughtUp: () => this.#nothingMissing(),
      refused: (error) => this.refuse(error),
    });
    this.#delivery = new Delivery({
      ...shared,
      room: name,
      outbox: this.#outbox,
      ready: () => this.#subscribed && this.#caughtUp,
      send: dependencies.send,
      replay: () => this.#replay.run(),
      // The replay finds out by itself, and begins anew.
      foreign: () => this.#replay.run(),
      rejoin: () => this.rejoin(),
      reconnect: dependencies.reconnect,
      suspect: dependencies.ping,
      renewToken: dependencies.renewToken,
      refused: (error) => this.refuse(error),
      changed: () => this.#changed(),
    });
    void this.#load(after);
  }

  get state(): RoomState {
    return this.#state;
  }

  /** Whether it should be entered when there is a connection. */
  get wanted(): boolean {
    return !this.#left && !this.#refusal;
  }

  get isSubscribed(): boolean {
    return this.#subscribed;
  }

  on<K extends keyof RoomEvents>(event: K, listener: Listener<RoomEvents[K]>): Unsubscribe {
    return this.#emitter.on(event, listener);
  }

  send(content: string): Promise<Stored> {
    const problem = this.#over ?? this.#refusal ?? contentProblem(content, CONTENT_BYTES);
    if (problem) return Promise.reject(problem);
    const { platform, order } = this.#on;
    const stored = this.#outbox.add({
      room: this.name,
      clientId: platform.id(),
      content,
      // A new message can't be in what is known of the log.
      after: this.#feed.started ? this.#feed.upTo : undefined,
      createdAt: platform.now(),
      order: order(),
    });
    this.#changed();
    if (this.#loaded) this.#delivery.flush();
    return stored;
  }

  retry(clientId: string): void {
    this.#outbox.retry(clientId);
    this.#changed();
    this.#delivery.flush();
  }

  discard(clientId: string): void {
    const error = new ParlorClientError('discarded', 'The message was dropped by its writer.');
    this.#outbox.discard(clientId, error);
    this.#changed();
  }

  async history(range: HistoryRange = {}, limit = PAGE): Promise<HistoryPage> {
    return await this.#api.messages(range, limit);
  }

  timeline(): Timeline {
    return new RoomTimeline(this.#api, this.#tail);
  }

  leave(): void {
    if (this.#left) return;
    this.#left = true;
    this.#on.leave(this);
    this.end(new ParlorClientError('closed', 'The room was left. Enter it again to send.'));
  }

  /** The client ends, or the room was left. */
  end(error: ParlorClientError): void {
    this.#over = error;
    this.#replay.stop();
    this.#delivery.lost();
    this.#subscribed = false;
    this.#tail.keepNow();
    this.#outbox.abandon(error);
    this.#cancelPatience?.();
    this.#changed();
  }

  /**
   * The open socket is in the room.
   *
   * @param head the newest seq, where it was told
   */
  subscribed(head?: number): void {
    this.#subscribed = true;
    this.#everSubscribed = true;
    if (this.#loaded) this.#catchUp(head);
    this.#changed();
  }

  lost(): void {
    this.moved();
    this.#replay.stop();
    this.#changed();
  }

  /** There is a fresh socket in the place of the one that served until now. */
  moved(): void {
    this.#subscribed = false;
    this.#caughtUp = false;
    this.#delivery.lost();
  }

  receive(events: readonly LogEvent[]): void {
    this.#take(events);
    if (this.#feed.gap) this.#replay.run();
  }

  acknowledged(ack: Extract<Frame, { type: 'ack' }>): void {
    this.#outbox.settle(ack, this.#feed.started && ack.seq <= this.#feed.upTo);
    this.heard(ack.seq);
    this.#changed();
    this.#delivery.settled(ack.clientId);
  }

  /** A message of this room, or something else that is not known by now, was refused. */
  refusedMessage(clientId: string, error: ParlorClientError): void {
    this.#delivery.refused(clientId, error);
  }

  /** The room's newest seq was told: if its events don't come in a moment, they are fetched. */
  heard(head: number): void {
    this.#feed.expect(head);
    if (!this.#feed.hole || this.#cancelPatience) return;
    this.#cancelPatience = this.#on.platform.after(this.#on.timing.patience, () => {
      this.#cancelPatience = undefined;
      if (this.#feed.hole && this.#subscribed) this.#replay.run();
    });
  }

  /** The server won't have us here. */
  refuse(error: ParlorClientError): void {
    if (this.#on.sessionOver(error) || this.#refusal) return;
    this.#refusal = error;
    this.#replay.stop();
    this.#outbox.failAll(error);
    this.#changed();
  }

  async #load(after: number | undefined): Promise<void> {
    const cached = await this.#on.store.loadRoom(this.name);
    if (cached) this.#beginAt(cached.upTo, cached.messages);
    else if (after !== undefined) this.#beginAt(after, []);
    const entries = await this.#on.adopted;
    if (this.#left) return;
    this.#outbox.adopt(entries.filter(({ room }) => room === this.name));
    this.#loaded = true;
    if (this.#subscribed) this.#catchUp();
    // Shown while the socket is being opened.
    else if (!this.#feed.started) this.#replay.prepare();
    this.#changed();
  }

  #catchUp(head?: number): void {
    if (head !== undefined && this.#feed.started && head === this.#feed.upTo) {
      this.#nothingMissing();
    } else this.#replay.run();
  }

  #nothingMissing(): void {
    this.#caughtUp = true;
    // A head that was told while the page was on its way.
    this.heard(0);
    this.#changed();
    this.#delivery.flush();
  }

  /** The server does not have the connection in the room. */
  rejoin(): void {
    this.#subscribed = false;
    this.#caughtUp = false;
    this.#on.join(this);
  }

  #begin(messages: readonly Message[]): void {
    this.#beginAt(messages.at(-1)?.seq ?? 0, messages);
  }

  #reset(reason: RoomEvents['reset']['reason'], messages: readonly Message[]): void {
    if (reason === 'foreign') {
      this.#feed.forget();
      void this.#on.store.forgetRoom(this.name);
    }
    this.#begin(messages);
    this.#emitter.emit('reset', { reason, upTo: this.#feed.upTo });
  }

  #beginAt(upTo: number, messages: readonly Message[]): void {
    const held = this.#feed.start(upTo);
    for (const message of messages) this.#settleOwn(message);
    this.#tail.replace(messages, upTo);
    this.#show(held);
    this.#changed();
  }

  #take(events: readonly LogEvent[]): void {
    this.#show(this.#feed.add(events));
  }

  #show(events: readonly LogEvent[]): void {
    if (events.length === 0) return;
    const messages = events.flatMap(({ message }) => message ?? []);
    for (const message of messages) this.#settleOwn(message);
    this.#tail.grow(messages, this.#feed.upTo);
    this.#changed();
    for (const message of messages) this.#emitter.emit('message', message);
  }

  #settleOwn(message: Message): void {
    const draft = this.#outbox.find(message.clientId);
    if (!draft || !this.#on.isMe(message.sender)) return;
    this.#outbox.settle(message, true);
    this.#delivery.settled(message.clientId);
  }

  #status(): RoomStatus {
    if (this.#left) return 'left';
    if (this.#refusal) return 'refused';
    if (!this.#subscribed) return this.#everSubscribed ? 'offline' : 'joining';
    return this.#caughtUp ? 'live' : 'catching-up';
  }

  #changed(): void {
    const lastMessage = this.#tail.messages?.at(-1);
    this.#state = {
      status: this.#status(),
      ...(this.#refusal && { error: this.#refusal }),
      upTo: this.#feed.upTo,
      ...(lastMessage && { lastMessage }),
      pending: this.#outbox.pending,
    };
    this.#emitter.emit('state', this.#state);
  }
}
