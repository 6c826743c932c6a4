/**
 * What Python's `str.strip()` takes off, which is what Django REST framework does to a form's
 * texts. JavaScript's `trim` keeps the first five of these, and takes U+FEFF.
 */
const SPACES: ReadonlySet<string> = new Set(
  '\x1c\x1d\x1e\x1f\x85\t\n\v\f\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000',
);

/**
 * A text without the white space at its ends.
 *
 * @example stripped(' pw\n') // 'pw'
 */
export function stripped(text: string): string {
  // By hand: a regular expression takes quadratic time for many spaces within a text.
  let [start, end] = [0, text.length];
  while (start < end && SPACES.has(text.charAt(start))) start++;
  while (end > start && SPACES.has(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}
