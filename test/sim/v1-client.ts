import type { Timing } from '../../client/options.ts';
import type { Message, Parlor, Room } from '../../client/types.ts';
import { type Checks, markerOf } from './checks.ts';
import type { Cloud } from './cloud.ts';
import { type SimulatedFrame, tokenOf } from './functions.ts';
import type { Socket } from './gateway.ts';
import { Shown } from './shown.ts';
import { FOREVER_MS, simPlatform } from './sim-platform.ts';
import { SimStore, WRITE_MS } from './sim-store.ts';
import { strikes, tokenLifetime, type World } from './world.ts';

export interface ClientOptions {
  userId: string;
  /** Which of the user's tabs it is. */
  tab: string;
  rooms: readonly string[];
  pings: boolean;
}

export const PING_EVERY_MS = 20_000;
export const PONG_WITHIN_MS = 8_000;
export const MAX_BACKOFF_MS = 5_000;
const ACK_MS = 5_000;
/** What was written so long before a reload is on the disk, behind what was to be written before. */
const KEPT_WITHIN_MS = 20 * WRITE_MS;

/** A person's tab: an application on the client of client/, which may be reloaded. */
export class V1Client {
  readonly name: string;
  readonly options: ClientOptions;
  readonly shown: ReadonlyMap<string, Shown>;
  /** Rooms that it has left. */
  readonly left = new Set<string>();
  /** How often a message had to be sent again. */
  resent = 0;
  /** The open socket. */
  socket: Socket | undefined;
  readonly #world: World;
  readonly #cloud: Cloud;
  readonly #checks: Checks;
  readonly #store: SimStore;
  readonly #sent = new Set<string>();
  /** What was said: its room, and when. */
  readonly said = new Map<string, { room: string; at: number }>();
  #chat: Parlor | undefined;
  #rooms = new Map<string, Room>();
  #lives = 0;
  #count = 0;

  constructor(world: World, cloud: Cloud, checks: Checks, options: ClientOptions) {
    this.#world = world;
    this.#cloud = cloud;
    this.#checks = checks;
    this.options = options;
    this.name = `${options.userId}/${options.tab}`;
    this.#store = new SimStore(world);
    this.shown = new Map(
      options.rooms.map((room) => [room, new Shown(world, checks, this.name, room)]),
    );
  }

  /** How many messages wait to be stored. */
  waiting(room: string): number {
    return this.#rooms.get(room)?.state.pending.length ?? 0;
  }

