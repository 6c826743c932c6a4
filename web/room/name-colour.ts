import { usernameKey } from '../../protocol/names.ts';

/** style/name-colours.css has them. */
export const HUES = 12;
export const TONES = 2;

export interface NameColour {
  /** Around the circle, from 0. */
  readonly hue: number;
  /** How light, from 0. */
  readonly tone: number;
}

/** The colour of somebody's name: always the same for the same person. */
export function nameColour(username: string): NameColour {
  const hash = hashOf(usernameKey(username));
  return { hue: hash % HUES, tone: Math.floor(hash / HUES) % TONES };
}

/**
 * FNV-1a, over the halves of UTF-16, with MurmurHash3's last step: without it names that differ
 * in their last letter alone have neighbouring colours, and the lightness follows the hue.
 */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
