import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { FrameGuard } from './frame-guard.ts';

type Done = (error?: Error | null) => void;

/**
 * A client's socket behind a frame guard: what `ws` reads from it is what the guard lets through.
 * Emits `oversize`, once, when the guard stops a frame. What comes after is thrown away.
 */
export class GuardedSocket extends Duplex {
  readonly #socket: Socket;
  readonly #guard: FrameGuard;
  #stopped = false;

  /** @param head what came with the upgrade request beyond its headers */
  constructor(socket: Socket, head: Buffer, guard: FrameGuard) {
    super();
    this.#socket = socket;
    this.#guard = guard;
    socket.setTimeout(0);
    socket.setNoDelay();
    if (head.length > 0) socket.unshift(head);
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
    // Whoever listens to this stream hears of it by 'close'; without a listener it would throw.
    this.on('error', () => {});
  }

  /** Whether the guard has stopped a frame. */
  get stopped(): boolean {
    return this.#stopped;
  }

  #take(chunk: Buffer): void {
    if (this.#stopped) return;
    const admitted = this.#guard.admit(chunk);
    if (admitted > 0 && !this.push(chunk.subarray(0, admitted))) this.#socket.pause();
    if (admitted < chunk.length) {
      this.#stopped = true;
      this.emit('oversize');
    }
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: Done): void {
    this.#socket.write(chunk, encoding, done);
  }

  /** `ws` corks a frame's header and payload: they go out in one piece. */
  override _writev(chunks: { chunk: Buffer; encoding: BufferEncoding }[], done: Done): void {
    this.#socket.cork();
    chunks.forEach(({ chunk, encoding }, index) => {
      this.#socket.write(chunk, encoding, index === chunks.length - 1 ? done : undefined);
    });
    this.#socket.uncork();
  }

  override _final(done: Done): void {
    this.#socket.end(() => done());
  }

  override _destroy(error: Error | null, done: Done): void {
    this.#socket.destroy();
    done(error);
  }
}
