/** No encoding takes more bytes for a character. */
const LONGEST_SEQUENCE = 8;

/** What `strictText` is told of the bytes. */
export interface TextSource {
  /** For errors: a file's path, or "standard input". */
  name: string;
  /** One that `TextDecoder` knows by this label. Default: UTF-8. */
  encoding?: string;
  /** What to do about bytes that don't fit, as a sentence for errors. */
  hint?: string;
}

/** A text holds bytes that its encoding doesn't have. */
export class TextEncodingError extends Error {
  override readonly name = 'TextEncodingError';
}

/**
 * Bytes as text, without a byte order mark at the beginning. What doesn't fit is an error, where
 * Node's streams put U+FFFD in its place and so change what somebody said.
 *
 * @throws TextEncodingError naming the source, the line (from 1) and the byte (from 0, as xxd counts)
 * @throws RangeError for an encoding that is not known
 */
export async function* strictText(
  chunks: AsyncIterable<Uint8Array>,
  source: TextSource,
): AsyncGenerator<string> {
  const { encoding = 'utf-8' } = source;
  const decoder = strictDecoder(encoding);
  const behind = new Behind(encoding);
  let length = 0;
  /** A byte order mark tells of the bytes, and is none of the text. */
  const counted = (text: string) => {
    const isFirst = length === 0;
    length += text.length;
    return isFirst && text.startsWith('\ufeff') ? text.slice(1) : text;
  };
  /** What is whole before the place is part of the text: how much comes depends on no chunks. */
  function* broken(chunk: Uint8Array) {
    const place = behind.find(chunk);
    const text = counted(place.before.slice(length - behind.length));
    if (text !== '') yield text;
    throw errorAt(source, place);
  }
  for await (const chunk of chunks) {
    const text = decoded(decoder, chunk);
    if (text === undefined) return yield* broken(chunk);
    behind.pass(chunk);
    if (text !== '') yield counted(text);
  }
  if (decoded(decoder, undefined) === undefined) yield* broken(new Uint8Array());
}

/** The whole text at once. Throws as `strictText` does. */
export async function wholeText(
  chunks: AsyncIterable<Uint8Array>,
  source: TextSource,
): Promise<string> {
  let text = '';
  for await (const part of strictText(chunks, source)) text += part;
  return text;
}

/** A byte order mark stays, so that none is lost before characters are counted. */
const strictDecoder = (encoding: string) =>
  new TextDecoder(encoding, { fatal: true, ignoreBOM: true });

/** @returns undefined where the bytes don't fit */
function decoded(decoder: TextDecoder, bytes: Uint8Array | undefined): string | undefined {
  try {
    return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
  } catch {
    return undefined;
  }
}

interface Place {
  /** From 1. */
  line: number;
  /** From 0. */
  byte: number;
  value: number | undefined;
  /** What was found between where the search began and here. */
  before: string;
}

/**
 * A decoder that stays so many bytes behind that it has seen nothing of a character that may turn
 * out to be broken. TextDecoder only says that something in a chunk is wrong: from here on it is
 * looked for byte by byte, once.
 */
class Behind {
  readonly #decoder: TextDecoder;
  #held: Uint8Array = new Uint8Array();
  #line = 1;
  #byte = 0;

  /** How many characters it has passed. */
  length = 0;

  constructor(encoding: string) {
    this.#decoder = strictDecoder(encoding);
  }

  pass(chunk: Uint8Array): void {
    const bytes = Buffer.concat([this.#held, chunk]);
    const seen = Math.max(0, bytes.length - LONGEST_SEQUENCE);
    const text = this.#decoder.decode(bytes.subarray(0, seen), { stream: true });
    this.#line += lineFeeds(text);
    this.length += text.length;
    this.#byte += seen;
    this.#held = bytes.subarray(seen);
  }

  /** Where the first character begins that doesn't fit. */
  find(chunk: Uint8Array): Place {
    const bytes = Buffer.concat([this.#held, chunk]);
    let [before, start] = ['', 0];
    for (let at = 0; at < bytes.length; at++) {
      const text = decoded(this.#decoder, bytes.subarray(at, at + 1));
      if (text === undefined) break;
      if (text === '') continue;
      before += text;
      start = at + 1;
    }
    const line = this.#line + lineFeeds(before);
    return { line, byte: this.#byte + start, value: bytes[start], before };
  }
}

const lineFeeds = (text: string): number => text.split('\n').length - 1;

function errorAt({ name, encoding = 'utf-8', hint }: TextSource, place: Place): TextEncodingError {
  const { line, byte, value } = place;
  const found = value === undefined ? 'The end' : `0x${value.toString(16).padStart(2, '0')}`;
  const problem = `${found} is not ${encoding.toUpperCase()} there`;
  return new TextEncodingError(
    `${name}, line ${line}, byte ${byte}: ${problem}.${hint === undefined ? '' : ` ${hint}`}`,
  );
}
