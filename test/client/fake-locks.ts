interface FakeLock {
  name: string;
  release(): void;
}

/** The Web Locks of an origin; each tab has a `LockManager` of its own. Exclusive locks only. */
export class FakeLocks {
  readonly #held = new Map<string, FakeLock>();
  readonly #waiting: { name: string; grant(): void; tab: FakeTab }[] = [];

  tab(): FakeTab {
    return new FakeTab(this);
  }

  held(): string[] {
    return [...this.#held.keys()];
  }

  acquire(tab: FakeTab, name: string): Promise<FakeLock> {
    return new Promise((resolve) => {
      const grant = () => {
        const lock = { name, release: () => this.#release(lock) };
        this.#held.set(name, lock);
        tab.holds.add(lock);
        resolve(lock);
      };
      if (this.#held.has(name)) this.#waiting.push({ name, grant, tab });
      else grant();
    });
  }

  forgetWaiting(tab: FakeTab): void {
    this.#waiting.splice(
      0,
      Number.POSITIVE_INFINITY,
      ...this.#waiting.filter((waiting) => waiting.tab !== tab),
    );
  }

  #release(lock: FakeLock): void {
    if (this.#held.get(lock.name) !== lock) return;
    this.#held.delete(lock.name);
    const next = this.#waiting.findIndex(({ name }) => name === lock.name);
    if (next >= 0) this.#waiting.splice(next, 1)[0]?.grant();
  }
}

class FakeTab implements LockManager {
  readonly holds = new Set<FakeLock>();
  readonly #locks: FakeLocks;

  constructor(locks: FakeLocks) {
    this.#locks = locks;
  }

  request<T>(name: string, callback: LockGrantedCallback<T>): Promise<Awaited<T>>;
  request<T>(
    name: string,
    options: LockOptions,
    callback: LockGrantedCallback<T>,
  ): Promise<Awaited<T>>;
  async request<T>(
    name: string,
    given: LockOptions | LockGrantedCallback<T>,
    callback?: LockGrantedCallback<T>,
  ): Promise<Awaited<T>> {
    const action = callback ?? given;
    if (typeof action !== 'function') throw new TypeError('No callback was given.');
    const lock = await this.#locks.acquire(this, name);
    try {
      return await action({ name, mode: 'exclusive' });
    } finally {
      this.holds.delete(lock);
      lock.release();
    }
  }

  async query(): Promise<LockManagerSnapshot> {
    return {
      held: this.#locks.held().map((name) => ({ name, mode: 'exclusive', clientId: 'a tab' })),
      pending: [],
    };
  }

  /** The tab is gone, and its locks with it. */
  crash(): void {
    this.#locks.forgetWaiting(this);
    for (const lock of this.holds) lock.release();
  }
}
