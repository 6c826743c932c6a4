/** No line is longer: a message has 8,000 bytes, and JSON at most doubles it. */
const LONGEST_LINE = 1_048_576;

/** How much goes to a file or pipe at once. */
const CHUNK = 65_536;

/**
 * The lines of a text, without their ends: LF, or CRLF. Nothing else ends one, where Node's readline
 * also splits at a lone CR, U+2028 and U+2029, which are part of what somebody said. Holds one line
 * at a time, however long the text is.
 *
 * @throws Error when a line has more than a million characters
 */
export async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  let number = 1;
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      yield withoutReturn(line);
      number++;
    }
    if (rest.length > LONGEST_LINE) {
      throw new Error(`Line ${number} has no end within ${LONGEST_LINE} characters.`);
    }
  }
  if (rest !== '') yield withoutReturn(rest);
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);

/** Joins short texts to chunks that are worth a write. */
export async function* inChunks(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let chunk = '';
  for await (const text of texts) {
    chunk += text;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
