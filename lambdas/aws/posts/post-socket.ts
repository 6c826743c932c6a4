import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectSecurely, type TLSSocket } from 'node:tls';
import { Answer } from './answer.ts';
import { type OpenParser, type Parser, READ_BYTES } from './llhttp.ts';
import { type PostAnswer, PostFailure } from './post.ts';

/** A request on its way, and who waits for it. */
export interface Post {
  message: string;
  deadlineMs: number;
  resolve(answer: PostAnswer): void;
  reject(failure: unknown): void;
}

/** What a socket tells its pool. */
export interface PostSocketEvents {
  /** It is open, or has served a post, and may serve another. */
  onFree(socket: PostSocket): void;
  /** It has ended. @param failure why it could not be opened, when it never was */
  onClosed(socket: PostSocket, failure?: unknown): void;
  /** Something has to happen on it before then. */
  onDue(at: number): void;
}

/** Where a socket leads. */
export interface Destination {
  secure: boolean;
  hostname: string;
  port: number;
  /** Of the last connection, by which the next one is opened with less work. */
  session: Buffer | undefined;
  /** How long it may take to get there. */
  connectMs: number;
  keepsHeaders: boolean;
}

/** An idle socket is closed after so long, or two seconds before the other side says that it is. */
const IDLE_MS = 4_000;
const IDLE_MARGIN_MS = 2_000;

/** Reads are parsed as they come: one buffer serves all sockets. */
const buffer = Buffer.alloc(READ_BYTES);

/**
 * One connection that carries one post at a time.
 *
 * Nothing is ever sent twice: a post whose socket breaks before it was answered fails, for it may
 * have arrived.
 */
export class PostSocket {
  /** When it is too late for what goes on, on performance.now()'s clock. */
  dueAt = Number.POSITIVE_INFINITY;
  readonly #socket: Socket | TLSSocket;
  readonly #answer: Answer;
  readonly #parser: Parser;
  readonly #events: PostSocketEvents;
  readonly #connectMs: number;
  /** `done`: the post was answered before all of it was sent. */
  #state: 'connecting' | 'free' | 'busy' | 'done' | 'closed' = 'connecting';
  #post: Post | undefined;
  /** What Date.now() said when it became free. */
  #freeSince = 0;
  #idleMs = IDLE_MS;
  #isResting = false;
  #isWritten = true;

