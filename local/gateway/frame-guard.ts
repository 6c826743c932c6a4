const CONTINUATION = 0x0;
const CONTROL = 0x8;
const FIN = 0x80;
const MASKED = 0x80;
/** Two bytes, eight of length, four of mask (RFC 6455, 5.2). */
const LONGEST_HEADER = 14;

/**
 * Watches the bytes that a client sends for frames and messages larger than API Gateway takes.
 * `ws` limits messages only. Reads frame headers; skips payloads without touching them.
 */
export class FrameGuard {
  readonly #frameBytes: number;
  readonly #messageBytes: number;
  readonly #header = Buffer.alloc(LONGEST_HEADER);
  #headerFilled = 0;
  #payloadLeft = 0;
  #messageSoFar = 0;
  #broken = false;

  constructor(limits: { frameBytes: number; messageBytes: number }) {
    this.#frameBytes = limits.frameBytes;
    this.#messageBytes = limits.messageBytes;
  }

  /**
   * How many bytes of the next chunk may go on. Fewer than all means that a limit is broken: what
   * may go on ends before the frame that broke it, and nothing may go on from then on.
   */
  admit(chunk: Uint8Array): number {
    let at = 0;
    while (at < chunk.length && !this.#broken) {
      if (this.#payloadLeft > 0) {
        const skipped = Math.min(this.#payloadLeft, chunk.length - at);
        this.#payloadLeft -= skipped;
        at += skipped;
      } else {
        const read = this.#readHeader(chunk.subarray(at));
        if (!this.#broken) at += read;
      }
    }
    return at;
  }

  /** Takes what `bytes` hold of a header, and acts on the header once it is whole. */
  #readHeader(bytes: Uint8Array): number {
    let read = 0;
    while (read < bytes.length) {
      this.#header[this.#headerFilled] = bytes[read] ?? 0;
      this.#headerFilled += 1;
      read += 1;
      if (this.#headerFilled >= 2 && this.#headerFilled === this.#headerLength()) {
        this.#headerFilled = 0;
        this.#startFrame();
        return read;
      }
    }
    return read;
  }

  #headerLength(): number {
    const second = this.#header.readUInt8(1);
    const length = second & ~MASKED;
    const extended = length === 127 ? 8 : length === 126 ? 2 : 0;
    return 2 + extended + (second & MASKED ? 4 : 0);
  }

  #startFrame(): void {
    const first = this.#header.readUInt8(0);
    const opcode = first & 0xf;
    const payload = this.#payloadLength();
    this.#payloadLeft = payload;
    let message = 0;
    // Control frames may stand between the frames of a message and are no part of it.
    if (!(opcode & CONTROL)) {
      message = payload + (opcode === CONTINUATION ? this.#messageSoFar : 0);
      this.#messageSoFar = first & FIN ? 0 : message;
    }
    this.#broken = payload > this.#frameBytes || message > this.#messageBytes;
  }

  #payloadLength(): number {
    const length = this.#header.readUInt8(1) & ~MASKED;
    if (length === 127) return Number(this.#header.readBigUInt64BE(2));
    if (length === 126) return this.#header.readUInt16BE(2);
    return length;
  }
}
