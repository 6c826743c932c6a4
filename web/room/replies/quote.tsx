import { Link } from '../../app/link.tsx';
import { pathOfRoom } from '../../app/places.ts';
import { withEmoji } from '../message-text.tsx';
import { nameColour } from '../name-colour.ts';
import type { Quoted } from './quoted.ts';
import { useQuoted } from './replies-context.ts';

interface QuoteProps {
  room: string;
  seq: number;
  /** Whether Tab leads to it. */
  reachable: boolean;
}

/** Stands above what answers a message, and leads to that message. */
export function Quote({ room, seq, reachable }: QuoteProps) {
  const quoted = useQuoted(seq);
  const gone = quoted === 'gone';
  const words = (
    <>
      <span className="visually-hidden">{gone ? 'Reply: ' : 'Reply to '}</span>
      <QuotedWords quoted={quoted} />
    </>
  );
  if (gone) return <span className="quote">{words}</span>;
  return (
    <Link
      className="quote"
      href={pathOfRoom(room, seq)}
      title="Show the message"
      tabIndex={reachable ? 0 : -1}
    >
      {words}
    </Link>
  );
}

/** Who said it, and how it begins; or why nobody can tell. */
export function QuotedWords({ quoted }: { quoted: Quoted | undefined }) {
  if (!quoted) return <span className="quote-words">an earlier message</span>;
  if (quoted === 'gone')
    return <span className="quote-words">The message is no longer there.</span>;
  const { sender, text } = quoted;
  const { hue, tone } = nameColour(sender);
  return (
    <>
      <span className="quote-name" data-hue={hue} data-tone={tone}>
        <bdi translate="no">{sender}</bdi>
        <span className="visually-hidden">: </span>
      </span>
      {text === undefined ? (
        <span className="quote-words">The message was deleted.</span>
      ) : (
        <bdi className="quote-words" data-said>
          {withEmoji(text)}
        </bdi>
      )}
    </>
  );
}
