import { contentProblem } from './content-problem.ts';
import { Delivery } from './delivery.ts';
import { Emitter, type Listener, type Unsubscribe } from './emitter.ts';
import { ParlorClientError } from './errors.ts';
import type { Joins } from './joins.ts';
import type { Link } from './link.ts';
import type { Surroundings } from './options.ts';
import type { Frame, LogEvent } from './parse.ts';
import type { Rest } from './rest.ts';
import { RoomApi } from './room-api.ts';
import { RoomLog } from './room-log.ts';
import type {
  HistoryPage,
  HistoryRange,
  Message,
  MessageExtras,
  Room,
  RoomEvents,
  RoomOptions,
  RoomState,
  RoomStatus,
  RoomTail,
  Stored,
} from './types.ts';
import type { Unsent } from './unsent.ts';
import type { WithStore } from './with-store.ts';

export interface RoomDependencies extends Surroundings {
  rest: Rest;
  withStore: WithStore;
  /** What waits for its room to be entered. */
  unsent: Unsent;
  /** Whether a sender is the person whose client this is, as far as that is known. */
  isMe(sender: string): boolean;
  link: Link;
  joins: Joins;
  leave(room: JoinedRoom): void;
}

/** A room that the client is in: its order, its outbox, and what is known of both. */
export class JoinedRoom implements Room {
  readonly name: string;
  readonly #deps: RoomDependencies;
  readonly #emitter = new Emitter<RoomEvents>();
  readonly #api: RoomApi;
  readonly #log: RoomLog;
  readonly #delivery: Delivery;
  #state: RoomState = { status: 'joining', upTo: 0, pending: [] };
  #loaded = false;
  /** Whether the open socket is in the room. */
  #subscribed = false;
  #caughtUp = false;
  #left = false;
  /** Why nothing can be sent any more. */
  #over: ParlorClientError | undefined;
  #refusal: ParlorClientError | undefined;
  /** Why it is not live yet, although there is a connection. */
  #trouble: ParlorClientError | undefined;

