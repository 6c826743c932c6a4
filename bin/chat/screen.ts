import {
  type Completer,
  clearScreenDown,
  createInterface,
  cursorTo,
  type Interface,
  type Key,
  moveCursor,
} from 'node:readline';
import { asMessage, BRACKETED_PASTE } from './paste.ts';
import { TerminalInput } from './terminal-input.ts';

/** A terminal: what is written to it stands above the line that is being typed. */
export class Screen {
  readonly #input: TerminalInput;
  readonly #lines: Interface;
  /** Rows above the cursor that the typed line took when Enter was pressed for it. */
  #entered: number | undefined;
  #closed = false;

  /**
   * @param typed told of each message, which has line breaks if it was pasted; it does not stay on
   *   the screen
   * @param left told when somebody wants to go
   * @param complete asked when Tab is pressed
   */
  constructor(typed: (message: string) => void, left: () => void, complete: Completer) {
    const { stdin, stdout } = process;
    this.#input = new TerminalInput(stdin, () =>
      this.print('What came was not UTF-8, and is left out: set the terminal to UTF-8.'),
    );
    const input = this.#input;
    this.#lines = createInterface({ input, output: stdout, terminal: true, completer: complete });
    input.prependListener('keypress', (_text, key: Key) => this.#pressed(key));
    stdout.write(BRACKETED_PASTE.on);
    // Whatever it is that ends the program: the shell after it may not know the marks.
    process.once('exit', () => stdout.write(BRACKETED_PASTE.off));
    // Back from Ctrl-Z, where the shell may have changed it.
    this.#lines.on('SIGCONT', () => stdout.write(BRACKETED_PASTE.on));
    this.#lines.on('line', (line) => {
      const rows = this.#entered;
      // A terminal that goes away gives what was half typed as a line.
      if (rows === undefined) return;
      this.#entered = undefined;
      moveCursor(stdout, 0, -1 - rows);
      clearScreenDown(stdout);
      typed(asMessage(line));
      this.#lines.prompt(true);
    });
    this.#lines.on('SIGINT', left);
    this.#lines.on('close', left);
  }

  /** Nothing, once it was closed. */
  print(text: string): void {
    if (this.#closed) return;
    const { stdout } = process;
    const { rows } = this.#lines.getCursorPos();
    cursorTo(stdout, 0);
    moveCursor(stdout, 0, -rows);
    clearScreenDown(stdout);
    // The line that is being typed is painted again as many rows above as readline remembers of the
    // last time: what was pasted since is not among them. Not documented, but nothing else tells.
    const above = Number(Reflect.get(this.#lines, 'prevRows')) || 0;
    stdout.write(`${text}\n${'\n'.repeat(above)}`);
    this.#lines.prompt(true);
  }

  prompt(text: string): void {
    if (this.#closed || text === this.#lines.getPrompt()) return;
    this.#lines.setPrompt(text);
    this.#lines.prompt(true);
  }

  /** Leaves the cursor on a line of its own. */
  close(): void {
    this.#closed = true;
    cursorTo(process.stdout, 0);
    clearScreenDown(process.stdout);
    this.#lines.removeAllListeners('close');
    this.#lines.close();
    this.#input.close();
  }

  #pressed({ name }: Key): void {
    if (name !== 'return' && name !== 'enter') return;
    this.#lines.write(null, { ctrl: true, name: 'e' });
    this.#entered = this.#lines.getCursorPos().rows;
  }
}
