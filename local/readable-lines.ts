import { type LogLevel, severityOf } from '../lambdas/aws/severity.ts';
import type { Journal, JournalEntry } from '../lambdas/edge/journal.ts';

const COLOURS = { info: '', warn: '\u001b[33m', error: '\u001b[31m' } as const;
const PLAIN = '\u001b[0m';

/** What `readableLines` needs of a terminal. */
export interface Output {
  isTTY?: boolean;
  write(text: string): unknown;
}

/**
 * Writes the log for people: `12:03:11 sendMessage ok, 12 ms  room=lobby seq=3`, and below it the
 * stack of what went wrong. Everything stands in quotes, escaped, that is not plainly a word, so
 * that nobody can forge a line.
 */
export function readableLines(level: LogLevel, output: Output = process.stdout): Journal {
  return (entry) => {
    const severity = severityOf(entry);
    if (level === 'error' && severity !== 'error') return;
    const colour = output.isTTY ? COLOURS[severity] : '';
    output.write(`${colour}${lineOf(entry)}${colour && PLAIN}\n`);
  };
}

function lineOf({ route, result, code, ms, error, ...notes }: JournalEntry): string {
  const time = new Date().toTimeString().slice(0, 8);
  const outcome = code === undefined ? result : `${result} (${code})`;
  const stack = (error ?? '')
    .split('\n')
    .filter(Boolean)
    .map((line) => `\n    ${printable(line)}`);
  return `${time} ${route} ${outcome}, ${ms} ms  ${wordsOf(notes).join(' ')}${stack.join('')}`;
}

function wordsOf(notes: object): string[] {
  return Object.entries(notes).flatMap(([name, value]) => {
    if (value === undefined) return [];
    if (typeof value === 'object') return [`${name}(${wordsOf(value).join(' ')})`];
    const text = String(value);
    return [`${name}=${/^[\p{L}\p{N}._:=-]+$/u.test(text) ? text : JSON.stringify(text)}`];
  });
}

/** Without what moves a terminal's cursor. */
const printable = (text: string) => text.replaceAll(/\p{Cc}/gu, '');
