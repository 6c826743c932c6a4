import type { GatewayLimits } from './gateway-limits.ts';
import { RefusedError } from './work-queue.ts';

/** What holds back whoever sends. */
export interface Valve {
  pause(): void;
  resume(): void;
}

/** As much as a connection may leave lying here. */
export type FrameLimits = Pick<GatewayLimits, 'framesAtWork' | 'framesWaiting'>;

/**
 * Lets a few frames of one connection be at work at once. When more come, those wait, and go one after
 * the other until none waits: whoever floods takes no more of this process than anybody with one
 * request. Meanwhile no more is read of the socket, so a flood fills its sender's own buffers; what had
 * been read by then waits, or is refused. API Gateway, which has a Lambda for each frame, bounds them by
 * the stage's throttle.
 */
export class FrameQueue {
  readonly #limits: FrameLimits;
  readonly #valve: Valve;
  readonly #waiting: (() => void)[] = [];
  #atWork = 0;
  #paused = false;

  constructor(limits: FrameLimits, valve: Valve) {
    this.#limits = limits;
    this.#valve = valve;
  }

  /**
   * Runs `work` when it is its turn: first come, first served.
   *
   * @throws RefusedError where too many wait; what it throws
   */
  async during(work: () => Promise<void>): Promise<void> {
    if (this.#atWork >= this.#limits.framesAtWork || this.#waiting.length > 0) await this.#turn();
    else this.#atWork++;
    try {
      await work();
    } finally {
      this.#leave();
    }
  }

  async #turn(): Promise<void> {
    if (this.#waiting.length >= this.#limits.framesWaiting) throw new RefusedError('caller');
    this.#hold(true);
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Lets the next one in, if it was the last. */
  #leave(): void {
    this.#atWork--;
    const next = this.#atWork === 0 ? this.#waiting.shift() : undefined;
    if (next) {
      this.#atWork++;
      next();
    }
    if (this.#waiting.length === 0) this.#hold(false);
  }

  #hold(paused: boolean): void {
    if (paused === this.#paused) return;
    this.#paused = paused;
    if (paused) this.#valve.pause();
    else this.#valve.resume();
  }
}
