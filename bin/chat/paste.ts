/** What a terminal puts around a pasted text once it was asked to (xterm's "bracketed paste"). */
const BEGIN = '\u001b[200~';
const END = '\u001b[201~';

/** Asks a terminal for the two, and to stop again. */
export const BRACKETED_PASTE = { on: '\u001b[?2004h', off: '\u001b[?2004l' } as const;

/** Stands for a line break in the one line that is being typed. */
export const BREAK = '␤';

/** A part of what a terminal sends. */
export type TerminalPart = { typed: string } | { pasted: string };

/** Tells what was pasted from what was typed, wherever the chunks end. */
export class PasteSplitter {
  #rest = '';
  #inPaste = false;

  split(chunk: string): TerminalPart[] {
    const parts: TerminalPart[] = [];
    let text = this.#rest + chunk;
    this.#rest = '';
    for (;;) {
      const mark = this.#inPaste ? END : BEGIN;
      const at = text.indexOf(mark);
      if (at < 0) break;
      this.#add(parts, text.slice(0, at));
      this.#inPaste = !this.#inPaste;
      text = text.slice(at + mark.length);
    }
    if (this.#inPaste) {
      // It comes as a whole.
      this.#rest = text;
      return parts;
    }
    const open = lengthOfBegun(text);
    this.#rest = text.slice(text.length - open);
    this.#add(parts, text.slice(0, text.length - open));
    return parts;
  }

  #add(parts: TerminalPart[], text: string): void {
    if (text !== '') parts.push(this.#inPaste ? { pasted: text } : { typed: text });
  }
}

/** How much of BEGIN stands at the end. A lone escape is the key: nobody waits for more of it. */
function lengthOfBegun(text: string): number {
  for (let length = BEGIN.length - 1; length > 1; length--) {
    if (text.endsWith(BEGIN.slice(0, length))) return length;
  }
  return 0;
}

/** Controls but tab, and what a terminal would obey. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is what it is for
const ACTIVE = /[\u0000-\u0008\u000e-\u001f\u007f-\u009f]/g;

/**
 * A pasted text as a part of a line: its breaks are marks, and what shows nothing but may move
 * the cursor is left out. So are breaks and tabs at its end: there a tab would complete a word.
 */
export const asTyped = (pasted: string): string =>
  pasted
    .replaceAll(/\r\n?|\v|\f|\x85|[\u2028\u2029]/g, '\n')
    .replaceAll(ACTIVE, '')
    .replace(/[\n\t]+$/, '')
    .replaceAll('\n', BREAK);

/** The message that a typed line is. */
export const asMessage = (line: string): string => line.replaceAll(BREAK, '\n');
