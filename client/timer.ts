import type { Unsubscribe } from './emitter.ts';
import type { Platform } from './options.ts';

/** One thing to be done later. */
export class Timer {
  readonly #platform: Platform;
  #cancel: Unsubscribe | undefined;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  get running(): boolean {
    return this.#cancel !== undefined;
  }

  /** In the place of what was to be done before. */
  set(ms: number, action: () => void): void {
    this.cancel();
    this.#cancel = this.#platform.after(ms, () => {
      this.#cancel = undefined;
      action();
    });
  }

  /** @returns whether there was something to be done */
  cancel(): boolean {
    const { running } = this;
    this.#cancel?.();
    this.#cancel = undefined;
    return running;
  }
}
