/** As much of localStorage as the page uses: Node has none. */
export function fakeLocalStorage() {
  const stored = new Map<string, string>();
  let refuses = false;
  const access = () => {
    if (refuses) throw new DOMException('Blocked', 'SecurityError');
    return new Proxy(
      {
        getItem: (key: string) => stored.get(key) ?? null,
        setItem: (key: string, text: string) => void stored.set(key, text),
        removeItem: (key: string) => void stored.delete(key),
      },
      {
        ownKeys: () => [...stored.keys()],
        getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
      },
    );
  };
  return {
    stored,
    install(): void {
      Object.defineProperty(globalThis, 'localStorage', { get: access, configurable: true });
    },
    /** From now on the browser lets nobody at it. */
    refuse(): void {
      refuses = true;
    },
    remove(): void {
      Reflect.deleteProperty(globalThis, 'localStorage');
    },
  };
}
