import type { SessionStorageArea } from '../../client/session-storage.ts';

/** The storage of one browser; each tab hears of what the other tabs change. */
export class FakeSessionStorage {
  text: string | undefined;
  readonly #tabs = new Map<SessionStorageArea, Set<() => void>>();
  #last: Promise<unknown> = Promise.resolve();

  tab(): SessionStorageArea {
    const listeners = new Set<() => void>();
    const change = (text: string | undefined) => {
      this.text = text;
      for (const [other, theirs] of this.#tabs)
        if (other !== area) for (const listener of theirs) listener();
    };
    const area: SessionStorageArea = {
      get: () => this.text,
      set: (text) => change(text),
      remove: () => change(undefined),
      onChange(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      lock: (action) => {
        const turn = this.#last.then(action);
        this.#last = turn.catch(() => {});
        return turn;
      },
    };
    this.#tabs.set(area, listeners);
    return area;
  }
}
