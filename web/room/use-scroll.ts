import { type RefObject, useCallback, useLayoutEffect, useRef } from 'react';
import type { VirtualizerHandle } from 'virtua';
import type { Line, Unread } from './lines.ts';
import type { Landing } from './reading.ts';
import type { Shape } from './shape.ts';
import { useShown } from './use-shown.ts';
import type { Target } from './use-target.ts';

/** So near to an end one counts as being there, in pixels. */
export const AT_END = 60;
/** So far from an end the next page is fetched: a fast scroll takes a while to get there. */
const NEAR = 1_600;
/** Space above a line that is gone to. */
const ABOVE = 72;

export interface ScrollOptions {
  lines: readonly Line[];
  shape: Shape;
  hasOlder: boolean;
  hasNewer: boolean;
  /** A page is being loaded, or the last could not be. */
  busy: boolean;
  loadOlder: () => void;
  loadNewer: () => void;
  /** The message to go to once it is among the lines; a new object for each wish. */
  target: Target | undefined;
  /** Another object each time that the reader is to be led to the first new message. */
  landing: Landing | undefined;
  /** The line of that message. */
  unread: Unread;
  onAtEnd: (atEnd: boolean) => void;
  /** From the first seq to the last it is on the screen; `hopped`: not by scrolling there. */
  onShown: (first: number, last: number, hopped: boolean) => void;
}

export interface Scroll {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly list: RefObject<VirtualizerHandle | null>;
  readonly onScroll: () => void;
  readonly onScrollEnd: () => void;
  readonly onResize: () => void;
  /** The reader takes over: what was being scrolled to no longer matters. */
  readonly onTouch: () => void;
  readonly onWheel: (event: { deltaY: number }) => void;
  readonly toEnd: () => void;
}

/** Which wishes were fulfilled, or are none any more. */
interface Seen {
  generation: number;
  target: Target | undefined;
  landing: Landing | undefined;
}

/**
 * Keeps a virtual list where its reader wants it: at the newest line while that is on the screen,
 * else at the line one reads, whatever comes at either end.
 */
export function useScroll(options: ScrollOptions): Scroll {
  const { lines, shape, hasOlder, hasNewer, busy, target, landing, unread } = options;
  const { onAtEnd, onShown, loadOlder, loadNewer } = options;
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  /** Whether the list follows what comes. */
  const follows = useRef(true);
  /** On its way to the end: lines are measured on the way, so it takes several steps. */
  const settling = useRef(false);
  const seen = useRef<Seen>({ generation: -1, target: undefined, landing: undefined });
  /** Went somewhere without what lies between. */
  const hopped = useRef(true);

  const toEnd = useCallback(() => {
    follows.current = true;
    settling.current = true;
    // Not by the list's own scrollToIndex: that goes on for 150 ms after the last line it measures,
    // and would take a reader back who scrolls up meanwhile.
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight, behavior: 'instant' });
  }, []);

  const loadNear = useCallback(() => {
    const view = list.current;
    if (!view?.viewportSize || busy) return;
    const below = view.scrollSize - view.scrollOffset - view.viewportSize;
    if (hasOlder && view.scrollOffset < NEAR) loadOlder();
    else if (hasNewer && below < NEAR) loadNewer();
  }, [busy, hasOlder, hasNewer, loadOlder, loadNewer]);

  const measure = useCallback(() => {
    const box = scroller.current;
    if (!box) return;
    const atEnd = !hasNewer && box.scrollHeight - box.scrollTop - box.clientHeight < AT_END;
    if (!atEnd && settling.current) return;
    follows.current = atEnd;
    onAtEnd(atEnd);
    loadNear();
  }, [hasNewer, onAtEnd, loadNear]);

  const lookSoon = useShown(lines, list, (first, last) => {
    // What one was led to may have been on the screen: nothing was scrolled then.
    measure();
    onShown(first, last, hopped.current);
    hopped.current = false;
  });
  const onScroll = useCallback(() => {
    measure();
    lookSoon();
  }, [measure, lookSoon]);

  const onResize = useCallback(() => {
    lookSoon();
    if (follows.current && !hasNewer) toEnd();
    const view = list.current;
    // Lines that don't fill the screen can't be scrolled: nothing else would fetch more.
    if (view && view.scrollSize <= view.viewportSize) loadNear();
  }, [hasNewer, toEnd, loadNear, lookSoon]);

  const goTo = useCallback((index: number, align: 'start' | 'center') => {
    follows.current = false;
    settling.current = false;
    hopped.current = true;
    const offset = align === 'start' ? -ABOVE : 0;
    list.current?.scrollToIndex(index, { align, offset });
  }, []);

  useLayoutEffect(() => {
    const fresh = seen.current.generation !== shape.generation && shape.length > 0;
    if (fresh) {
      seen.current.generation = shape.generation;
      hopped.current = true;
    }
    const wanted = target !== seen.current.target ? target : undefined;
    const index = wanted ? indexOfTarget(wanted, lines, unread) : -1;
    if (index >= 0) {
      // Nor to where it was to land.
      Object.assign(seen.current, { target, landing });
      goTo(index, wanted?.unread ? 'start' : 'center');
      return;
    }
    const lands = landing !== seen.current.landing && unread !== 'awaited';
    if (lands) seen.current.landing = landing;
    if (lands && landing && typeof unread === 'number') goTo(unread, 'start');
    // What is added to a list is followed by onResize, once it is known how high it is: it would
    // be gone to by a guess here, and again when it is measured.
    else if (fresh && !hasNewer) toEnd();
  }, [lines, shape, target, landing, unread, hasNewer, toEnd, goTo]);

  const onScrollEnd = useCallback(() => {
    settling.current = false;
    onScroll();
  }, [onScroll]);
  const goToEnd = useCallback(() => {
    // A reader who is there already follows what was just said.
    if (!follows.current) toEnd();
  }, [toEnd]);
  const onTouch = useCallback(() => {
    settling.current = false;
    seen.current.landing = landing;
  }, [landing]);
  const onWheel = useCallback(
    ({ deltaY }: { deltaY: number }) => {
      onTouch();
      // The list is about to leave its end: a line that is measured before must not hold it there.
      if (deltaY < 0 && scroller.current?.scrollTop) follows.current = false;
    },
    [onTouch],
  );
  return { scroller, list, onScroll, onScrollEnd, onResize, onTouch, onWheel, toEnd: goToEnd };
}

/** The line of a message that is gone to; -1 while it is not among the lines. */
export function indexOfTarget(target: Target, lines: readonly Line[], unread: Unread): number {
  if (!target.unread) return lines.findIndex(({ seq }) => seq === target.seq);
  return typeof unread === 'number' ? unread : -1;
}
