import { LinkifyIt } from 'linkify-it';

/** A stretch of a message: plain text, or an address that can be followed. */
export interface Stretch {
  readonly text: string;
  /** Always http: or https:. */
  readonly url?: string;
}

/** Only addresses that say http:// or https:// themselves: nothing is guessed. */
const linkify = new LinkifyIt({ fuzzyLink: false, fuzzyEmail: false }).add('//', null);

/** Cuts a message at its links; the texts together are the message. */
export function stretchesOf(text: string): Stretch[] {
  const stretches: Stretch[] = [];
  let end = 0;
  for (const { index, lastIndex, url } of linkify.match(text) ?? []) {
    if (!isWebAddress(url)) continue;
    if (index > end) stretches.push({ text: text.slice(end, index) });
    stretches.push({ text: text.slice(index, lastIndex), url });
    end = lastIndex;
  }
  if (end < text.length || text === '') stretches.push({ text: text.slice(end) });
  return stretches;
}

function isWebAddress(url: string): boolean {
  return URL.canParse(url) && ['http:', 'https:'].includes(new URL(url).protocol);
}