  constructor(name: string, dependencies: RoomDependencies, { after }: RoomOptions) {
    this.name = name;
    this.#deps = dependencies;
    const { rest, timing } = dependencies;
    this.#api = new RoomApi(rest, name);
    const shared = {
      ...dependencies,
      room: name,
      api: this.#api,
      refused: (error: ParlorClientError) => this.refuse(error),
      failed: (error: ParlorClientError) => this.failed(error),
      changed: () => this.changed(),
    };
    this.#log = new RoomLog({
      ...shared,
      // An application that asked for a beginning wants all that follows it.
      maxReplay: after === undefined ? timing.maxReplay : Infinity,
      found: (messages) => this.#delivery.found(messages),
      next: (message) => this.#emitter.emit('message', message),
      change: (change) => this.#emitter.emit('change', change),
      reset: (reason, upTo) => this.#reset(reason, upTo),
      caughtUp: () => this.#nothingMissing(),
    });
    this.#delivery = new Delivery({
      ...shared,
      feed: this.#log.feed,
      ready: () => this.#subscribed && this.#caughtUp,
      replay: () => this.#log.catchUp(),
      rejoin: () => this.#rejoin(),
    });
    void this.#load(after);
  }

  get state(): RoomState {
    return this.#state;
  }

  get tail(): RoomTail {
    return this.#log.tail;
  }

  /** Whether it should be entered when there is a connection. */
  get wanted(): boolean {
    return !this.#left && !this.#refusal;
  }

  on<K extends keyof RoomEvents>(event: K, listener: Listener<RoomEvents[K]>): Unsubscribe {
    return this.#emitter.on(event, listener);
  }

  send(content: string, extras?: MessageExtras): Promise<Stored> {
    const problem = this.#over ?? this.#refusal ?? contentProblem(content);
    return problem ? Promise.reject(problem) : this.#delivery.write(content, extras);
  }

  async edit(
    { seq, version }: Pick<Message, 'seq' | 'version'>,
    content: string,
  ): Promise<Message> {
    const problem = contentProblem(content);
    if (problem) throw problem;
    return await this.#api.edit(seq, content, version ?? seq);
  }

  async delete(seq: number): Promise<Message> {
    return await this.#api.delete(seq);
  }

  retry(clientId: string): void {
    if (!this.#over && !this.#refusal) this.#delivery.retry(clientId);
  }

  discard(clientId: string): void {
    this.#delivery.discard(clientId);
  }

  async history(range: HistoryRange = {}, limit = 50): Promise<HistoryPage> {
    return await this.#api.messages(range, limit);
  }

  catchUp(): void {
    this.#log.retryNow();
  }

  leave(): void {
    if (this.#left) return;
    this.#left = true;
    this.#deps.leave(this);
    this.end(new ParlorClientError('closed', 'The room was left. Enter it again to send.'));
  }

  /** The client ends, or the room was left. */
  end(error: ParlorClientError): void {
    this.#over = error;
    this.moved();
    this.#log.end();
    this.#deps.unsent.leave(this.#delivery.end(error));
    this.changed();
  }

  /** The open socket is in the room. @param head the newest seq, where it was told */
  subscribed(head?: number): void {
    this.#subscribed = true;
    this.#caughtUp = false;
    if (this.#loaded) this.#log.catchUp(head);
    this.changed();
  }

  lost(): void {
    this.moved();
    this.#log.stop();
    this.changed();
  }

  /** There is a fresh socket in the place of the one that served until now. */
  moved(): void {
    const served = this.#subscribed;
    this.#trouble = undefined;
    this.#subscribed = false;
    this.#caughtUp = false;
    this.#delivery.lost();
    // Where the old one served until now, nobody notices.
    if (!served) this.changed();
  }

  /** Something of what `state` tells has changed, maybe the connection. */
  changed(): void {
    this.#state = {
      status: this.#status(),
      error: this.#refusal ?? this.#trouble,
      upTo: this.#log.feed.upTo,
      lastMessage: this.#log.tail.messages?.at(-1),
      pending: this.#delivery.pending,
    };
    this.#emitter.emit('state', this.#state);
  }

  receive(events: readonly LogEvent[]): void {
    if (this.wanted) this.#log.receive(events);
  }

  acknowledged(ack: Extract<Frame, { type: 'ack' }>): void {
    this.heard(ack.seq);
    this.#delivery.acknowledged(ack);
  }

  /** A message of this room, or something else that is not known by now, was refused. */
  refusedMessage(clientId: string, error: ParlorClientError): void {
    this.#delivery.refused(clientId, error);
  }

  /** The room's newest seq was told; undefined: the server does not have us in it. */
  heard(head: number | undefined): void {
    if (head !== undefined) this.#log.heard(head);
    // Though it said that it has.
    else if (this.#subscribed) this.#rejoin();
  }

  /** To enter it, or to read what was missed, failed; that is tried again. */
  failed(error: ParlorClientError): void {
    this.#trouble = error;
    this.changed();
  }

  /** The server won't have us here. */
  refuse(error: ParlorClientError): void {
    if (this.#deps.link.sessionOver(error) || this.#refusal) return;
    this.#refusal = error;
    this.moved();
    this.#log.stop();
    this.#delivery.failAll(error);
    this.changed();
  }

  async #load(after: number | undefined): Promise<void> {
    const { withStore, unsent } = this.#deps;
    const cached = await withStore((store) => store.loadRoom(this.name));
    await unsent.known;
    if (this.#over) return;
    // Before any event is read, or one that settles a message could pass unnoticed.
    this.#delivery.adopt(unsent.take(this.name));
    if (this.#refusal) this.#delivery.failAll(this.#refusal);
    if (cached) this.#log.begin(cached.upTo, cached.messages);
    else if (after !== undefined) this.#log.begin(after, []);
    this.#loaded = true;
    if (this.#subscribed) this.#log.catchUp();
    else this.#log.prepare();
    this.changed();
  }

  #rejoin(): void {
    this.moved();
    void this.#deps.joins.join(this);
  }

  #nothingMissing(): void {
    this.#caughtUp = true;
    this.#trouble = undefined;
    // A head that was told while the page was on its way.
    this.#log.heard(0);
    this.changed();
    this.#delivery.flush();
  }

  #reset(reason: RoomEvents['reset']['reason'], upTo: number): void {
    this.#delivery.skipped(reason === 'foreign' ? Infinity : upTo);
    this.changed();
    this.#emitter.emit('reset', { reason, upTo });
  }

  #status(): RoomStatus {
    const without = this.#over || this.#deps.link.state.status === 'offline';
    if (this.#left) return 'left';
    if (this.#refusal) return 'refused';
    if (!this.#subscribed) return without ? 'offline' : 'joining';
    return this.#caughtUp ? 'live' : 'catching-up';
  }
}
