import { type Checks, markerOf } from './checks.ts';
import type { Cloud } from './cloud.ts';
import type { Socket } from './gateway.ts';
import { tokenLifetime, type World } from './world.ts';

/** A client of the old chat: no seqs, no answers, no retries. It reads what comes. */
export class OldClient {
  readonly name: string;
  readonly room: string;
  /** What came, since the connection opened. */
  seen: string[] = [];
  openedAt = Number.POSITIVE_INFINITY;
  readonly #world: World;
  readonly #cloud: Cloud;
  readonly #checks: Checks;
  #socket: Socket | undefined;

  constructor(world: World, cloud: Cloud, checks: Checks, name: string, room: string) {
    this.#world = world;
    this.#cloud = cloud;
    this.#checks = checks;
    this.name = name;
    this.room = room;
  }

  get socket(): Socket | undefined {
    return this.openedAt <= this.#world.timeline.now ? this.#socket : undefined;
  }

  connect(): void {
    const { timeline, random } = this.#world;
    const authUntil = Math.round(timeline.now + tokenLifetime(this.#world));
    const handshake = { userId: this.name, room: this.room, dialect: 'legacy' as const };
    const socket = this.#cloud.connect(
      { ...handshake, authUntil },
      {
        onOpen: () => {
          this.openedAt = timeline.now;
        },
        onFrame: (text) => {
          const frame = JSON.parse(text);
          if (frame.type === 'chat_message') this.seen.push(frame.content);
        },
        onClose: () => {
          if (this.#socket !== socket) return;
          this.openedAt = Number.POSITIVE_INFINITY;
          this.seen = [];
          timeline.in(random.between(500, 3_000), () => this.connect());
        },
      },
    );
    this.#socket = socket;
    this.#checks.asks(socket.id, this.name, this.room);
  }

  say(text: string): void {
    const message = `${markerOf(this.room)} ${this.name} ${text}`;
    if (this.socket) this.#cloud.frame(this.socket, { action: 'shorthand', message });
  }
}
