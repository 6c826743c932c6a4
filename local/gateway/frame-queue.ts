/** What holds back whoever sends. */
export interface Valve {
  pause(): void;
  resume(): void;
}

/**
 * Lets a few frames of one connection be at work at once. When more come, those wait, and go one after
 * the other until none waits: whoever floods takes no more of this process than anybody with one
 * request. Meanwhile no more is read of the socket, so a flood fills its sender's own buffers. API
 * Gateway, which has a Lambda for each frame, bounds them by the stage's throttle.
 */
export class FrameQueue {
  readonly #limit: number;
  readonly #valve: Valve;
  readonly #waiting: (() => void)[] = [];
  #atWork = 0;
  #paused = false;

  constructor(limit: number, valve: Valve) {
    this.#limit = limit;
    this.#valve = valve;
  }

  /** Runs `work` when it is its turn: first come, first served. @throws what it throws */
  async during(work: () => Promise<void>): Promise<void> {
    if (this.#atWork >= this.#limit || this.#waiting.length > 0) await this.#turn();
    else this.#atWork++;
    try {
      await work();
    } finally {
      this.#leave();
    }
  }

  #turn(): Promise<void> {
    this.#hold(true);
    return new Promise((resolve) => this.#waiting.push(resolve));
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
