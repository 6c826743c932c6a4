import type { ServerFrame } from '../../protocol/frames.ts';
import type { Checks } from './checks.ts';
import { markerOf } from './checks.ts';
import type { Cloud } from './cloud.ts';
import { Feed } from './feed.ts';
import { tokenOf } from './functions.ts';
import type { Socket } from './gateway.ts';
import { Outbox } from './outbox.ts';
import { tokenLifetime, type World } from './world.ts';

export interface ClientOptions {
  userId: string;
  /** Which of the user's tabs it is. */
  tab: string;
  /** The first is that of the URL, the others are joined. */
  rooms: readonly string[];
  pings: boolean;
  /** The mistake of replaying before subscribing. */
  replaysFirst: boolean;
}

export const PING_EVERY_MS = 20_000;
export const PONG_WITHIN_MS = 8_000;
export const MAX_BACKOFF_MS = 5_000;

/** A client that follows PROTOCOL.md. */
export class V1Client {
  readonly name: string;
  readonly options: ClientOptions;
  readonly feeds: ReadonlyMap<string, Feed>;
  readonly outboxes: ReadonlyMap<string, Outbox>;
  /** Rooms that it has left. */
  readonly left = new Set<string>();
  readonly #world: World;
  readonly #cloud: Cloud;
  readonly #checks: Checks;
  #socket: Socket | undefined;
  #open = false;
  #failures = 0;
  #frames = 0;
  #pingSent: string | undefined;
  #subscribed = new Set<string>();

