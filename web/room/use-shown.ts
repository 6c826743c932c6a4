import { type RefObject, useCallback, useEffect, useEffectEvent, useRef } from 'react';
import type { VirtualizerHandle } from 'virtua';
import type { Line } from './lines.ts';

/** What is on the screen for less than this was not seen, in milliseconds. */
const GLIMPSE_MS = 200;
/**
 * Space below a line's words, which doesn't have to be on the screen, in pixels: below the last one
 * stands what is said of its delivery.
 */
const BELOW_WORDS = 2;
const BELOW_LAST_WORDS = 24;

/** Messages on the screen, by seq: the first of which any part is, and the last that is whole. */
export interface OnScreen {
  readonly first: number;
  readonly last: number;
}

/**
 * Tells which messages were on the screen for a while. It looks until two looks in a row agree, and
 * tells what both show: where a list is led to, lines pass by while they are measured. A page that
 * is not in view tells nothing.
 *
 * @returns what says that something may have changed
 */
export function useShown(
  lines: readonly Line[],
  list: RefObject<VirtualizerHandle | null>,
  onShown: (first: number, last: number) => void,
): () => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const frame = useRef<number>(undefined);
  const before = useRef<OnScreen>(undefined);
  /** @returns whether it looks as it did before */
  const look = useEffectEvent((): boolean => {
    const now = list.current && !document.hidden ? onScreen(lines, list.current) : undefined;
    const seen = inBoth(before.current, now);
    if (seen) onShown(seen.first, seen.last);
    const isSame = before.current?.first === now?.first && before.current?.last === now?.last;
    before.current = now;
    return isSame;
  });
  const lookSoon = useCallback(() => {
    timer.current ??= setTimeout(() => {
      // Lines are measured between two frames: until then their heights are guesses.
      frame.current = requestAnimationFrame(() => {
        timer.current = undefined;
        if (!look()) lookSoon();
      });
    }, GLIMPSE_MS);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: Other lines may be others on the screen.
  useEffect(lookSoon, [lines, lookSoon]);
  useEffect(() => {
    const lookAfresh = () => {
      before.current = undefined;
      lookSoon();
    };
    document.addEventListener('visibilitychange', lookAfresh);
    return () => {
      document.removeEventListener('visibilitychange', lookAfresh);
      clearTimeout(timer.current);
      timer.current = undefined;
      if (frame.current !== undefined) cancelAnimationFrame(frame.current);
    };
  }, [lookSoon]);
  return lookSoon;
}

/** What is in two looks at the screen; undefined when that is nothing. */
export function inBoth(
  before: OnScreen | undefined,
  now: OnScreen | undefined,
): OnScreen | undefined {
  if (!before || !now) return undefined;
  const first = Math.max(before.first, now.first);
  const last = Math.min(before.last, now.last);
  return first <= last ? { first, last } : undefined;
}

function onScreen(lines: readonly Line[], view: VirtualizerHandle): OnScreen | undefined {
  if (!view.viewportSize) return undefined;
  const bottom = view.scrollOffset + view.viewportSize;
  const firstIndex = view.findItemIndex(view.scrollOffset);
  let lastIndex = view.findItemIndex(bottom);
  const end = view.getItemOffset(lastIndex) + view.getItemSize(lastIndex);
  const below = lastIndex === lines.length - 1 ? BELOW_LAST_WORDS : BELOW_WORDS;
  if (end > bottom + below) lastIndex--;
  const first = lines[firstIndex]?.seq;
  // One's own that are on their way have no seq yet.
  const last = lines.slice(0, lastIndex + 1).findLast(({ seq }) => seq !== undefined)?.seq;
  return first === undefined || last === undefined ? undefined : { first, last };
}
