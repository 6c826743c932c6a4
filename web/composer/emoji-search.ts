/** An emoji of the list, in the order in which the list has them. */
export interface Emoji {
  readonly unicode: string;
  readonly label: string;
  readonly tags?: readonly string[];
  readonly group: number;
}

/** The groups that are shown, in this order. */
export const GROUPS: readonly { group: number; label: string }[] = [
  { group: 0, label: 'Smileys' },
  { group: 1, label: 'People' },
  { group: 3, label: 'Animals and nature' },
  { group: 4, label: 'Food and drink' },
  { group: 5, label: 'Travel and places' },
  { group: 6, label: 'Activities' },
  { group: 7, label: 'Objects' },
  { group: 8, label: 'Symbols' },
  { group: 9, label: 'Flags' },
];

/** Those of a group. */
export const inGroup = (all: readonly Emoji[], wanted: number): Emoji[] =>
  all.filter(({ group }) => group === wanted);

/**
 * Those whose name or tags hold each word that was typed: first those whose name has words that
 * begin so, then those whose tags have.
 *
 * @param most how many at most
 */
export function searchEmoji(all: readonly Emoji[], typed: string, most = 120): Emoji[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const ranked = all.flatMap((emoji) => {
    const { label, tags = [] } = emoji;
    const name = ` ${label}`.toLowerCase();
    const text = `${name} ${tags.join(' ')}`.toLowerCase();
    if (!words.every((word) => text.includes(word))) return [];
    const begin = (where: string) => words.every((word) => where.includes(` ${word}`));
    return [{ emoji, rank: begin(name) ? 0 : begin(text) ? 1 : 2 }];
  });
  const best = [0, 1, 2].flatMap((wanted) => ranked.filter(({ rank }) => rank === wanted));
  return best.slice(0, most).map(({ emoji }) => emoji);
}
