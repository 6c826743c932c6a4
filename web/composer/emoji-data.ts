import compact from 'emojibase-data/en/compact.json' with { type: 'json' };
import type { Emoji } from './emoji-search.ts';

/** All emoji. What is not looked at here is not in the built page either, see lib/bundle-page.ts. */
export const EMOJI: readonly Emoji[] = compact.flatMap(({ unicode, label, tags, group }) =>
  group === undefined ? [] : { unicode, label, tags, group },
);
