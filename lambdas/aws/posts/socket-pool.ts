import type { OpenParser } from './llhttp.ts';
import { type Destination, type Post, PostSocket } from './post-socket.ts';

/** Sockets to one host, opened as posts need them, and the posts that wait for one. */
export class SocketPool {
  readonly #to: Destination;
  readonly #open: OpenParser;
  readonly #limit: number;
  readonly #sockets = new Set<PostSocket>();
  readonly #opening = new Set<PostSocket>();
  /** The last to be used is used next: those that a burst needed grow old. */
  readonly #free: PostSocket[] = [];
  /** Were just answered on: one that the other side closes right after is seen to close first. */
  readonly #settling: PostSocket[] = [];
  readonly #waiting: Post[] = [];
  #isServing = false;
  #timer: NodeJS.Timeout | undefined;
  #lookAt = Number.POSITIVE_INFINITY;

  constructor(to: Destination, open: OpenParser, limit: number) {
    this.#to = to;
    this.#open = open;
    this.#limit = limit;
  }

  post(post: Post): void {
    this.#waiting.push(post);
    this.#serveSoon();
  }

  /**
   * Right after Node has read what has come on all sockets, so that none is used that was just
   * closed, or on which something came that was not asked for.
   */
  #serveSoon(): void {
    if (this.#isServing) return;
    this.#isServing = true;
    setImmediate(() => {
      this.#isServing = false;
      this.#serve();
    });
  }

  #serve(): void {
    while (this.#waiting.length > 0) {
      const socket = this.#free.pop();
      if (!socket) break;
      if (!socket.isFit()) continue;
      const post = this.#waiting.shift();
      if (post) socket.send(post);
    }
    const room = this.#limit - this.#sockets.size;
    const wanted = Math.min(room, this.#waiting.length - this.#opening.size);
    for (let n = 0; n < wanted; n++) this.#openOne();
    if (this.#waiting.length === 0) for (const socket of this.#free) socket.rest();
    if (this.#settling.length === 0) return;
    this.#free.push(...this.#settling.splice(0));
    this.#serveSoon();
  }

  #openOne(): void {
    const socket = new PostSocket(this.#to, this.#open, {
      onFree: (freed) => {
        this.#opening.delete(freed);
        this.#settling.push(freed);
        this.#serveSoon();
      },
      onClosed: (closed, failure) => this.#remove(closed, failure),
      onDue: (at) => this.#lookBy(at),
    });
    this.#sockets.add(socket);
    this.#opening.add(socket);
  }

  #remove(socket: PostSocket, failure: unknown): void {
    this.#sockets.delete(socket);
    for (const list of [this.#free, this.#settling]) {
      const at = list.indexOf(socket);
      if (at >= 0) list.splice(at, 1);
    }
    // It was opened for a post. Where that has found another, nobody misses this one.
    if (this.#opening.delete(socket)) this.#waiting.shift()?.reject(failure);
    if (this.#waiting.length > 0) this.#serveSoon();
  }

  /** One timer for all sockets: what they wait for mostly comes in time. */
  #lookBy(at: number): void {
    if (at >= this.#lookAt) return;
    this.#lookAt = at;
    clearTimeout(this.#timer);
    const ms = Math.max(1, Math.ceil(at - performance.now()));
    // What has come while this process was busy is read first: it came in time.
    this.#timer = setTimeout(() => setImmediate(() => this.#look()), ms).unref();
  }

  #look(): void {
    this.#lookAt = Number.POSITIVE_INFINITY;
    const now = performance.now();
    for (const socket of [...this.#sockets]) if (socket.dueAt <= now) socket.expire();
    let next = Number.POSITIVE_INFINITY;
    for (const { dueAt } of this.#sockets) next = Math.min(next, dueAt);
    if (next !== Number.POSITIVE_INFINITY) this.#lookBy(next);
  }
}
