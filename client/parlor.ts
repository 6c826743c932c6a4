import { ROOMS_PER_CONNECTION } from '../protocol/limits.ts';
import { Emitter, type Listener, type Unsubscribe } from './emitter.ts';
import { ParlorClientError } from './errors.ts';
import { JoinedRoom } from './joined-room.ts';
import { Joins } from './joins.ts';
import { Link, ROOM_REFUSED } from './link.ts';
import { memoryStore } from './memory-store.ts';
import { type ConnectOptions, type Platform, TIMING, type Timing } from './options.ts';
import type { Frame } from './parse.ts';
import { standardPlatform } from './platform.ts';
import { Rest } from './rest.ts';
import { safeStore } from './safe-store.ts';
import type { OutboxEntry, Store } from './store.ts';
import { Tokens } from './tokens.ts';
import type { ConnectionState, Parlor, ParlorEvents, Room, RoomOptions } from './types.ts';

/**
 * Connects a person to a chat. Nothing is opened before the first room is asked for.
 *
 * @example
 * const chat = connect({ url: 'https://chat.example.com', token: () => freshToken() });
 * const lobby = chat.room('lobby');
 * lobby.on('message', ({ sender, content }) => console.log(`${sender}: ${content}`));
 * const { seq } = await lobby.send('hello'); // stored, for good
 *
 * @throws ParlorClientError `invalid_field` when an address can't be used
 */
export function connect(options: ConnectOptions): Parlor {
  return new Client(options);
}

class Client implements Parlor {
  readonly rest: Rest;
  readonly #emitter = new Emitter<ParlorEvents>();
  readonly #platform: Platform;
  readonly #timing: Timing;
  readonly #store: Store;
  readonly #link: Link;
  readonly #joins: Joins;
  readonly #rooms = new Map<string, JoinedRoom>();
  readonly #adopted: Promise<readonly OutboxEntry[]>;
  readonly #socketUrl: (room: string) => string;
  #username: Promise<string> | undefined;
  #knownUsername: string | undefined;
  #order = 0;