  constructor(to: Destination, open: OpenParser, events: PostSocketEvents) {
    this.#events = events;
    this.#connectMs = to.connectMs;
    this.#answer = new Answer(to.keepsHeaders);
    this.#socket = openSocket(to, (bytes) => this.#read(bytes));
    this.#parser = open(this.#answer);
    this.#socket
      .setNoDelay(true)
      .once(to.secure ? 'secureConnect' : 'connect', () => this.#becomeFree())
      .on('session', (session: Buffer) => {
        to.session = session;
      })
      .on('end', () => this.#ended())
      .on('error', (failure) => this.#close(failure))
      .on('close', () => this.#close(new PostFailure('POST_CUT_OFF', 'The socket was closed.')));
    this.#dueIn(to.connectMs);
  }

  /** Whether a post may be sent. Closes what was free for so long that the other side may be gone. */
  isFit(): boolean {
    if (this.#state !== 'free') return false;
    // A frozen function's timers stand still, and the clock may have been set back.
    const age = Date.now() - this.#freeSince;
    if (age >= 0 && age < this.#idleMs) return true;
    this.#close(undefined);
    return false;
  }

  send(post: Post): void {
    if (this.#isResting) {
      this.#isResting = false;
      this.#socket.ref();
    }
    this.#state = 'busy';
    this.#post = post;
    this.#answer.expect();
    this.#dueIn(post.deadlineMs);
    this.#isWritten = false;
    this.#socket.write(post.message, this.#onWritten);
  }

  /** Ends what is too late. */
  expire(): void {
    const limit = this.#post?.deadlineMs ?? this.#connectMs;
    const what = this.#state === 'connecting' ? 'No connection' : 'No answer';
    // Where nobody waits, nobody is told: it was idle, or the rest of a request could not be sent.
    this.#close(new PostFailure('POST_TIMEOUT', `${what} within ${limit} ms: timeout.`));
  }

  /** A socket without a post doesn't keep the process running. */
  rest(): void {
    if (this.#isResting) return;
    this.#isResting = true;
    this.#socket.unref();
  }

  readonly #onWritten = (failure?: Error | null): void => {
    // It is told as an event too.
    if (failure) return;
    this.#isWritten = true;
    if (this.#state === 'done') this.#becomeFree();
  };

  #read(bytes: Buffer): void {
    if (this.#state === 'closed') return;
    if (this.#state !== 'busy') {
      this.#close(new PostFailure('POST_BAD_ANSWER', 'Something came that nobody asked for.'));
      return;
    }
    const wasAnnounced = this.#answer.status !== 0;
    const fault = this.#parser.read(bytes);
    const refused = this.#answer.fault ?? fault ?? this.#answer.headFault(bytes.length);
    if (this.#answer.whole) this.#served(fault === undefined);
    else if (refused !== undefined) {
      this.#close(new PostFailure('POST_BAD_ANSWER', `The answer was refused: ${refused}.`));
    } else if (!wasAnnounced && this.#answer.status !== 0) {
      this.#dueIn(this.#post?.deadlineMs ?? 0);
    }
  }

  #ended(): void {
    if (this.#state === 'busy' && this.#answer.status !== 0) {
      // A body may be as long as the connection.
      this.#parser.end();
    }
    if (this.#state === 'busy' && this.#answer.whole) this.#served(false);
    else this.#close(new PostFailure('POST_CUT_OFF', 'The other side closed the socket.'));
  }

  #served(isClean: boolean): void {
    const post = this.#post;
    const answer = this.#answer.get();
    const isFit = isClean && this.#answer.keepAlive;
    const { keepAliveMs } = this.#answer;
    this.#idleMs = Math.min(IDLE_MS, keepAliveMs - IDLE_MARGIN_MS);
    this.#post = undefined;
    if (!isFit || this.#idleMs <= 0) this.#close(undefined);
    else if (this.#isWritten) this.#becomeFree();
    else this.#state = 'done';
    post?.resolve(answer);
  }

  #becomeFree(): void {
    if (this.#state === 'closed') return;
    this.#state = 'free';
    this.#freeSince = Date.now();
    this.#dueIn(this.#idleMs);
    this.#events.onFree(this);
  }

  #dueIn(ms: number): void {
    this.dueAt = performance.now() + ms;
    this.#events.onDue(this.dueAt);
  }

  #close(failure: unknown): void {
    if (this.#state === 'closed') return;
    const neverOpened = this.#state === 'connecting';
    this.#state = 'closed';
    this.dueAt = Number.POSITIVE_INFINITY;
    this.#socket.destroy();
    this.#events.onClosed(this, neverOpened ? failure : undefined);
    const post = this.#post;
    this.#post = undefined;
    this.#parser.free();
    if (!post) return;
    if (this.#answer.status !== 0) post.resolve(this.#answer.get());
    else post.reject(failure);
  }
}

function openSocket(
  { secure, hostname, port, session }: Destination,
  read: (bytes: Buffer) => void,
): Socket | TLSSocket {
  const options = {
    host: hostname,
    port,
    keepAlive: true,
    onread: {
      buffer,
      callback(length: number) {
        read(buffer.subarray(0, length));
        return true;
      },
    },
  };
  if (!secure) return connectPlain(options);
  return connectSecurely({
    ...options,
    ...(session && { session }),
    // An address is no name that a certificate could be chosen by.
    ...(isIP(hostname) === 0 && { servername: hostname }),
    ALPNProtocols: ['http/1.1'],
  });
}
