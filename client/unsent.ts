import type { OutboxEntry } from './store.ts';
import type { WithStore } from './with-store.ts';

/**
 * Messages that wait to be sent in rooms that nobody is in: an earlier client left them, or their
 * room was left. A client that enters a room takes them over.
 */
export class Unsent {
  /** When what earlier clients left is known. */
  readonly known: Promise<void>;
  #entries: readonly OutboxEntry[] = [];

  constructor(withStore: WithStore) {
    const adopted = withStore((store) => store.adoptOutbox());
    this.known = adopted.then((entries = []) => this.leave(entries));
  }

  get rooms(): ReadonlySet<string> {
    return new Set(this.#entries.map(({ room }) => room));
  }

  take(room: string): readonly OutboxEntry[] {
    const taken = this.#entries.filter((entry) => entry.room === room);
    this.#entries = this.#entries.filter((entry) => entry.room !== room);
    return taken;
  }

  leave(entries: readonly OutboxEntry[]): void {
    this.#entries = [...this.#entries, ...entries];
  }
}
