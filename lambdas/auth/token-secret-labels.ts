/**
 * What the labels of the token secret's versions say (staging labels, as Secrets Manager calls
 * them). `npm run rotate` sets them, functions go by them. A version with a label is not deleted,
 * and a version without one counts for nothing.
 */
export const LABELS = {
  /** The version that signs. */
  current: 'AWSCURRENT',
  /** Secrets Manager's own: the version that was current before. */
  previous: 'AWSPREVIOUS',
  /** Will sign soon. Functions take what it signed, so that no token comes before its key. */
  pending: 'AWSPENDING',
  /** Counts for nothing, whatever else it is called: somebody may have seen it. */
  ended: 'ENDED',
  /** A new version, as long as those that it replaces at once have not all been ended. */
  replacing: 'ENDS_OTHERS',
} as const;

const DAY_MS = 24 * 60 * 60 * 1_000;
const RETIRED = /^SIGNED_UNTIL_(\d{4}-\d\d-\d\d)_/;

/**
 * The label of a version that no longer signs. It is a version's own, for Secrets Manager gives each
 * label to one version only, and people can read it: `SIGNED_UNTIL_2026-12-02_<id>`.
 *
 * @param until milliseconds since 1970. The whole day counts, in UTC.
 */
export const retiredLabel = (id: string, until: number): string =>
  `SIGNED_UNTIL_${new Date(until).toISOString().slice(0, 10)}_${id}`;

export const isRetiredLabel = (label: string): boolean => RETIRED.test(label);

/**
 * Until when a version's tokens may have been signed, in milliseconds since 1970. A token of a later
 * day is not good, so a version that no longer signs ends with the last of its tokens.
 *
 * @returns Infinity where nothing bounds it, undefined where the version counts for nothing
 */
export function signedUntil(labels: readonly string[]): number | undefined {
  const has = (label: string) => labels.includes(label);
  if (has(LABELS.current)) return Number.POSITIVE_INFINITY;
  if (has(LABELS.ended)) return undefined;
  if (has(LABELS.pending)) return Number.POSITIVE_INFINITY;
  const days = labels.flatMap((label) => RETIRED.exec(label)?.[1] ?? []);
  if (days.length > 0) return Math.max(...days.map((day) => Date.parse(day) + DAY_MS));
  // Somebody put a new value by hand: this one is good until the next.
  return has(LABELS.previous) ? Number.POSITIVE_INFINITY : undefined;
}
