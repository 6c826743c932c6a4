/**
 * What was sent and what has come, by the content of the messages: a number for each, which stands for
 * when it was sent.
 */
export class Deliveries {
  readonly #sentAt: number[] = [];
  readonly #latencies: number[] = [];
  /** Those before were to warm up. */
  #from = 0;
  #received = 0;
  #waiter: { until: number; resolve: () => void } | undefined;

  /** @returns the content to send now */
  next(): string {
    return String(this.#sentAt.push(performance.now()) - 1);
  }

  take(content: string): void {
    const number = Number(content);
    const at = this.#sentAt[number];
    if (at === undefined) return;
    this.#received++;
    if (number >= this.#from) this.#latencies.push(performance.now() - at);
    if (this.#waiter && this.#received >= this.#waiter.until) this.#waiter.resolve();
  }

  /** Resolves with so many receipts from now on, or when it has waited too long. */
  async more(receipts: number, longestMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#waiter = { until: this.#received + receipts, resolve };
      timer = setTimeout(resolve, longestMs);
    });
    clearTimeout(timer);
    this.#waiter = undefined;
  }

  /** From here on it counts. */
  begin(): void {
    this.#from = this.#sentAt.length;
    this.#latencies.length = 0;
  }

  get messages(): number {
    return this.#sentAt.length - this.#from;
  }

  /** Whether everything that counts has come. */
  complete(members: number): boolean {
    return this.#latencies.length >= this.messages * members;
  }

  get latencies(): readonly number[] {
    return this.#latencies;
  }
}
