import { type KeyboardEvent, memo, useDeferredValue, useEffect, useRef, useState } from 'react';
import { isComposing } from '../app/is-composing.ts';
import { EMOJI } from './emoji-data.ts';
import { type Emoji, GROUPS, inGroup, searchEmoji } from './emoji-search.ts';
import { neighbour } from './neighbour.ts';
import { recentEmoji, rememberEmoji } from './recent-emoji.ts';

const SECTIONS = GROUPS.map(({ group, label }) => ({ label, emoji: inGroup(EMOJI, group) }));

interface EmojiPickerProps {
  pick: (emoji: string) => void;
  /** Nothing was chosen. */
  close: () => void;
}

/** All emoji by groups, with a search; the arrow keys move among them. */
export function EmojiPicker({ pick, close }: EmojiPickerProps) {
  const [typed, setTyped] = useState('');
  const wanted = useDeferredValue(typed);
  const box = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);

  const choose = (emoji: string) => {
    rememberEmoji(emoji);
    pick(emoji);
  };
  const chooseFirst = () => {
    const [first] = searchEmoji(EMOJI, typed);
    if (first) choose(first.unicode);
  };
  const pressed = (event: KeyboardEvent<HTMLElement>) => {
    if (isComposing(event)) return;
    const buttons = [...(box.current?.querySelectorAll<HTMLElement>('.emoji-one') ?? [])];
    if (event.key === 'Escape') close();
    else if (event.target === field.current) {
      if (event.key === 'ArrowDown') buttons[0]?.focus();
      else if (event.key !== 'Enter') return;
      // What is shown may lag behind what is typed.
      else if (wanted === typed) buttons[0]?.click();
      else chooseFirst();
    } else {
      const next = neighbour(buttons, event.target as HTMLElement, event.key);
      if (next === undefined) return;
      (next ?? field.current)?.focus();
    }
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div ref={box} className="emoji-picker" role="dialog" aria-label="Emoji" onKeyDown={pressed}>
      <input
        ref={field}
        className="field"
        type="search"
        aria-label="Search emoji"
        placeholder="Search"
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <Sections wanted={wanted} choose={choose} />
    </div>
  );
}

interface SectionsProps {
  wanted: string;
  choose: (emoji: string) => void;
}

const Sections = memo(
  function Sections({ wanted, choose }: SectionsProps) {
    const [recent] = useState(() => {
      const chosen = recentEmoji();
      return EMOJI.filter(({ unicode }) => chosen.includes(unicode));
    });
    const searching = wanted.trim() !== '';
    const sections = searching
      ? [{ label: 'Found', emoji: searchEmoji(EMOJI, wanted) }]
      : [{ label: 'Used last', emoji: recent }, ...SECTIONS];
    return (
      <div className="emoji-sections">
        {sections.map(({ label, emoji }) => (
          <Section key={label} label={label} emoji={emoji} choose={choose} />
        ))}
        {searching && sections[0]?.emoji.length === 0 && <p className="hint">None is called so.</p>}
      </div>
    );
  },
  // What `choose` does never changes, although it is another function each time.
  (before, after) => before.wanted === after.wanted,
);

interface SectionProps {
  label: string;
  emoji: readonly Emoji[];
  choose: (emoji: string) => void;
}

function Section({ label, emoji, choose }: SectionProps) {
  if (emoji.length === 0) return null;
  return (
    <section aria-label={label}>
      <h2>{label}</h2>
      <div className="emoji-grid">
        {emoji.map(({ unicode, label: name }) => (
          <button
            key={unicode}
            type="button"
            className="emoji-one"
            aria-label={name}
            title={name}
            tabIndex={-1}
            onClick={() => choose(unicode)}
          >
            {unicode}
          </button>
        ))}
      </div>
    </section>
  );
}
