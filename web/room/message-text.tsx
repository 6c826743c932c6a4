import { isEmojiOnly } from './emoji-only.ts';
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
          part
        ),
      )}
    </p>
  );
}
