/** No object is longer: a message with its fields is a few thousand characters. */
const LONGEST_OBJECT = 16_777_216;

/** An object, and the line on which it begins, from 1. */
export interface LocatedObject {
  value: unknown;
  line: number;
}

/**
 * The objects of a JSON array, or of JSON Lines, one at a time: a dump may be larger than memory.
 *
 * @throws Error when the text is neither, ends too early, or holds a broken object, with its line
 */
export async function* jsonObjects(chunks: AsyncIterable<string>): AsyncGenerator<LocatedObject> {
  let object = '';
  let line = 1;
  let begun = 1;
  let depth = 0;
  let inString = false;
  let escaped = false;
  /** The first and the last character between the objects. */
  let first = '';
  let last = '';
  for await (const chunk of chunks) {
    let start = 0;
    for (let index = 0; index < chunk.length; index++) {
      const character = chunk.charAt(index);
      if (character === '\n') line++;
      if (inString) {
        if (escaped) escaped = false;
        else if (character === '\\') escaped = true;
        else if (character === '"') inString = false;
      } else if (character === '{') {
        if (depth === 0) [start, begun] = [index, line];
        depth++;
      } else if (depth > 0) {
        if (character === '"') inString = true;
        else if (character === '}' && --depth === 0) {
          yield { value: parse(object + chunk.slice(start, index + 1), begun), line: begun };
          object = '';
        }
      } else if (character.trim() !== '') {
        first ||= character;
        last = character;
        if (!'[,]'.includes(character)) throw notADump();
      }
    }
    if (depth > 0) object += chunk.slice(start);
    if (object.length > LONGEST_OBJECT) throw notADump();
  }
  if (depth > 0 || (first === '[') !== (last === ']')) {
    throw new Error('The dump ends in the middle. Write it again with manage.py dumpdata.');
  }
}

function parse(text: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new Error(`Line ${line}: The object that begins here is broken: ${problem}`);
  }
}

const notADump = () =>
  new Error('This is neither an SQLite file nor what manage.py dumpdata writes.');
