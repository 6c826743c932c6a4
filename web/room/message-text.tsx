import type { ReactNode } from 'react';
import { emojiRuns, isEmojiOnly } from './emoji-text.ts';
import { stretchesOf } from './links.ts';

/** What somebody wrote, as text: only its web addresses become something else, namely links. */
export function MessageText({ id, text }: { id: string; text: string }) {
  return (
    <p id={id} className="words" dir="auto" data-emoji={isEmojiOnly(text) || undefined}>
      {stretchesOf(text).map(({ text: part, url }, index) =>
        url ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: The stretches of a text never change.
          <a key={index} href={url} target="_blank" rel="noopener noreferrer nofollow">
            {part}
          </a>
        ) : (
          withEmoji(part)
        ),
      )}
    </p>
  );
}

/** The emoji in a text are set in a font of their own. */
function withEmoji(text: string): ReactNode {
  const runs = emojiRuns(text);
  if (runs.length === 1) return text;
  return runs.map((run, index) =>
    index % 2 === 0 ? (
      run
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: The runs of a text never change.
      <span key={index} className="emoji-run">
        {run}
      </span>
    ),
  );
}
