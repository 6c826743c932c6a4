import { CONTENT_BYTES } from '../protocol/limits.ts';
import { ParlorClientError } from './errors.ts';

/** Control characters but tab and line breaks, and half surrogate pairs. */
const INVALID = /[^\P{Cc}\t\n\r]|\p{Cs}/u;

/**
 * Why the server would not take a content. To find out here is more than a courtesy: JSON blows
 * control characters up so far that their frame would end the connection, again and again.
 */
export function contentProblem(content: string): ParlorClientError | undefined {
  if (content.trim() === '') {
    return new ParlorClientError('content_empty', 'The message is empty. Write something in it.');
  }
  if (new TextEncoder().encode(content).byteLength > CONTENT_BYTES) {
    return new ParlorClientError(
      'content_too_long',
      `The message is longer than ${CONTENT_BYTES} bytes. Shorten it.`,
    );
  }
  if (!INVALID.test(content)) return undefined;
  return new ParlorClientError(
    'content_invalid',
    'The message holds control characters. Take them out.',
  );
}
