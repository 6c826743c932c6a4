import { type RefObject, useCallback, useState } from 'react';
import type { VirtualizerHandle } from 'virtua';
import { useNow } from '../app/use-now.ts';
import type { Line } from './lines.ts';
import { dayName, daysBetween } from './times.ts';
import { AT_END } from './use-scroll.ts';

export interface TopDay {
  /** Undefined at the newest messages. */
  readonly day: string | undefined;
  /** It was scrolled. */
  readonly look: () => void;
}

/** The day of the first line on the screen: who reads back sees times without one. */
export function useTopDay(
  lines: readonly Line[],
  list: RefObject<VirtualizerHandle | null>,
): TopDay {
  const [at, setAt] = useState<number>();
  const look = useCallback(() => {
    const view = list.current;
    const below = view ? view.scrollSize - view.scrollOffset - view.viewportSize : 0;
    const line = view && below > AT_END ? lines[view.findItemIndex(view.scrollOffset)] : undefined;
    // Most scrolling stays in one day, and renders nothing.
    setAt((before) => (line && before && daysBetween(before, line.at) === 0 ? before : line?.at));
  }, [lines, list]);
  return { day: useNow((now) => (at === undefined ? undefined : dayName(at, now))), look };
}
