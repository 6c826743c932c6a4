import { usernameKey } from '../../protocol/names.ts';

/** How many colours there are for names; style/line.css has them. */
export const HUES = 8;

/** The colour of somebody's name: always the same for the same person. */
export function hueOf(username: string): number {
  let hash = 0;
  for (const character of usernameKey(username)) {
    hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) | 0;
  }
  return (hash >>> 0) % HUES;
}
