/** What this browser remembers between visits. Where it may not, it forgets, and nothing breaks. */
export const remembered = {
  get(key: string): string | undefined {
    try {
      return localStorage.getItem(key) ?? undefined;
    } catch (_blocked) {
      return undefined;
    }
  },

  /** @param text undefined forgets it */
  set(key: string, text: string | undefined): void {
    try {
      if (text === undefined) localStorage.removeItem(key);
      else localStorage.setItem(key, text);
    } catch (_blockedOrFull) {
      // As good as not remembered.
    }
  },

  /** Forgets all whose keys begin so. */
  forget(prefix: string): void {
    try {
      for (const key of Object.keys(localStorage)) {
        if (key.startsWith(prefix)) localStorage.removeItem(key);
      }
    } catch (_blocked) {
      // Then there is nothing.
    }
  },
};
