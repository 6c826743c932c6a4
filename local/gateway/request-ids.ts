import { randomBytes } from 'node:crypto';

const urlSafe = (chars: number) =>
  randomBytes(Math.ceil((chars * 3) / 4))
    .toString('base64url')
    .slice(0, chars);

/** Like `d1Y6deLooAMCJxA=`: the `=` has to be percent-encoded in the path of a post. */
export const newConnectionId = (): string => `${urlSafe(15)}=`;

export const newRequestId = (): string => `${urlSafe(15)}=`;

export const isConnectionId = (text: string): boolean => /^[\w-]{15}=$/.test(text);

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** The common log format, in UTC: `09/Apr/2015:12:34:56 +0000`. */
export function requestTime(at: number): string {
  const date = new Date(at);
  const day = String(date.getUTCDate()).padStart(2, '0');
  const time = date.toISOString().slice(11, 19);
  return `${day}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}:${time} +0000`;
}
