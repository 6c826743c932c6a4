import { ParlorError } from '../../protocol/errors.ts';
import { CONTENT_BYTES } from '../../protocol/limits.ts';

/** C0 controls but tab and line breaks, DEL, and C1 controls: JSON may blow them up sixfold. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is what it is for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

/**
 * The text of a message, as it is stored: just as it came, or not at all.
 *
 * @throws ParlorError `content_empty`, `content_too_long`, `content_invalid`
 */
export function parseContent(input: string): string {
  if (input.trim() === '') {
    throw new ParlorError('content_empty', 'The message is empty. Write something in it.');
  }
  if (Buffer.byteLength(input) > CONTENT_BYTES) {
    throw new ParlorError(
      'content_too_long',
      `The message is longer than ${CONTENT_BYTES} bytes of UTF-8. Shorten it or send it in parts.`,
    );
  }
  if (CONTROL.test(input) || !input.isWellFormed()) {
    throw new ParlorError(
      'content_invalid',
      'The message holds control characters or half a surrogate pair. Take them out.',
    );
  }
  return input;
}