  connect(): void {
    const life = ++this.#lives;
    const mine = () => life === this.#lives;
    this.#rooms = new Map();
    const chat = this.#cloud.code.client.connect({
      url: 'https://chat.example.com',
      token: () => this.#token(),
      username: this.options.userId,
      // A page that was reloaded does nothing any more, whatever it was waiting for.
      store: this.#store.forLife(mine),
      timing: this.#timing(),
      platform: simPlatform(this.#cloud, this.#checks, `${this.name}.${life}`, {
        alive: mine,
        opened: (socket) => this.#opened(socket),
        sent: (_, frame) => this.#noteSent(frame),
        heard: (_, text) => this.#noteHeard(text),
      }),
    });
    this.#chat = chat;
    chat.on('error', ({ code }) => this.#world.trace(this.name, () => `is told ${code}`));
    // The newest is the home of the socket.
    for (const name of this.options.rooms.toReversed()) {
      if (!this.left.has(name)) this.#enter(chat, name, mine);
    }
  }

  get isOpen(): boolean {
    return this.#chat !== undefined;
  }

  /** The page is loaded anew. */
  reload(): void {
    if (!this.isOpen) return;
    this.close();
    this.connect();
  }

  /** The page is closed: what was in memory is gone, what the store has is not. */
  close(): void {
    if (!this.isOpen) return;
    this.#world.trace(this.name, () => 'closes its page');
    this.#chat = undefined;
    this.#rooms = new Map();
    // What could not be sent is sent by the next page, which does so for the first time.
    this.#sent.clear();
    this.resent = 0;
    this.#lives++;
    if (this.socket) this.#cloud.disconnect(this.socket, false);
    this.socket = undefined;
    for (const [content, { at }] of this.said) {
      if (at > this.#world.timeline.now - KEPT_WITHIN_MS) this.said.delete(content);
    }
    for (const [room, shown] of this.shown) shown.cutTo(this.#store.roomUpTo(room));
  }

  /** Says something in a room, once or as often as it takes. */
  say(room: string, text: string): void {
    const count = ++this.#count;
    const entered = this.#rooms.get(room);
    if (!entered || this.left.has(room)) return;
    const content = `${markerOf(room)} ${this.name} ${text} ${count}`;
    this.said.set(content, { room, at: this.#world.timeline.now });
    entered.send(content).then(
      ({ clientId, seq }) => this.#checks.acknowledged(room, this.options.userId, clientId, seq),
      // Closed, or removed from the room: nobody was promised anything.
      () => undefined,
    );
  }

  /** The page is closed for what it could not send: that may be stored or not. */
  giveUp(): void {
    for (const room of this.#rooms.values()) {
      for (const { clientId } of room.state.pending) room.discard(clientId);
    }
    this.gaveUp = true;
  }

  gaveUp = false;

  /** Leaves a room, for good. */
  leave(room: string): void {
    this.left.add(room);
    this.#rooms.get(room)?.leave();
  }

  #enter(chat: Parlor, name: string, mine: () => boolean): void {
    const room = chat.room(name, { after: 0 });
    this.#rooms.set(name, room);
    room.on('message', (message) => {
      if (mine()) this.#show(name, message);
    });
    room.on('reset', ({ reason, upTo }) => {
      if (!mine()) return;
      if (reason === 'expired') return this.shown.get(name)?.passOver(upTo);
      this.#world.violated('who follows the protocol is not refused', `${this.name}: ${reason}`);
    });
  }

  #show(room: string, message: Message): void {
    const shown = this.shown.get(room);
    const earlier = shown?.events.findLast(({ content }) => this.#numberOf(content) !== undefined);
    if ((this.#numberOf(message.content) ?? Infinity) < (this.#numberOf(earlier?.content) ?? 0)) {
      this.#world.violated(
        'one’s own messages stand in the order of writing',
        `${message.content} comes after ${earlier?.content}`,
      );
    }
    shown?.show(message);
  }

  /** The number of a message that this tab has said. */
  #numberOf(content = ''): number | undefined {
    return this.said.has(content) ? Number(content.split(' ').at(-1)) : undefined;
  }

  async #token(): Promise<string> {
    const { timeline, random } = this.#world;
    // Nobody has a fresh one at hand, now and then.
    if (this.#world.faulty && this.socket && random.chance(0.3)) throw new Error('no token');
    const now = timeline.now;
    const { userId } = this.options;
    const login = this.#world.profile.logins ? `login of ${userId}` : undefined;
    return tokenOf(userId, now, Math.round(now + tokenLifetime(this.#world)), login);
  }

  #timing(): Partial<Timing> {
    const { random, profile } = this.#world;
    const calm = profile.kind === 'calm';
    return {
      heartbeat: this.options.pings ? PING_EVERY_MS : FOREVER_MS,
      answer: PONG_WITHIN_MS,
      ack: strikes(this.#world, 0.2) ? ACK_MS / 10 : ACK_MS,
      backoffMin: 250,
      backoffMax: MAX_BACKOFF_MS,
      tokenSpare: 2_000,
      socketLife: random.chance(0.3) && !calm ? random.between(3_000, 15_000) : FOREVER_MS,
      // Where nothing fails, whatever is stored must come by itself.
      patience: calm ? FOREVER_MS : 1_000,
    };
  }

  #opened(socket: Socket): void {
    this.#world.trace(this.name, () => `is open as ${socket.id}`);
    this.socket = socket;
  }

  #noteSent(frame: SimulatedFrame): void {
    if (frame.action === 'auth' && this.#world.profile.logins) {
      this.#world.violated('a socket of a login needs no fresh token', this.name);
    }
    if (frame.action !== 'sendMessage') return;
    const { clientId } = frame;
    if (this.#sent.has(clientId)) this.resent++;
    this.#sent.add(clientId);
  }

  #noteHeard(text: string): void {
    const { type, code, room, clientId, seq } = JSON.parse(text);
    if (type === 'ack') this.#checks.acknowledged(room, this.options.userId, clientId, seq);
    if (type === 'left' && this.socket) this.#checks.isOut(this.socket.id, room);
    if (type !== 'error') return;
    this.#world.trace(this.name, () => `is told ${code}`);
    if (UNDESERVED.has(code) && !this.#checks.outcasts.has(this.options.userId)) {
      this.#world.violated('who follows the protocol is not refused', `${this.name}: ${code}`);
    }
  }
}

/** What can't happen to a client that does what it is told to. */
const UNDESERVED = new Set([
  'after_beyond_head',
  'client_id_reused',
  'invalid_field',
  'wrong_user',
]);
