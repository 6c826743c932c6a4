import { type RefObject, useCallback, useLayoutEffect, useRef } from 'react';
import type { VirtualizerHandle } from 'virtua';
import type { Line } from './lines.ts';
import type { Shape } from './shape.ts';

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
  target: { readonly seq: number } | undefined;
  /** Where to begin in a list that is new; undefined at the newest. */
  startAt: () => number | undefined;
  onAtEnd: (atEnd: boolean) => void;
}

export interface Scroll {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly list: RefObject<VirtualizerHandle | null>;
  readonly onScroll: () => void;
  readonly onScrollEnd: () => void;
  readonly onResize: () => void;
  /** The reader takes over: what was being scrolled to no longer matters. */
  readonly onTouch: () => void;
  readonly toEnd: () => void;
}

/**
 * Keeps a virtual list where its reader wants it: at the newest line while that is on the screen,
 * else at the line one reads, whatever comes at either end.
 */
export function useScroll(options: ScrollOptions): Scroll {
  const { lines, shape, hasOlder, hasNewer, busy, target, startAt, onAtEnd } = options;
  const { loadOlder, loadNewer } = options;
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  /** Whether the list follows what comes. */
  const follows = useRef(true);
  /** On its way to the end: lines are measured on the way, so it takes several steps. */
  const settling = useRef(false);
  const seen = useRef({ generation: -1, target: undefined as ScrollOptions['target'] });

  const toEnd = useCallback(() => {
    follows.current = true;
    settling.current = true;
    list.current?.scrollToIndex(shape.length - 1, { align: 'end' });
  }, [shape.length]);

  const loadNear = useCallback(() => {
    const view = list.current;
    if (!view?.viewportSize || busy) return;
    const below = view.scrollSize - view.scrollOffset - view.viewportSize;
    if (hasOlder && view.scrollOffset < NEAR) loadOlder();
    else if (hasNewer && below < NEAR) loadNewer();
  }, [busy, hasOlder, hasNewer, loadOlder, loadNewer]);

  const onScroll = useCallback(() => {
    const box = scroller.current;
    if (!box) return;
    const atEnd = !hasNewer && box.scrollHeight - box.scrollTop - box.clientHeight < AT_END;
    if (!atEnd && settling.current) return;
    follows.current = atEnd;
    onAtEnd(atEnd);
    loadNear();
  }, [hasNewer, onAtEnd, loadNear]);

  const onResize = useCallback(() => {
    if (follows.current && !hasNewer) toEnd();
    const view = list.current;
    // Lines that don't fill the screen can't be scrolled: nothing else would fetch more.
    if (view && view.scrollSize <= view.viewportSize) loadNear();
  }, [hasNewer, toEnd, loadNear]);

  useLayoutEffect(() => {
    const fresh = seen.current.generation !== shape.generation && shape.length > 0;
    const wanted = target !== seen.current.target ? target : undefined;
    const index = wanted ? lines.findIndex(({ seq }) => seq === wanted.seq) : -1;
    if (fresh) seen.current.generation = shape.generation;
    if (index >= 0) {
      seen.current.target = target;
      follows.current = false;
      settling.current = false;
      list.current?.scrollToIndex(index, { align: 'center' });
      return;
    }
    const start = fresh ? startAt() : undefined;
    if (start !== undefined) {
      follows.current = false;
      list.current?.scrollToIndex(start, { align: 'start', offset: -ABOVE });
    } else if ((fresh || (follows.current && !shape.shift)) && !hasNewer) toEnd();
  }, [lines, shape, target, startAt, hasNewer, toEnd]);

  const onScrollEnd = useCallback(() => {
    settling.current = false;
    onScroll();
  }, [onScroll]);
  const onTouch = useCallback(() => {
    settling.current = false;
  }, []);
  return { scroller, list, onScroll, onScrollEnd, onResize, onTouch, toEnd };
}
