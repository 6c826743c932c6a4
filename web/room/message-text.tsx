import type { ReactNode } from 'react';
import { emojiRuns, isEmojiOnly } from './emoji-text.ts';
import { type Stretch, stretchesOf } from './links.ts';

/** What somebody wrote, as text: only its web addresses become something else, namely links. */
export function MessageText({ id, text }: { id: string; text: string }) {
  const lines = text.split('\n');
  return (
    <p id={id} className="words" dir="auto" data-emoji={isEmojiOnly(text) || undefined}>
      {lines.length === 1 ? withLinks(text) : lines.map(ownLine)}
    </p>
  );
}

/**
 * A line of several, in an element of its own: each is read from the side that its first letter
 * says, and Firefox, which knows that as well, sets some of them at the other.
 */
function ownLine(line: string, index: number): ReactNode {
  // The lines of a text never change: its places are its keys.
  return (
    <span key={index} className="words-line" dir="auto">
      {line === '' ? <br /> : withLinks(line)}
    </span>
  );
}

function withLinks(text: string): ReactNode {
  const stretches = stretchesOf(text);
  const plain = stretches.length === 1 && stretches[0]?.url === undefined;
  return plain ? withEmoji(text) : stretches.map(linked);
}

function linked({ text, url }: Stretch, index: number): ReactNode {
  // The stretches of a text never change: its places are its keys.
  if (url === undefined) return <span key={index}>{withEmoji(text)}</span>;
  return (
    <a key={index} href={url} target="_blank" rel="noopener noreferrer nofollow">
      {text}
    </a>
  );
}

/** The emoji in a text are set in a font of their own. */
export function withEmoji(text: string): ReactNode {
  const runs = emojiRuns(text);
  if (runs.length === 1) return text;
  // At odd places is emoji. A text beside an element has an element of its own, see app/main.tsx.
  return runs.map((run, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: The runs of a text never change.
    <span key={index} className={index % 2 === 1 ? 'emoji-run' : undefined}>
      {run}
    </span>
  ));
}
