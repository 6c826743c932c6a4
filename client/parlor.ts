import { ROOMS_PER_CONNECTION } from '../protocol/limits.ts';
import { restAddress, socketAddress } from './address.ts';
import { Emitter, type Listener, type Unsubscribe } from './emitter.ts';
import { asClientError, ParlorClientError } from './errors.ts';
import { JoinedRoom, type RoomDependencies } from './joined-room.ts';
import { Joins } from './joins.ts';
import { Link } from './link.ts';
import { memoryStore } from './memory-store.ts';
import { type ConnectOptions, TIMING } from './options.ts';
import { type Frame, textOf } from './parse.ts';
import { standardPlatform } from './platform.ts';
import { ROOM_REFUSED, TOKEN_ENDS } from './refusals.ts';
import { Rest } from './rest.ts';
import { RoomApi } from './room-api.ts';
import { Tokens } from './tokens.ts';
import type { ConnectionState, Parlor, ParlorEvents, Room, RoomOptions } from './types.ts';
import { Unsent } from './unsent.ts';
import { type WithStore, withStore } from './with-store.ts';

/**
 * Connects a person to a chat. Nothing is opened before the first room is asked for.
 *
 * @example
 * const chat = connect({ url: 'https://chat.example.com', token: () => freshToken() });
 * const lobby = chat.room('lobby');
 * lobby.on('message', ({ sender, content }) => console.log(`${sender}: ${content}`));
 * const { seq } = await lobby.send('hello'); // stored, for good
 *
 * @throws ParlorClientError `invalid_field` when an address can't be used; `no_websocket` where there
 *   is none, as in Node before 22
 */
export function connect(options: ConnectOptions): Parlor {
  return new Client(options);
}

class Client implements Parlor {
  readonly rest: Rest;
  readonly #emitter = new Emitter<ParlorEvents>();
  readonly #withStore: WithStore;
  readonly #link: Link;
  readonly #joins: Joins;
  readonly #rooms = new Map<string, JoinedRoom>();
  readonly #unsent: Unsent;
  /** What all rooms share. */
  readonly #shared: RoomDependencies;
  #username: string | undefined;
  #closing: Promise<unknown> | undefined;

  constructor(options: ConnectOptions) {
    if (!(globalThis.WebSocket || options.platform?.openSocket)) throw noWebSocket();
    const surroundings = {
      platform: { ...standardPlatform, ...options.platform },
      timing: { ...TIMING, ...options.timing },
    };
    const store = options.store ?? memoryStore();
    this.#withStore = withStore(store, surroundings, (error) => this.#tell(error));
    this.#unsent = new Unsent(this.#withStore);
    const tokens = new Tokens(options.token, surroundings);
    this.rest = new Rest(restAddress(options.url), tokens, surroundings);
    this.#username = options.username;
    this.#link = new Link(
      {
        ...surroundings,
        tokens,
        home: (attempt) => this.#home(attempt)?.name,
        address: socketAddress(options),
        ticket: this.#ticketSource(options.ticket),
        probe: (room) => new RoomApi(this.rest, room).messages({}, 1),
      },
      {
        state: (state) => this.#told(state),
        opened: (home) => this.#enter(home),
        lost: () => this.#lost(),
        frame: (frame) => this.#receive(frame),
        homeRefused: (room, error) => this.#rooms.get(room)?.refuse(error),
      },
    );
    this.#joins = new Joins(this.#link, surroundings);
    this.#shared = {
      rest: this.rest,
      withStore: this.#withStore,
      ...surroundings,
      link: this.#link,
      joins: this.#joins,
      unsent: this.#unsent,
      isMe: (sender) => this.#username === undefined || same(sender, this.#username),
      leave: (room) => this.#leave(room),
    };
    void this.#enterForUnsent();
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
    const room = new JoinedRoom(key, this.#shared, options);
    this.#rooms.set(key, room);
    if (this.state.status === 'online') void this.#joins.join(room);
    else this.#link.start();
    return room;
  }

  async whoAmI(): Promise<string> {
    this.#username ??= textOf(await this.rest.get('/api/me/'), 'username');
    return this.#username;
  }

  async close(): Promise<void> {
    this.#link.close();
    this.#closing ??= this.#withStore((store) => store.close());
    await this.#closing;
    this.#emitter.clear();
  }

  /** What an earlier client left is sent, also where the application does not enter the room. */
  async #enterForUnsent(): Promise<void> {
    await this.#unsent.known;
    for (const room of this.#unsent.rooms) {
      try {
        this.room(room);
      } catch (error) {
        // Too many rooms, or closed: the next client adopts what is left.
        this.#tell(asClientError(error));
      }
    }
  }

  /** The newest room; after a failure another one, for it may be that room's own. */
  #home(attempt: number): JoinedRoom | undefined {
    const wanted = [...this.#rooms.values()].filter((room) => room.wanted).reverse();
    return wanted[attempt % wanted.length];
  }

  #told(state: ConnectionState): void {
    if (state.status === 'closed') {
      for (const room of this.#rooms.values()) room.end(state.error ?? closed());
      this.#rooms.clear();
    } else if (state.status === 'offline') {
      // An attempt failed; where a connection was lost, they hear of it next.
      for (const room of this.#rooms.values()) room.changed();
    }
    this.#emitter.emit('state', state);
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
    this.#joins.joinAll(others.reverse());
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
    for (const room of this.#rooms.values()) room.heard(heads.get(room.name));
    // It was told that we left, but did not hear it.
    for (const name of heads.keys()) if (!this.#rooms.has(name)) this.#joins.leave(name);
  }

  #refused({ ref, room, error }: Extract<Frame, { type: 'error' }>): void {
    if (ROOM_REFUSED.has(error.code)) {
      if (room !== undefined) this.#rooms.get(room)?.refuse(error);
      // It does not say from which room: the heads do.
      else this.#link.ping();
    } else if (ref !== undefined) {
      for (const each of this.#rooms.values()) each.refusedMessage(ref, error);
    } else if (!TOKEN_ENDS.has(error.code)) {
      // A token that ends is renewed.
      this.#tell(error);
    }
  }

  #lost(): void {
    this.#joins.lost();
    for (const room of this.#rooms.values()) room.lost();
  }

  #ticketSource(ticket: ConnectOptions['ticket']): (() => Promise<string>) | undefined {
    if (typeof ticket === 'function') return ticket;
    if (ticket !== true) return undefined;
    return async () => textOf(await this.rest.send('POST', '/api/tickets/'), 'ticket');
  }

  #tell(error: ParlorClientError): void {
    this.#emitter.emit('error', error);
  }
}

/** What can't be one part of an address: nothing, dots that lead elsewhere, a slash, half a pair. */
const NO_NAME = /^\.{0,2}$|\/|\p{Cs}/u;

/** In the form in which the server names it; whether it is allowed is for the server to say. */
function roomName(name: string): string {
  const normal = name.normalize('NFKC');
  if (!NO_NAME.test(normal)) return normal;
  throw new ParlorClientError('room_name_invalid', 'No room has this name. Choose another one.');
}

const same = (a: string, b: string) =>
  a.normalize('NFKC').toLowerCase() === b.normalize('NFKC').toLowerCase();

const noWebSocket = () =>
  new ParlorClientError('no_websocket', 'There is no WebSocket here. Use Node 22 or newer.');

const closed = () => new ParlorClientError('closed', 'The client was closed. Connect a new one.');
