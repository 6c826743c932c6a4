import type { GatewayLog } from './gateway-log.ts';

/** Work that closing the gateway has to wait for. */
export class WorkUnderWay {
  readonly #running = new Set<Promise<void>>();
  readonly #log: GatewayLog;

  constructor(log: GatewayLog) {
    this.#log = log;
  }

  /** Counts `work` as under way until it has ended, and answers what it answers. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#running.add(promise);
    try {
      return await work();
    } finally {
      this.#running.delete(promise);
      resolve();
    }
  }

  /** The same for work that nobody waits for. A failure is logged: nobody else is there to see it. */
  start(work: () => Promise<void>): void {
    this.during(work).catch((error: unknown) => this.#log('local gateway: internal error', error));
  }

  /** Resolves once nothing runs, counting what is started meanwhile. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }
}
