import { type RefObject, useCallback, useEffect, useEffectEvent, useRef } from 'react';
import type { VirtualizerHandle } from 'virtua';
import type { Line } from './lines.ts';

/** What is on the screen for less than this was not seen. */
const GLIMPSE_MS = 200;
/**
 * Space below a line's words, which doesn't have to be on the screen, in pixels: below the last one
 * stands what is said of its delivery.
 */
const BELOW_WORDS = 2;
const BELOW_LAST_WORDS = 24;

/**
 * Tells which messages are on the screen: the first of which any part is, and the last that is
 * there to its end. A page that is not in view tells nothing.
 *
 * @returns what says that something may have changed
 */
export function useShown(
  lines: readonly Line[],
  list: RefObject<VirtualizerHandle | null>,
  onShown: (first: number, last: number) => void,
): () => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const look = useEffectEvent(() => {
    const view = list.current;
    if (document.hidden || !view?.viewportSize) return;
    const bottom = view.scrollOffset + view.viewportSize;
    const firstIndex = view.findItemIndex(view.scrollOffset);
    let lastIndex = view.findItemIndex(bottom);
    const end = view.getItemOffset(lastIndex) + view.getItemSize(lastIndex);
    const below = lastIndex === lines.length - 1 ? BELOW_LAST_WORDS : BELOW_WORDS;
    if (end > bottom + below) lastIndex--;
    const first = lines[firstIndex]?.seq;
    // One's own that are on their way have no seq yet.
    const last = lines.slice(0, lastIndex + 1).findLast(({ seq }) => seq !== undefined)?.seq;
    if (first !== undefined && last !== undefined) onShown(first, last);
  });
  const lookSoon = useCallback(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      look();
    }, GLIMPSE_MS);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: Other lines may be others on the screen.
  useEffect(lookSoon, [lines, lookSoon]);
  useEffect(() => {
    document.addEventListener('visibilitychange', lookSoon);
    return () => {
      document.removeEventListener('visibilitychange', lookSoon);
      clearTimeout(timer.current);
      timer.current = undefined;
    };
  }, [lookSoon]);
  return lookSoon;
}
