import { messageOf } from '../../features/messages/rules.ts';
import { type Checks, markerOf } from './checks.ts';
import type { Cloud } from './cloud.ts';

const RETRY_MS = 1_000;
const FUNCTION_MS = 29_000;

/** A program that writes by POST /api/rooms/{room}/messages/, with an Idempotency-Key. */
export class ApiWriter {
  readonly name: string;
  /** Messages that are not answered yet. */
  waiting = 0;
  readonly #cloud: Cloud;
  readonly #checks: Checks;
  #count = 0;
  #givenUp = false;

  constructor(cloud: Cloud, checks: Checks, name: string) {
    this.#cloud = cloud;
    this.#checks = checks;
    this.name = name;
  }

  say(room: string): void {
    const clientId = `${this.name}#${++this.#count}`;
    this.waiting++;
    this.#post(room, clientId, `${markerOf(room)} ${this.name} posts ${this.#count}`);
  }

  giveUp(): void {
    this.#givenUp = true;
    this.waiting = 0;
  }

  #post(room: string, clientId: string, content: string): void {
    const { world, code } = this.#cloud;
    const author = { userId: this.name, sender: this.name };
    this.#cloud.invoke(
      'post',
      FUNCTION_MS,
      undefined,
      (ports) =>
        code.publishAndWait(ports, { room, clientId, ...author, ...messageOf({ content }) }),
      (outcome) => {
        if (this.#givenUp) return;
        if ('error' in outcome) {
          world.timeline.in(RETRY_MS, () => this.#givenUp || this.#post(room, clientId, content));
          return;
        }
        this.#checks.acknowledged(room, this.name, clientId, outcome.value.event.seq);
        this.waiting--;
      },
    );
  }
}
