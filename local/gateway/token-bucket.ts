/** Lets `perSecond` through on average, and `burst` more at once after a pause. */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #capacity: number;
  #tokens: number;
  #filledAt: number;

  /** @param now milliseconds, of a clock that never goes back */
  constructor(perSecond: number, burst: number, now: number) {
    this.#perSecond = perSecond;
    this.#capacity = perSecond === 0 ? 0 : Math.max(1, burst);
    this.#tokens = this.#capacity;
    this.#filledAt = now;
  }

  /** Whether one more may pass now. */
  take(now: number): boolean {
    const gained = ((now - this.#filledAt) / 1000) * this.#perSecond;
    this.#tokens = Math.min(this.#capacity, this.#tokens + gained);
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
