import type { AnswerEvents } from './llhttp.ts';
import type { PostAnswer } from './post.ts';

/** As much as Node's own client takes for the head of an answer. */
const HEAD_BYTES = 16_384;

/** Far more than Lambda's reports and API Gateway's refusals have. */
const BODY_BYTES = 1_048_576;

/** The one header that is always looked at. */
const KEEP_ALIVE = 'keep-alive';

const GO_ON = 0;
const STOP = -1;
const NO_BODY = 1;

/** What comes on one socket: gathers one answer at a time, and refuses what nobody asked for. */
export class Answer implements AnswerEvents {
  /** 0 until the head of the answer has come, past those that only announce it. */
  status = 0;
  whole = false;
  /** Whether the socket may serve again. */
  keepAlive = false;
  /** Why the parser was stopped; undefined where the bytes are no HTTP. */
  fault: string | undefined;
  readonly #keepsHeaders: boolean;
  #awaited = false;
  #head: string[] = [];
  #headBytes = 0;
  #inName = false;
  #body: Buffer[] = [];
  #bodyBytes = 0;

  /** @param keepsHeaders false where nobody looks at them, which is faster */
  constructor(keepsHeaders = true) {
    this.#keepsHeaders = keepsHeaders;
  }

  /** A request was sent: the next answer is its. */
  expect(): void {
    this.status = 0;
    this.whole = false;
    this.keepAlive = false;
    this.#awaited = true;
    this.#head = [];
    this.#headBytes = 0;
    this.#inName = false;
    this.#body = [];
    this.#bodyBytes = 0;
  }

  /** Counts a read that did not end the head. @returns why it is refused, when it is */
  headFault(bytes: number): string | undefined {
    if (this.status !== 0) return undefined;
    this.#headBytes += bytes;
    return this.#headBytes > HEAD_BYTES ? 'its head does not end' : undefined;
  }

  get(): PostAnswer {
    const body = this.whole ? textOf(this.#body) : undefined;
    return new ReceivedAnswer(this.status, this.#keepsHeaders ? this.#head : [], body);
  }

  /** How long the other side says that it keeps an idle socket; Infinity where it doesn't. */
  get keepAliveMs(): number {
    for (let at = 0; at < this.#head.length; at += 2) {
      const name = this.#head[at];
      if (name?.length !== KEEP_ALIVE.length || name.toLowerCase() !== KEEP_ALIVE) continue;
      const seconds = /timeout=(\d+)/i.exec(this.#head[at + 1] ?? '')?.[1];
      if (seconds !== undefined) return Number(seconds) * 1_000;
    }
    return Number.POSITIVE_INFINITY;
  }

  onBegin(): number {
    if (this.#awaited) return GO_ON;
    return this.#stop('it was not asked for');
  }

  onHeaderField(bytes: Buffer, from: number, to: number): number {
    const text =
      this.#keepsHeaders || to - from <= KEEP_ALIVE.length ? textAt(bytes, from, to) : '';
    if (this.#inName) this.#head[this.#head.length - 2] += text;
    else this.#head.push(text, '');
    this.#inName = true;
    return this.#count(to - from);
  }

  onHeaderValue(bytes: Buffer, from: number, to: number): number {
    this.#inName = false;
    const last = this.#head.length - 1;
    if (this.#keepsHeaders || this.#head[last - 1]?.length === KEEP_ALIVE.length) {
      this.#head[last] += textAt(bytes, from, to);
    }
    return this.#count(to - from);
  }

  onHead(status: number, upgrade: boolean, keepAlive: boolean): number {
    if (upgrade || status === 101) return this.#stop('it changes the protocol');
    this.#inName = false;
    if (status < 200) {
      // 100 Continue and its like announce the answer.
      this.#head = [];
      return NO_BODY;
    }
    this.status = status;
    this.keepAlive = keepAlive;
    return GO_ON;
  }

  onBody(bytes: Buffer): number {
    this.#bodyBytes += bytes.length;
    if (this.#bodyBytes > BODY_BYTES) return this.#stop(`its body exceeds ${BODY_BYTES} bytes`);
    this.#body.push(Buffer.from(bytes));
    return GO_ON;
  }

  onEnd(): number {
    if (this.status === 0) return GO_ON;
    this.whole = true;
    this.#awaited = false;
    return GO_ON;
  }

  /** Trailers count too, though they come after the head. */
  #count(bytes: number): number {
    this.#headBytes += bytes;
    return this.#headBytes > HEAD_BYTES
      ? this.#stop(`its headers exceed ${HEAD_BYTES} bytes`)
      : GO_ON;
  }

  #stop(fault: string): number {
    this.fault = fault;
    return STOP;
  }
}

/** Most answers are looked at for their status alone. */
class ReceivedAnswer implements PostAnswer {
  readonly status: number;
  readonly body: string | undefined;
  readonly #head: readonly string[];

  constructor(status: number, head: readonly string[], body: string | undefined) {
    this.status = status;
    this.body = body;
    this.#head = head;
  }

  get headers(): PostAnswer['headers'] {
    // Without a prototype, `__proto__` is a header like any other.
    const headers: PostAnswer['headers'] = Object.create(null);
    for (let at = 0; at < this.#head.length; at += 2) {
      const name = this.#head[at]?.toLowerCase() ?? '';
      const value = this.#head[at + 1] ?? '';
      const before = headers[name];
      headers[name] = before === undefined ? value : [before, value].flat();
    }
    return headers;
  }
}

const textAt = (bytes: Buffer, from: number, to: number) => bytes.toString('latin1', from, to);

const textOf = (chunks: readonly Buffer[]) =>
  chunks.length === 0 ? '' : Buffer.concat(chunks).toString();
