export type Listener<T> = (value: T) => void;
export type Unsubscribe = () => void;

/** Typed events. A listener that throws harms neither the others nor who tells them. */
export class Emitter<Events> {
  readonly #listeners = new Map<keyof Events, Set<Listener<never>>>();

  on<K extends keyof Events>(event: K, listener: Listener<Events[K]>): Unsubscribe {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners);
    // A listener of its own for each call: the same function may be added twice.
    const own: Listener<Events[K]> = (value) => listener(value);
    listeners.add(own);
    return () => listeners.delete(own);
  }

  emit<K extends keyof Events>(event: K, value: Events[K]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) {
      // One that was told before this one may have taken it away.
      if (!this.#listeners.get(event)?.has(listener)) continue;
      try {
        (listener as Listener<Events[K]>)(value);
      } catch (error) {
        // The application's mistake, told where its own uncaught ones are.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  clear(): void {
    this.#listeners.clear();
  }
}
