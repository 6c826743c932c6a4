/**
 * Virtual time. Nothing happens but what was put here, in order of time and, at one time, in the
 * order in which it was put.
 */
export class Timeline {
  /** Milliseconds since 1970. */
  now: number;
  #heap: Entry[] = [];
  #count = 0;

  constructor(start: number) {
    this.now = start;
  }

  /** How many things have been put here. */
  get count(): number {
    return this.#count;
  }

  in(ms: number, action: () => void): void {
    this.#push({ at: this.now + ms, order: this.#count++, action });
  }

  /**
   * Lets time go on until `end`. What the code under test does between two entries happens in
   * microtasks, and Node drains them after each immediate.
   *
   * @throws whatever an entry throws
   */
  run(end: number): Promise<void> {
    return new Promise((resolve, reject) => {
      let over = false;
      const step = () => {
        if (over) return;
        const next = this.#heap[0];
        if (!next || next.at > end) {
          over = true;
          this.now = Math.max(this.now, end);
          resolve();
          return;
        }
        this.#pop();
        this.now = next.at;
        try {
          next.action();
        } catch (failure) {
          over = true;
          reject(failure);
        }
      };
      // Many at once, for each turn of Node's own loop costs more than an entry.
      const batch = () => {
        if (over) return;
        for (let steps = 0; steps < BATCH; steps++) setImmediate(step);
        setImmediate(batch);
      };
      batch();
    });
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (!above || isBefore(above, entry)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let index = 0;
    for (;;) {
      const left = heap[2 * index + 1];
      const right = heap[2 * index + 2];
      if (!left) break;
      const [child, at]: [Entry, number] =
        right && isBefore(right, left) ? [right, 2 * index + 2] : [left, 2 * index + 1];
      if (isBefore(last, child)) break;
      heap[index] = child;
      index = at;
    }
    heap[index] = last;
  }
}

interface Entry {
  at: number;
  order: number;
  action: () => void;
}

const BATCH = 64;

const isBefore = (a: Entry, b: Entry) => a.at < b.at || (a.at === b.at && a.order < b.order);
