import { strikes, type World } from './world.ts';

export interface OutboxPorts {
  /** The seq up to which the client has the room's events. */
  have(): number;
  /** Whether the client is in the room and has replayed what it missed. */
  caughtUp(): boolean;
  send(message: { clientId: string; content: string; after: number }): void;
}

interface Message {
  clientId: string;
  content: string;
  after: number | undefined;
}

const ANSWER_MS = 5_000;
const LOOK_EVERY_MS = 300;

/** A client's messages to one room: one at a time, again until it is stored. */
export class Outbox {
  readonly #world: World;
  readonly #name: string;
  readonly #ports: OutboxPorts;
  #waiting: Message[] = [];
  #count = 0;
  #attempt = 0;
  /** How often a message had to be sent again. */
  resent = 0;

  constructor(world: World, name: string, ports: OutboxPorts) {
    this.#world = world;
    this.#name = name;
    this.#ports = ports;
  }

  get size(): number {
    return this.#waiting.length;
  }

  add(content: string): void {
    const clientId = `${this.#name}#${++this.#count}`;
    this.#waiting.push({ clientId, content: `${content} ${this.#count}`, after: undefined });
    if (this.#waiting.length === 1) this.#send();
  }

  /** The page is closed: what was not acknowledged may be stored or not. */
  clear(): void {
    this.#waiting = [];
    this.#attempt++;
  }

  connected(): void {
    if (this.#waiting.length > 0) this.#send();
  }

  /** By the server's answer, or by seeing the message in the room. */
  acknowledged(clientId: string): void {
    if (this.#waiting[0]?.clientId !== clientId) return;
    this.#waiting.shift();
    this.#attempt++;
    if (this.#waiting.length > 0) this.#send();
  }

  #send(): void {
    const [message] = this.#waiting;
    if (!message) return;
    const attempt = ++this.#attempt;
    const again = (ms: number) =>
      this.#world.timeline.in(ms, () => attempt === this.#attempt && this.#send());
    if (!this.#ports.caughtUp()) {
      again(LOOK_EVERY_MS);
      return;
    }
    if (message.after !== undefined) this.resent++;
    // Where it began, or as far as it has looked since: both are right.
    const moves = message.after === undefined || this.#world.random.chance(0.5);
    message.after = moves ? this.#ports.have() : (message.after ?? 0);
    this.#ports.send({ ...message, after: message.after });
    again(strikes(this.#world, 0.2) ? ANSWER_MS / 10 : ANSWER_MS);
  }
}
