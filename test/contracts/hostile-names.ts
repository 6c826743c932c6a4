/** Names that an escaping with a hole in it would mix up with each other. */
export const HOSTILE_NAMES = [
  'a',
  'a#b',
  'a%23b',
  'a%2523b',
  'a#0',
  'a#0#0',
  '#a',
  'a#',
  '',
  'größe',
  '日本語',
  '🙂',
  'a\u0000b',
  'a/b',
  'A',
] as const;
