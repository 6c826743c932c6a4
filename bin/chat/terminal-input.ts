import { PassThrough } from 'node:stream';
import type { ReadStream } from 'node:tty';
import { asTyped, PasteSplitter } from './paste.ts';

/** What a terminal sends, as readline takes it: a pasted text is one piece of a line. */
export class TerminalInput extends PassThrough {
  readonly #terminal: ReadStream;
  readonly #splitter = new PasteSplitter();
  readonly #garbled: () => void;
  #decoder = newDecoder();

  /** @param garbled told when something came that is not UTF-8, and was left out */
  constructor(terminal: ReadStream, garbled: () => void) {
    super();
    this.#terminal = terminal;
    this.#garbled = garbled;
    terminal.on('data', this.#take);
    terminal.once('end', () => this.end());
    // A terminal that goes away; there is nobody to tell.
    terminal.once('error', () => this.end());
    // The question for a password paused it.
    terminal.resume();
  }

  /** Readline asks for it: then keys come one by one. */
  setRawMode(mode: boolean): void {
    this.#terminal.setRawMode(mode);
  }

  close(): void {
    this.#terminal.off('data', this.#take);
    this.#terminal.pause();
  }

  readonly #take = (bytes: Buffer): void => {
    for (const part of this.#splitter.split(this.#decode(bytes))) {
      this.write('typed' in part ? part.typed : asTyped(part.pasted));
    }
  };

  #decode(bytes: Buffer): string {
    try {
      return this.#decoder.decode(bytes, { stream: true });
    } catch {
      // The person is told, and types it again.
      this.#decoder = newDecoder();
      this.#garbled();
      return '';
    }
  }
}

const newDecoder = () => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
