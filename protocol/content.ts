import { isBlank } from './blank.ts';
import { CONTENT_BYTES } from './limits.ts';

/** Control characters but tab and line breaks, and halves of surrogate pairs. */
const REFUSED = /[^\P{Cc}\t\n\r]|\p{Cs}/gu;

/** Vertical tab and form feed, as word processors and pages of print have them, and NEL. */
const OTHER_LINE_BREAKS = /[\v\f\u0085]/g;

/** Why a message can't be taken as it is; a sentence that says what to do. */
export interface ContentProblem {
  code: 'content_empty' | 'content_too_long' | 'content_invalid';
  message: string;
}

/**
 * What is wrong with the content of a message, by the one rule for servers and clients: something in
 * it shows, it has at most CONTENT_BYTES of UTF-8, no control characters but tab, line feed and
 * carriage return, and no half surrogate pairs. JSON may blow those up sixfold.
 *
 * @returns undefined when nothing is. `content_invalid` names the first character and its place,
 *   counted in characters (code points) from 1.
 */
export function contentProblem(content: string): ContentProblem | undefined {
  const index = content.search(REFUSED);
  if (index >= 0) return invalid(content, index);
  if (isBlank(content)) {
    return { code: 'content_empty', message: 'The message is empty. Write something in it.' };
  }
  if (new TextEncoder().encode(content).length > CONTENT_BYTES) {
    return {
      code: 'content_too_long',
      message: `The message is longer than ${CONTENT_BYTES} bytes. Shorten it.`,
    };
  }
  return undefined;
}

function invalid(content: string, index: number): ContentProblem {
  const code = content.charCodeAt(index).toString(16).toUpperCase().padStart(4, '0');
  const place = [...content.slice(0, index)].length + 1;
  return {
    code: 'content_invalid',
    message: `Character ${place} of the message is U+${code}, which shows nothing. Take it out.`,
  };
}

/**
 * A text without what `content_invalid` is about, for people: they paste such characters, don't see
 * them, and can't take them out. Those that break lines become line feeds, the others go. Programs
 * are told instead.
 *
 * @example mendedContent('a\u000bb\u001b[1m') === 'a\nb[1m'
 */
export const mendedContent = (text: string): string =>
  text.replaceAll(OTHER_LINE_BREAKS, '\n').replaceAll(REFUSED, '');
