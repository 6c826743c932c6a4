import { type Parlor, ParlorClientError, type Unsubscribe } from '../../client/index.ts';

/** Between two writings, for a fast reader. The first is at once: the page may be gone in a moment. */
const PAUSE_MS = 1_000;

/** Tells the server how far rooms were read, and the person's other tabs at once. */
export class ReadMarks {
  readonly #client: Parlor;
  /** Undefined where the browser has none: then other tabs hear of it by the server. */
  readonly #channel: BroadcastChannel | undefined;
  readonly #unsent = new Map<string, number>();
  readonly #stopOnline: Unsubscribe;
  readonly #leave = () => void this.#send();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastSent = Number.NEGATIVE_INFINITY;

  /** @param heard another tab read a room up to a seq */
  constructor(client: Parlor, username: string, heard: (room: string, seq: number) => void) {
    this.#client = client;
    if (typeof BroadcastChannel === 'function') {
      this.#channel = new BroadcastChannel(`parlor-read:${username}`);
      this.#channel.onmessage = ({ data }: MessageEvent<{ room: string; seq: number }>) =>
        heard(data.room, data.seq);
    }
    this.#stopOnline = client.on('state', ({ status }) => {
      if (status === 'online') this.#sendSoon();
    });
    // What waits for its turn would be lost with the page.
    globalThis.addEventListener?.('pagehide', this.#leave);
  }

  /** Up to where; never back. */
  mark(room: string, seq: number): void {
    this.#channel?.postMessage({ room, seq });
    this.#unsent.set(room, seq);
    this.#sendSoon();
  }

  close(): void {
    this.#stopOnline();
    globalThis.removeEventListener?.('pagehide', this.#leave);
    this.#channel?.close();
    clearTimeout(this.#timer);
    void this.#send();
  }

  #sendSoon(): void {
    clearTimeout(this.#timer);
    const pause = Math.max(0, this.#lastSent + PAUSE_MS - performance.now());
    this.#timer = setTimeout(() => void this.#send(), pause);
  }

  async #send(): Promise<void> {
    if (this.#unsent.size > 0) this.#lastSent = performance.now();
    for (const [room, seq] of [...this.#unsent]) {
      this.#unsent.delete(room);
      const path = `/api/rooms/${encodeURIComponent(room)}/read/`;
      await this.#client.rest.send('PUT', path, { seq }).catch((error: unknown) => {
        // A mark is a convenience: what was refused is let go. What did not get through is sent
        // with the next one, or once there is a connection.
        const lost = error instanceof ParlorClientError && error.retryable;
        if (lost && !this.#unsent.has(room)) this.#unsent.set(room, seq);
      });
    }
  }
}
