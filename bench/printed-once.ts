import type { Readable } from 'node:stream';

/** `(node:1234)` before a warning: each process has a number of its own. */
const PROCESS = /\(node:\d+\)/g;
const printed = new Set<string>();

/** How much of what a child said last is kept to tell of its end. */
const KEPT_CHARACTERS = 2_000;

/**
 * Passes on what children write, each line once however many children write it.
 *
 * @returns what this one wrote last, to tell why it ended
 */
export function printOnce(
  stream: Readable,
  print = (line: string) => void process.stderr.write(`${line}\n`),
  known = printed,
): () => string {
  let last = '';
  let rest = '';
  const tell = (line: string) => {
    const same = line.replaceAll(PROCESS, '(node)');
    if (same.trim() === '' || known.has(same)) return;
    known.add(same);
    print(line);
  };
  stream.setEncoding('utf8').on('data', (text: string) => {
    last = (last + text).slice(-KEPT_CHARACTERS);
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) tell(line);
  });
  stream.on('end', () => tell(rest));
  return () => last.trim();
}
