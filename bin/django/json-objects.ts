/** No object is longer: a message with its fields is a few thousand characters. */
const LONGEST_OBJECT = 16_777_216;

/**
 * The objects of a JSON array, or of JSON Lines, one at a time: a dump may be larger than memory.
 *
 * @throws Error when the text is neither, or ends too early; SyntaxError when an object is broken
 */
export async function* jsonObjects(chunks: AsyncIterable<string>): AsyncGenerator<unknown> {
  let object = '';
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
      if (inString) {
        if (escaped) escaped = false;
        else if (character === '\\') escaped = true;
        else if (character === '"') inString = false;
      } else if (character === '{') {
        if (depth === 0) start = index;
        depth++;
      } else if (depth > 0) {
        if (character === '"') inString = true;
        else if (character === '}' && --depth === 0) {
          yield JSON.parse(object + chunk.slice(start, index + 1));
          object = '';
        }
      } else if (character.trim() !== '' && character !== '\ufeff') {
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

const notADump = () =>
  new Error('This is neither an SQLite file nor what manage.py dumpdata writes.');
