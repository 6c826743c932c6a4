import { isBlank } from '../../protocol/blank.ts';
import { mendedContent } from '../../protocol/content.ts';

/**
 * A message as it is sent: without empty lines around it, and without what its writer can't see; the
 * first line keeps its indent. Empty when nothing would show.
 */
export function tidied(text: string): string {
  const mended = mendedContent(text);
  return isBlank(mended) ? '' : mended.replace(/^(?:\s*\n)+|\s+$/g, '');
}