  constructor(world: World, cloud: Cloud, checks: Checks, options: ClientOptions) {
    this.#world = world;
    this.#cloud = cloud;
    this.#checks = checks;
    this.options = options;
    this.name = `${options.userId}/${options.tab}`;
    this.feeds = new Map(options.rooms.map((room) => [room, this.#feedOf(room)]));
    this.outboxes = new Map(options.rooms.map((room) => [room, this.#outboxOf(room)]));
  }

  get socket(): Socket | undefined {
    return this.#open ? this.#socket : undefined;
  }

  connect(): void {
    const { timeline } = this.#world;
    const { userId, rooms } = this.options;
    const [room = ''] = rooms;
    const tokenExpiresAt = Math.round(timeline.now + tokenLifetime(this.#world));
    const handshake = { userId, room, dialect: 'v1' as const, tokenExpiresAt };
    const mine = () => this.#socket === socket;
    const socket = this.#cloud.connect(handshake, {
      onOpen: () => mine() && this.#opened(),
      onFrame: (text) => mine() && this.#heard(JSON.parse(text)),
      onClose: () => mine() && this.#closed(),
    });
    this.#socket = socket;
    this.#checks.asks(socket.id, userId, room);
    timeline.in(HANDSHAKE_MS, () => mine() && !this.#open && this.#drop());
  }

  /** Says something in a room, once or as often as it takes. */
  say(room: string, text: string): void {
    this.outboxes.get(room)?.add(`${markerOf(room)} ${this.name} ${text}`);
  }

  /** Leaves a room that it joined, for good. */
  leave(room: string): void {
    this.left.add(room);
    this.outboxes.get(room)?.clear();
    this.#leave(room, this.#socket);
  }

  #leave(room: string, socket: Socket | undefined): void {
    if (socket === undefined || socket !== this.#socket || !this.#subscribed.has(room)) return;
    this.#send({ action: 'leave', room, id: this.#frameId() });
    this.#world.timeline.in(ANSWER_MS, () => this.#leave(room, socket));
  }

  #opened(): void {
    const [home = '', ...others] = this.options.rooms;
    this.#world.trace(this.name, () => `is open as ${this.#socket?.id}`);
    this.#open = true;
    this.#failures = 0;
    this.#subscribe(home);
    for (const room of others) this.#joinLater(room);
    this.#pingLater(this.#socket);
  }

  #joinLater(room: string): void {
    const feed = this.feeds.get(room);
    if (this.options.replaysFirst && feed) {
      feed.catchUp();
      this.#world.timeline.in(1_500, () => this.#join(room, this.#socket));
      return;
    }
    this.#join(room, this.#socket);
  }

  #join(room: string, socket: Socket | undefined): void {
    if (socket === undefined || socket !== this.#socket || this.#subscribed.has(room)) return;
    if (this.left.has(room)) return;
    this.#checks.asks(socket.id, this.options.userId, room);
    this.#send({ action: 'join', room, id: this.#frameId() });
    this.#world.timeline.in(ANSWER_MS, () => this.#join(room, socket));
  }

  #subscribe(room: string): void {
    this.#subscribed.add(room);
    if (!this.options.replaysFirst || room === this.options.rooms[0])
      this.feeds.get(room)?.catchUp();
    this.outboxes.get(room)?.connected();
  }

  #pingLater(socket: Socket | undefined): void {
    const { timeline } = this.#world;
    if (!this.options.pings) return;
    timeline.in(PING_EVERY_MS, () => {
      if (socket !== this.#socket || !this.#open) return;
      const id = this.#frameId();
      this.#pingSent = id;
      this.#send({ action: 'ping', id });
      timeline.in(PONG_WITHIN_MS, () => {
        if (socket === this.#socket && this.#pingSent === id) this.#drop();
      });
      this.#pingLater(socket);
    });
  }

  #heard(frame: ServerFrame | { message: string }): void {
    if (!('type' in frame)) return;
    switch (frame.type) {
      case 'chat_message':
        if ('seq' in frame) this.feeds.get(frame.room)?.live([frame]);
        return;
      case 'events':
        this.feeds.get(frame.room)?.live(frame.events);
        return;
      case 'joined':
        this.#subscribe(frame.room);
        if (this.left.has(frame.room)) this.#leave(frame.room, this.#socket);
        return;
      case 'left':
        this.#subscribed.delete(frame.room);
        if (this.#socket) this.#checks.isOut(this.#socket.id, frame.room);
        return;
      case 'pong':
        this.#pingSent = undefined;
        for (const { room, head } of frame.heads) this.feeds.get(room)?.heard(head);
        return;
      case 'ack':
        this.#checks.acknowledged(frame.room, this.options.userId, frame.clientId, frame.seq);
        this.outboxes.get(frame.room)?.acknowledged(frame.clientId);
        return;
      case 'error':
        this.#refused(frame.code, frame.ref);
    }
  }

  #refused(code: string, ref: string | undefined): void {
    // The answer to a second attempt at leaving: the first one's was lost.
    if (code === 'not_joined') for (const room of this.left) this.#subscribed.delete(room);
    this.#world.trace(this.name, () => `is told ${code} ${ref ?? ''}`);
    if (code === 'token_expiring') {
      // Every other one has no fresh token at hand.
      if (!this.#socket || this.#world.random.chance(0.5)) return;
      const until = Math.round(this.#world.timeline.now + tokenLifetime(this.#world));
      const token = tokenOf(this.options.userId, until);
      this.#send({ action: 'auth', id: this.#frameId(), token });
    } else if (code === 'connection_gone' || code === 'token_expired') {
      this.#drop();
    } else if (UNDESERVED.has(code) && !this.#checks.outcasts.has(this.options.userId)) {
      this.#world.violated('who follows the protocol is not refused', `${this.name}: ${code}`);
    }
  }

  #send(frame: Parameters<Cloud['frame']>[1]): void {
    if (this.#socket && this.#open) this.#cloud.frame(this.#socket, frame);
  }

  #frameId(): string {
    return `${this.name}:${++this.#frames}`;
  }

  /** Gives the connection up from this side. */
  #drop(): void {
    if (this.#socket) this.#cloud.disconnect(this.#socket, false);
    this.#closed();
  }

  #closed(): void {
    this.#world.trace(this.name, () => 'is closed');
    this.#socket = undefined;
    this.#open = false;
    this.#pingSent = undefined;
    this.#subscribed = new Set();
    const backoff = Math.min(MAX_BACKOFF_MS, 250 * 2 ** this.#failures++);
    this.#world.timeline.in(this.#world.random.between(backoff / 2, backoff), () => this.connect());
  }

  #feedOf(room: string): Feed {
    return new Feed({
      replay: (after, onEnd) => this.#cloud.replay(room, after, onEnd),
      later: (ms, action) => this.#world.timeline.in(ms, action),
      arrived: (event) => this.outboxes.get(room)?.acknowledged(event.clientId),
      changed: (seq) =>
        this.#world.violated(
          'a seq never changes its event',
          `${this.name} sees ${seq} of ${room}`,
        ),
    });
  }

  #outboxOf(room: string): Outbox {
    return new Outbox(this.#world, `${this.name}@${room}`, {
      have: () => this.feeds.get(room)?.have ?? 0,
      caughtUp: () => this.#subscribed.has(room) && this.feeds.get(room)?.replaying === false,
      send: (message) =>
        this.#send({ action: 'sendMessage', room, id: this.#frameId(), ...message }),
    });
  }
}

const HANDSHAKE_MS = 10_000;
const ANSWER_MS = 5_000;

/** What can't happen to a client that does what it is told to. */
const UNDESERVED = new Set([
  'after_beyond_head',
  'client_id_reused',
  'invalid_field',
  'wrong_user',
]);