  constructor(options: ConnectOptions) {
    this.#platform = { ...standardPlatform, ...options.platform };
    this.#timing = { ...TIMING, ...options.timing };
    this.#store = safeStore(options.store ?? memoryStore(), (error) => this.#tell(error));
    this.#socketUrl = socketAddress(options);
    const tokens = new Tokens(options.token, this.#platform, this.#timing.tokenSpare);
    this.rest = new Rest(options.url, tokens, this.#platform, this.#timing.answer);
    this.#knownUsername = options.username;
    this.#link = new Link(
      {
        platform: this.#platform,
        timing: this.#timing,
        tokens,
        home: () => this.#newestRoom()?.name,
        address: this.#socketUrl,
        ticket: this.#ticketSource(options.ticket),
        probe: (room) => this.rest.get(`/api/rooms/${encodeURIComponent(room)}/messages/?limit=1`),
      },
      {
        state: (state) => this.#emitter.emit('state', state),
        opened: (home) => this.#enter(home),
        lost: () => this.#lost(),
        frame: (frame) => this.#receive(frame),
        homeRefused: (room, error) => this.#rooms.get(room)?.refuse(error),
      },
    );
    this.#joins = new Joins(this.#link, this.#platform, this.#timing);
    this.#adopted = this.#adopt();
  }

  get state(): ConnectionState {
    return this.#link.state;
  }

  on<K extends keyof ParlorEvents>(event: K, listener: Listener<ParlorEvents[K]>): Unsubscribe {
    return this.#emitter.on(event, listener);
  }

  room(name: string, options: RoomOptions = {}): Room {
    if (this.state.status === 'closed') throw closed();
    const key = roomName(name);
    const known = this.#rooms.get(key);
    if (known) return known;
    if (this.#rooms.size >= ROOMS_PER_CONNECTION) {
      throw new ParlorClientError(
        'too_many_rooms',
        `One client can be in ${ROOMS_PER_CONNECTION} rooms. Leave one first.`,
      );
    }
    const room = this.#newRoom(key, options);
    this.#rooms.set(key, room);
    if (this.state.status === 'online') void this.#joins.join(room);
    else this.#link.start();
    return room;
  }

  async whoAmI(): Promise<string> {
    if (this.#knownUsername !== undefined) return this.#knownUsername;
    this.#username ??= this.rest
      .get<{ username?: unknown }>('/api/me/')
      .then(({ username }) => {
        this.#knownUsername = String(username);
        return this.#knownUsername;
      })
      .finally(() => {
        this.#username = undefined;
      });
    return await this.#username;
  }

  async close(): Promise<void> {
    this.#link.close();
    for (const room of this.#rooms.values()) room.end(closed());
    this.#rooms.clear();
    await this.#store.close();
    this.#emitter.clear();
  }

  #newRoom(name: string, options: RoomOptions): JoinedRoom {
    return new JoinedRoom(
      name,
      {
        rest: this.rest,
        store: this.#store,
        platform: this.#platform,
        timing: this.#timing,
        adopted: this.#adopted,
        order: () => ++this.#order,
        isMe: (sender) => this.#knownUsername === undefined || same(sender, this.#knownUsername),
        send: (frame) => this.#link.send(frame),
        join: (room) => void this.#joins.join(room),
        leave: (room) => this.#leave(room),
        reconnect: () => this.#link.drop(),
        ping: () => this.#link.ping(),
        renewToken: () => this.#link.renew(),
        sessionOver: (error) => this.#link.sessionOver(error),
      },
      options,
    );
  }

  /** What an earlier client left is sent, also where the application does not enter the room. */
  async #adopt(): Promise<readonly OutboxEntry[]> {
    const entries = await this.#store.adoptOutbox();
    // In a task of its own: a room waits for what this returns.
    this.#platform.after(0, () => {
      for (const { room } of entries) this.#enterForOutbox(room);
    });
    return entries;
  }

  #enterForOutbox(name: string): void {
    try {
      this.room(name);
    } catch (error) {
      // Too many rooms, or closed: the next client adopts what is left.
      if (error instanceof ParlorClientError) this.#tell(error);
      else throw error;
    }
  }

  #newestRoom(): JoinedRoom | undefined {
    return [...this.#rooms.values()].filter(({ wanted }) => wanted).at(-1);
  }

  /** A fresh socket is in its home only: the others are joined, the newest first. */
  #enter(home: string): void {
    this.#joins.lost();
    for (const room of this.#rooms.values()) room.moved();
    const room = this.#rooms.get(home);
    if (room?.wanted) room.subscribed();
    // It was left while the socket was being opened.
    else this.#joins.leave(home);
    const others = [...this.#rooms.values()].filter(({ name }) => name !== home);
    void this.#joins.joinAll(others.reverse());
  }

  #leave(room: JoinedRoom): void {
    this.#rooms.delete(room.name);
    if (this.#rooms.size === 0) this.#link.rest();
    else this.#joins.leave(room.name);
  }

  #receive(frame: Frame): void {
    if (frame.type === 'pong') this.#compare(frame.heads);
    else if (frame.type === 'error') this.#refused(frame);
    else if (frame.type === 'events') this.#rooms.get(frame.room)?.receive(frame.events);
    else if (frame.type === 'ack') this.#rooms.get(frame.room)?.acknowledged(frame);
  }

  #compare(heads: ReadonlyMap<string, number>): void {
    for (const room of this.#rooms.values()) {
      const head = heads.get(room.name);
      if (head !== undefined) room.heard(head);
      // The server does not have us in it, though we were told so.
      else if (room.isSubscribed) room.rejoin();
    }
  }

  #refused({ ref, room, error }: Extract<Frame, { type: 'error' }>): void {
    if (ref !== undefined) {
      for (const each of this.#rooms.values()) each.refusedMessage(ref, error);
    } else if (room !== undefined && ROOM_REFUSED.has(error.code)) {
      this.#rooms.get(room)?.refuse(error);
    } else if (ROOM_REFUSED.has(error.code)) {
      // It does not say from which room: the heads do.
      this.#link.ping();
    } else this.#tell(error);
  }

  #lost(): void {
    this.#joins.lost();
    for (const room of this.#rooms.values()) room.lost();
  }

  #ticketSource(ticket: ConnectOptions['ticket']): (() => Promise<string>) | undefined {
    if (typeof ticket === 'function') return ticket;
    if (ticket !== true) return undefined;
    return async () => {
      const answer = await this.rest.send<{ ticket?: unknown }>('POST', '/api/tickets/');
      return String(answer.ticket);
    };
  }

  #tell(error: ParlorClientError): void {
    this.#emitter.emit('error', error);
  }
}

/** In the form in which the server names it; whether it is allowed is for the server to say. */
function roomName(name: string): string {
  if (name !== '') return name.normalize('NFKC');
  throw new ParlorClientError('room_name_invalid', 'The room has no name. Give it one.');
}

function socketAddress({ url, socketUrl }: ConnectOptions): (room: string) => string {
  try {
    const stage = socketUrl === undefined ? undefined : new URL(socketUrl);
    const origin = new URL('/', url);
    origin.protocol = origin.protocol.replace('http', 'ws');
    if (!stage) return (room) => new URL(`/ws/chat/${encodeURIComponent(room)}/`, origin).href;
    return (room) => {
      const address = new URL(stage);
      address.searchParams.set('room', room);
      return address.href;
    };
  } catch (error) {
    throw new ParlorClientError(
      'invalid_field',
      '"url" or "socketUrl" is no address. Write them like https://chat.example.com.',
      { cause: error },
    );
  }
}

const same = (a: string, b: string) =>
  a.normalize('NFKC').toLowerCase() === b.normalize('NFKC').toLowerCase();

const closed = () => new ParlorClientError('closed', 'The client was closed. Connect a new one.');
