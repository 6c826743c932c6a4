import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { Failure } from '../app/failure.tsx';
import { SmileIcon } from '../app/icons.tsx';

// A quarter of all that the page loads: only for who asks for it.
const EmojiPicker = lazy(async () => {
  const { EmojiPicker: picker } = await import('./emoji-picker.tsx');
  return { default: picker };
});

/** Opens the emoji picker. @param pick called with each that is chosen */
export function EmojiButton({ pick }: { pick: (emoji: string) => void }) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = useCallback(() => {
    setOpen(false);
    button.current?.focus();
  }, []);
  useEffect(() => {
    if (!open) return;
    const elsewhere = (event: PointerEvent) => {
      if (!(event.target instanceof Node && box.current?.contains(event.target))) setOpen(false);
    };
    addEventListener('pointerdown', elsewhere);
    return () => removeEventListener('pointerdown', elsewhere);
  }, [open]);
  const chosen = (emoji: string) => {
    setOpen(false);
    pick(emoji);
  };
  return (
    <div ref={box}>
      <button
        ref={button}
        type="button"
        className="icon-button"
        aria-label="Emoji"
        title="Emoji"
        aria-expanded={open}
        aria-haspopup="dialog"
        onClick={() => setOpen(!open)}
      >
        <SmileIcon />
      </button>
      {open && (
        <Failure
          fallback={<p className="emoji-picker emoji-wait">Load the page again for emoji.</p>}
        >
          <Suspense fallback={<p className="emoji-picker emoji-wait">Loading…</p>}>
            <EmojiPicker pick={chosen} close={close} />
          </Suspense>
        </Failure>
      )}
    </div>
  );
}
