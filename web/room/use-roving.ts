import {
  type FocusEvent,
  type KeyboardEvent,
  type RefObject,
  useCallback,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import type { VirtualizerHandle } from 'virtua';
import type { Line } from './lines.ts';

interface RovingOptions {
  lines: readonly Line[];
  scroller: RefObject<HTMLElement | null>;
  list: RefObject<VirtualizerHandle | null>;
  onLeave: () => void;
  /** The key for it was pressed on a line that everybody sees. */
  onReply: ((seq: number) => void) | undefined;
}

/** Pictures that a line may take to be measured: before, it is hidden and can't have the focus. */
const PATIENCE = 20;

/**
 * One line of the list is where Tab leads to; the arrow keys, Home and End go from it to others,
 * Escape goes back to where one writes, R answers the line.
 */
export function useRoving({ lines, scroller, list, onLeave, onReply }: RovingOptions) {
  const [key, setKey] = useState<string>();
  const [focused, setFocused] = useState<string>();
  const wanted = useRef<string>(undefined);
  /** Draws the list anew for each wish: the line that is wanted may be the one that Tab leads to already. */
  const [, wish] = useState({});
  const indexOf = (wantedKey: string | undefined) =>
    wantedKey === undefined ? -1 : lines.findLastIndex((line) => line.key === wantedKey);
  const found = indexOf(key);
  const active = found >= 0 ? found : lines.length - 1;

  /** Focuses a line that is on the screen, or about to be. */
  const point = useCallback(
    (index: number) => {
      const line = lines[index];
      wanted.current = line?.key;
      setKey(line?.key);
      wish({});
    },
    [lines],
  );
  const focus = useCallback(
    (index: number) => {
      point(index);
      list.current?.scrollToIndex(index, { align: 'nearest' });
    },
    [point, list],
  );

  useLayoutEffect(() => {
    const target = wanted.current;
    if (target === undefined) return;
    wanted.current = undefined;
    moveFocus(scroller, target, PATIENCE);
  });

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const seq = lines[active]?.seq;
    const to = {
      ArrowUp: active - 1,
      ArrowDown: active + 1,
      Home: 0,
      End: lines.length - 1,
    }[event.key];
    if (to !== undefined) {
      if (to >= lines.length) onLeave();
      else focus(Math.max(0, to));
    } else if (event.key === 'Escape') onLeave();
    else if (event.key.toLowerCase() === 'r' && seq !== undefined && onReply) onReply(seq);
    else return;
    event.preventDefault();
  };
  const onFocus = (event: FocusEvent<HTMLElement>) => {
    const line = event.target.closest<HTMLElement>('[data-key]')?.dataset.key;
    setKey(line);
    setFocused(line);
  };
  return {
    active,
    // What has the focus, or is about to, must not go with what is scrolled away.
    keepMounted: [found, indexOf(focused)].filter((index) => index >= 0),
    point,
    onKeyDown,
    onFocus,
    onBlur: () => setFocused(undefined),
    focusNewest: useCallback(() => focus(lines.length - 1), [focus, lines.length]),
  };
}

function moveFocus(scroller: RefObject<HTMLElement | null>, key: string, patience: number): void {
  const line = scroller.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
  line?.focus({ preventScroll: true });
  if (patience === 0 || (line && document.activeElement === line)) return;
  requestAnimationFrame(() => moveFocus(scroller, key, patience - 1));
}
